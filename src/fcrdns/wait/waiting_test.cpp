// The waiting in a played time: what is seen when, and how and when it ends.
#include "fcrdns/wait/waiting.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "fcrdns/wait/words.hpp"

namespace fcrdns::wait {
namespace {

using base::Milliseconds;
using base::Seconds;
using propagation::Holds;
using propagation::Side;
using propagation::Sight;

constexpr base::WallTime begin{Milliseconds{1'795'266'120'000}};  // 2026-11-21T13:02:00Z
dns::Name name(const char* text) { return dns::Name::parse(text).value(); }
const propagation::Goal goal{net::Address::parse("203.0.113.5").value(), name("mail.example")};

propagation::Holder server(Side side, const char* called, Holds holds, const char* said) {
  return {.side = side, .zone = name("example"), .server = name(called), .endpoint = net::Endpoint::parse("192.0.2.1").value(), .holds = holds, .said = said};
}
propagation::Holder cache(Holds holds, const char* said, std::optional<int> left = {}) {
  return {.cache = true, .endpoint = net::Endpoint::parse("192.0.2.53").value(), .holds = holds, .said = said,
          .left = left ? std::optional(Seconds{*left}) : std::nullopt};
}
/// The PTR is missing, held for 600 s; the forward side is long right.
Sight missing() {
  Sight out;
  out.forward_right = true;
  out.reverse_hold = 600;
  out.holders = {server(Side::forward, "ns1.host", Holds::right, "203.0.113.5"), server(Side::reverse, "ns2.host", Holds::absent, "NXDOMAIN")};
  return out;
}
Sight right(std::vector<propagation::Holder> caches = {}) {
  Sight out;
  out.forward_right = out.reverse_right = true;
  out.holders = {server(Side::forward, "ns1.host", Holds::right, "203.0.113.5"), server(Side::reverse, "ns2.host", Holds::right, "mail.example.")};
  for (auto& each : caches) out.holders.push_back(std::move(each));
  return out;
}
Sight with_silent_server() {
  auto out = right();
  out.reverse_open = true;
  out.holders.push_back(server(Side::reverse, "ns3.host", Holds::unknown, "no answer"));
  return out;
}

Sight into_the_dark() {
  Sight out;
  out.forward_open = out.reverse_open = out.blind = true;
  return out;
}

/// A sight for each time; each look takes 200 ms.
class Played final : public Surroundings {
 public:
  explicit Played(std::function<Sight(int second)> seen) : seen_(std::move(seen)) {}
  base::WallTime now() override { return now_; }
  Sight look(const Sight*, Milliseconds longest) override {
    auto out = seen_(second());
    out.time = now_;
    out.took = std::min(Milliseconds{200}, longest);
    now_ = out.end();
    ++looks;
    budget = longest;
    return out;
  }
  bool pause(Milliseconds how_long) override {
    EXPECT_GT(how_long, Milliseconds{0});
    EXPECT_LE(how_long, Seconds{1});
    now_ += how_long;
    return !interrupted();
  }
  bool interrupted() override { return second() >= interrupt_at; }
  void show(const State& state) override {
    ++shown;
    last = headline(goal, state, now_);
  }
  [[nodiscard]] int second() const { return static_cast<int>((now_ - begin) / Seconds{1}); }

  int looks = 0, shown = 0, interrupt_at = 1'000'000;
  Milliseconds budget{};
  std::string last;

 private:
  std::function<Sight(int)> seen_;
  base::WallTime now_ = begin;
};

struct Row {
  const char* what;
  Patience patience;
  std::function<Sight(int second)> seen;
  Result result;
  int ends_at;
};
Patience for_earliest() { return {.until = Until::earliest}; }
Patience at_most(int seconds) { return {.longest = Seconds{seconds}}; }

TEST(Waiting, ends_when_it_is_over) {
  const auto turns_right_at = [](int when) { return [when](int second) { return second < when ? missing() : right(); }; };
  const Row rows[] = {
      {"all is right, nothing may be held", {}, turns_right_at(0), Result::safe, 2},  // a second is added, and rounded up
      {"never right, no patience", at_most(60), turns_right_at(100), Result::timeout, 60},
      {"no more patience than an eye blink", {.longest = Milliseconds{1}}, turns_right_at(100), Result::timeout, 0},
      {"right at the look at 5.2 s, held for 600 s", {}, turns_right_at(5), Result::safe, 607},
      {"the caches seen are enough", for_earliest(), turns_right_at(5), Result::safe, 7},
      {"right, but its caches let go too late", at_most(60), turns_right_at(5), Result::timeout, 60},
      {"a cache holds it for 100 s", for_earliest(), [](int s) { return s < 5 ? missing() : right({cache(Holds::absent, "NXDOMAIN", std::max(105 - s, 0))}); }, Result::safe, 107},
      {"a cache lets go early, as it was emptied", for_earliest(), [](int s) { return s < 5 ? missing() : s < 60 ? right({cache(Holds::absent, "NXDOMAIN", 1000 - s)}) : right({cache(Holds::nothing, "")}); }, Result::safe, 72},
      {"a server that never answers is believed dead at the third look", for_earliest(), [](int) { return with_silent_server(); }, Result::safe, 13},
      {"one that is silent once is asked again", for_earliest(), [](int s) { return s < 4 ? with_silent_server() : right(); }, Result::safe, 5},
      {"nothing is ever seen", {}, [](int) { return into_the_dark(); }, Result::blind, 13},
      {"an outage at the begin", for_earliest(), [](int s) { return s < 6 ? into_the_dark() : right(); }, Result::safe, 15},
      {"an outage later", for_earliest(), [](int s) { return s < 5 ? missing() : s < 500 ? into_the_dark() : right(); }, Result::safe, 527},
      {"it falls back, and time counts anew", {}, [](int s) { return s < 5 || (s >= 100 && s < 130) ? missing() : right(); }, Result::safe, 745},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    Played around(row.seen);
    const auto state = wait_for(row.patience, around);
    EXPECT_EQ(to_word(state.result), to_word(row.result));
    EXPECT_EQ(around.second(), row.ends_at);
    EXPECT_LE(around.looks, 4 + around.second() / 5);
    EXPECT_GE(around.shown, around.second());
  }
}

TEST(Waiting, can_be_interrupted) {
  Played around([](int) { return missing(); });
  around.interrupt_at = 42;
  EXPECT_EQ(wait_for({}, around).result, Result::interrupted);
  EXPECT_EQ(around.second(), 42);
}

TEST(Waiting, looks_no_longer_than_its_patience) {
  Played around([](int) { return missing(); });
  EXPECT_EQ(wait_for(at_most(7), around).result, Result::timeout);
  EXPECT_LE(around.budget, Seconds{2});
}

TEST(Waiting, backs_off) {
  const struct { int looks; std::uint32_t hold; int milliseconds; } rows[] = {
      {0, 0, 5000}, {1, 0, 7500}, {4, 0, 25313}, {5, 0, 30000}, {1000, 0, 30000}, {0, 3600, 5000}, {9, 3600, 30000},
      {0, 5, 1000}, {9, 5, 1000}, {0, 60, 5000}, {9, 60, 6000}, {9, 4'294'967'295, 30000}};
  for (const auto& [looks, hold, milliseconds] : rows) EXPECT_EQ(pause_after(looks, hold), Milliseconds{milliseconds}) << looks << " " << hold;
}

State state_of(Sight sight, Result result = Result::waiting, std::optional<base::WallTime> since = {}) {
  State out{};
  out.history = propagation::History(since);
  sight.time = begin;
  out.history.add(sight);
  out.sight = std::move(sight);
  out.result = result;
  return out;
}
Sight may_be_held(Sight sight, std::uint32_t seconds) {
  sight.reverse_before.hold = seconds;
  return sight;
}

TEST(Words, say_what_is_waited_for) {
  auto blocked = Sight{};
  blocked.forward_open = blocked.reverse_open = true;
  blocked.problem = "no root server can be reached from here";
  const struct { State state; const char* expected; } rows[] = {
      {State(), "looking"},
      {state_of(missing()), "waiting for ns2.host (NXDOMAIN)"},
      {state_of(blocked), "cannot look: no root server can be reached from here"},
      {state_of(may_be_held(right(), 3600)), "both zones right since 13:02 UTC; caches nobody can see: until 14:03 UTC (in 61 min)"},
      {state_of(may_be_held(right({cache(Holds::absent, "NXDOMAIN", 212)}), 3600)), "both zones right since 13:02 UTC; cache 192.0.2.53 holds the absence for 202 s more; caches nobody can see: until 14:03 UTC (in 61 min)"},
      {state_of(right({cache(Holds::other, "old.example.")})), "both zones right since 13:02 UTC; cache 192.0.2.53 holds an old answer"},
      {state_of(right(), Result::safe), "safe to send: both zones right since 13:02 UTC, and every cache has let go"},
      {state_of(with_silent_server(), Result::safe), "safe to send: both zones right since 13:02 UTC, and every cache has let go; no answer from ns3.host"},
      {state_of(may_be_held(right(), 3600), Result::safe), "safe to send to who uses the caches seen: both zones right since 13:02 UTC; caches nobody can see: until 14:03 UTC (in 61 min)"},
  };
  ::setenv("TZ", "UTC", 1);
  for (const auto& [state, expected] : rows) EXPECT_EQ(headline(goal, state, begin + Seconds{10}), expected);
  auto silent = state_of(with_silent_server());
  silent.silent_looks = 1;
  EXPECT_EQ(headline(goal, silent, begin), "both zones right since 13:02 UTC; caches nobody can see: until 13:02:01 UTC (in 1 s); asking once more: ns3.host (no answer)");
}

TEST(Words, make_a_table_and_lines) {
  const auto state = state_of(right({cache(Holds::absent, "NXDOMAIN", 212), cache(Holds::unknown, "REFUSED")}));
  EXPECT_EQ(holders_table(goal, state, begin + Seconds{12}),
            "  mail.example A 203.0.113.5\n"
            "    ns1.host  192.0.2.1  right  203.0.113.5\n"
            "  5.113.0.203.in-addr.arpa PTR mail.example\n"
            "    ns2.host  192.0.2.1   right   mail.example.\n"
            "    cache     192.0.2.53  held    NXDOMAIN, 200 s more\n"
            "    cache     192.0.2.53  hidden  REFUSED: does not show its cache\n");
  const auto before = missing();
  EXPECT_EQ(changes(&before, *state_of(right()).sight), "2026-11-21T13:02:00Z reverse ns2.host 192.0.2.1 right  mail.example.\n");
  EXPECT_EQ(changes(&before, before), "");
}

TEST(Words, make_a_document) {
  const auto text = document(goal, state_of(right({cache(Holds::absent, "NXDOMAIN", 212)})), begin + Seconds{12}, 2);
  for (const auto* part : {R"("schema": "fcrdns/wait/1")", R"("hostname": "mail.example.")", R"("result": "waiting")", R"("left": 200)", R"("right_since": "2026-11-21T13:02:00Z")",
                           R"("right_since_known_by": "seen")", R"("basis": "observed")", R"("earliest": "2026-11-21T13:05:33Z")", R"("exit_code": 2)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  EXPECT_NE(document(goal, state_of(missing()), begin, 2).find(R"("safe_to_resend": null)"), std::string::npos);
}

}  // namespace
}  // namespace fcrdns::wait
