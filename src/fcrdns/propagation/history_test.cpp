// Many sights, and when it is safe. One line per case; times are seconds after the first sight could be had.
#include <gtest/gtest.h>

#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::propagation {
namespace {

using base::Seconds;

constexpr base::WallTime begin{base::Milliseconds{1'795'266'120'000}};
base::WallTime at(int seconds) { return begin + Seconds{seconds}; }
dns::Name name(const char* text) { return dns::Name::parse(text).value(); }

/// All is right, and a cache may hold what stood there before for an hour (forward) or two (reverse).
struct Seen : Sight {
  explicit Seen(int when) {
    time = at(when);
    forward_right = reverse_right = true;
    forward_before = {.hold = 3600, .absence = 1800};
    reverse_before = {.hold = 7200, .absence = 7200};
  }
  Seen& reverse_wrong(std::uint32_t hold) { return reverse_right = false, reverse_hold = hold, *this; }
  Seen& forward_wrong(std::uint32_t hold) { return forward_right = false, forward_hold = hold, *this; }
  Seen& no_answer() { return forward_right = reverse_right = false, forward_open = reverse_open = true, *this; }
  Seen& one_dead() { return reverse_open = true, *this; }
  Seen& lagging() {  // some server does not answer, another says it is not there, with a TTL of 0
    holders.push_back({.side = Side::reverse, .holds = Holds::absent});
    return reverse_open = true, reverse_wrong(0);
  }
  Seen& lasted(int milliseconds) { return took = base::Milliseconds{milliseconds}, *this; }
  Seen& cache(Holds holds, std::optional<int> left = {}) {
    holders.push_back({.cache = true, .holds = holds, .left = left ? std::optional(Seconds{*left}) : std::nullopt});
    return *this;
  }
  Seen& by_alias(const char* target, std::uint32_t ttl = 0) {
    aliases.push_back({Side::reverse, name("5.113.0.203.in-addr.arpa"), name(target), ttl});
    return *this;
  }
};

struct Expected {
  int since, earliest, latest;
  History::Known known = History::Known::seen;
};
constexpr auto told = History::Known::told;
struct Row {
  const char* what;
  std::vector<Seen> sights;
  std::optional<Expected> expected;
  std::optional<int> changed{};
  std::pair<std::uint32_t, std::uint32_t> remembered{};  // forward, reverse
};

const std::vector<Row> rows{
    {"nothing seen yet", {}, {}},
    {"the reverse side is missing", {Seen(0).reverse_wrong(600)}, {}},
    {"the forward side is missing", {Seen(0).forward_wrong(600)}, {}},
    {"no server answers: nothing is known", {Seen(0).no_answer()}, {}},

    // Right at first sight: what may have stood there, for as long as it may be held.
    {"since when, nobody knows: from the first sight", {Seen(10)}, Expected{10, 11, 7211}},
    {"the end of the sight counts, rounded up", {Seen(10).lasted(2300)}, Expected{12, 14, 7214}},
    {"later sights do not move it", {Seen(10), Seen(400), Seen(800)}, Expected{10, 11, 7211}},
    {"the change is known", {Seen(1000)}, Expected{400, 401, 7601, told}, 400},
    {"a change that lies ahead is none", {Seen(1000)}, Expected{1000, 1001, 8201}, 5000},

    // Seen wrong, then right: from the sight that showed it right.
    {"the absence lives 10 minutes", {Seen(0).reverse_wrong(600), Seen(30)}, Expected{30, 31, 1801}},  // the name may have been missing until a moment before the first look
    {"both were wrong: each side for itself", {Seen(0).reverse_wrong(600).forward_wrong(300), Seen(30).reverse_wrong(600), Seen(90)}, Expected{90, 91, 691}},
    {"the longest that was seen counts", {Seen(0).reverse_wrong(9000).forward_wrong(60), Seen(5).reverse_wrong(600).forward_wrong(60), Seen(30)}, Expected{30, 31, 9031}},
    {"seen wrong after the change: the sight counts", {Seen(0).reverse_wrong(9000).forward_wrong(60), Seen(30)}, Expected{30, 31, 9031}, -100},
    {"right, wrong again, right again", {Seen(0), Seen(30).reverse_wrong(9000), Seen(60)}, Expected{60, 61, 9061}},
    {"right, and wrong again", {Seen(0), Seen(30).reverse_wrong(9000)}, {}},
    {"right, and one that does not answer: as it was", {Seen(0), Seen(30).one_dead()}, Expected{0, 1, 7201}},
    {"right, then no answer from anybody: as it was", {Seen(0), Seen(30).no_answer()}, Expected{0, 1, 7201}},
    {"a TTL of 0 is wrong all the same", {Seen(0), Seen(30).lagging(), Seen(60)}, Expected{60, 61, 1801}},
    {"held no longer than an earlier run saw", {Seen(50)}, Expected{50, 51, 951}, {}, {600, 900}},
    {"an earlier run, and when it changed something", {Seen(50)}, Expected{20, 21, 921, told}, 20, {600, 900}},

    // Caches.
    {"a cache holds the absence", {Seen(0).cache(Holds::absent, 500)}, Expected{0, 501, 7201}},
    {"of two caches the longer", {Seen(0).cache(Holds::absent, 500).cache(Holds::other, 900)}, Expected{0, 901, 7201}},
    {"the last sight counts", {Seen(0).cache(Holds::absent, 500), Seen(100).cache(Holds::absent, 400)}, Expected{0, 501, 7201}},
    {"a cache that has let go", {Seen(0).cache(Holds::absent, 500), Seen(501).cache(Holds::nothing)}, Expected{0, 1, 7201}},
    {"a cache that holds what is right", {Seen(0).cache(Holds::right, 3000)}, Expected{0, 1, 7201}},
    {"a cache that cannot be seen", {Seen(0).cache(Holds::unknown)}, Expected{0, 1, 7201}},
    {"a cache that does not say how long", {Seen(0).cache(Holds::other)}, Expected{0, 7201, 7201}},
    {"a cache that holds it longer than anybody may", {Seen(0).cache(Holds::other, 86400)}, Expected{0, 86401, 86401}},

    // Aliases: one that still leads the way is not what was wrong.
    {"missing behind an alias of a day", {Seen(0).reverse_wrong(600).forward_wrong(60).by_alias("5.customer.example", 86400), Seen(30).by_alias("5.customer.example")}, Expected{30, 31, 631}},
    {"the alias was what was wrong", {Seen(0).reverse_wrong(600).forward_wrong(60).by_alias("5.customer.example", 86400), Seen(30)}, Expected{30, 31, 86431}},
    {"the alias leads elsewhere now", {Seen(0).reverse_wrong(600).forward_wrong(60).by_alias("5.old.example", 7200), Seen(30).by_alias("5.new.example")}, Expected{30, 31, 7231}},
};

TEST(History, tells_when_it_is_safe) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    History history(row.changed ? std::optional(at(*row.changed)) : std::nullopt);
    history.remember(row.remembered.first, row.remembered.second);
    for (const auto& sight : row.sights) history.add(sight);
    const auto safe = history.safe();
    ASSERT_EQ(safe.has_value(), row.expected.has_value());
    if (!safe) continue;
    const auto seconds = [](base::WallTime time) { return std::chrono::floor<Seconds>(time - begin).count(); };
    EXPECT_EQ(seconds(*history.right_since()), row.expected->since);
    EXPECT_EQ(history.known(), row.expected->known);
    EXPECT_EQ(seconds(safe->earliest), row.expected->earliest);
    EXPECT_EQ(seconds(safe->latest), row.expected->latest);
  }
}

TEST(History, hands_out_what_to_remember) {
  History history;
  EXPECT_EQ(history.reverse_hold(), 0U);
  auto sight = Seen(0).reverse_wrong(600).forward_wrong(60).by_alias("5.customer.example", 86400);
  sight.aliases.push_back({Side::forward, name("mail.example"), name("old.example"), 7200});
  history.add(sight);
  EXPECT_EQ(history.reverse_hold(), 600U);
  EXPECT_EQ(history.forward_hold(), 7200U);
}

}  // namespace
}  // namespace fcrdns::propagation
