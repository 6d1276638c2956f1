// Who still holds what: worlds whose servers and caches show each thing that one can show, and a world that changes while
// it is looked at. One line per case.
#include "fcrdns/propagation/propagation.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fcrdns/base/text.hpp"
#include "walkable.hpp"

namespace fcrdns {
namespace {

using base::Seconds;
using propagation::Side;
using propagation::Sight;

const propagation::Goal goal{net::Address::parse("203.0.113.5").value(), dns::Name::parse("mail.example").value()};
const net::Endpoint cache = net::Endpoint::parse("192.0.2.53").value();

constexpr std::string_view servers = R"(
$SERVER a.root. 192.0.2.1
$SERVER ns1.host. 192.0.2.11
$SERVER ns2.host. 192.0.2.12
$SERVER dead.host. 192.0.2.13 udp=silent tcp=silent
$SERVER no.host. 192.0.2.14 mode=refused
$SERVER six.host. 2001:db8::6
$SERVER cache.host. 192.0.2.53
$ZONE . a.root.
$ZONE host. ns1.host.
)";
const std::string forward = "$ZONE example. ns1.host. ttl=600 negative=900 serial=2026010101\nmail A 203.0.113.5\n";
const std::string reverse = "$ZONE [203.0.113.0/24] ns1.host. ttl=7200 negative=900 serial=2026010101\n5 PTR mail.example.\n";
/// The reverse zone at both servers, the second with its own version of it.
std::string stale(const std::string& old) {
  return "$ZONE [203.0.113.0/24] ns1.host. lame=ns2.host. negative=900\n5 PTR mail.example.\n$ZONE [203.0.113.0/24] ns2.host. copy negative=600\n" + old + "\n";
}
/// The reverse name is an alias into a zone of the customer (RFC 2317).
std::string classless(const std::string& child) {
  return "$ZONE [203.0.113.0/24] ns1.host. negative=3600\n5 86400 CNAME 5.0-7\n$ZONE 0-7.113.0.203.in-addr.arpa. ns2.host. negative=900\n" + child + "\n";
}

/// What a cache sends back: an RCODE's word, "NAME TTL TYPE DATA", the same behind "authority "; nothing: silence.
using Lines = std::vector<std::string>;
resolver::ServerSays cache_says(const Lines& lines, base::OctetView query) {
  if (lines.empty()) return {};
  auto reply = dns::read_message(query).value();
  reply.response = true;
  for (auto line : lines) {
    if (line == "REFUSED") reply.rcode = dns::Rcode::refused;
    if (line == "SERVFAIL") reply.rcode = dns::Rcode::servfail;
    if (line == "NXDOMAIN") reply.rcode = dns::Rcode::nxdomain;
    const auto words = base::words(line.starts_with("authority ") ? std::string_view(line).substr(10) : std::string_view(line));
    if (words.size() < 4) continue;
    const auto type = dns::parse_type(words[2]).value();
    const auto data = dns::parse_rdata(type, {words[3].data(), line.data() + line.size()}, {}).value();
    auto& section = line.starts_with("authority ") ? reply.authority : reply.answers;
    section.push_back({dns::Name::parse(words[0]).value(), type, dns::Class::in, static_cast<std::uint32_t>(std::stoul(std::string(words[1]))), data});
  }
  return {{dns::write_message(reply)}, {}};
}

/// A world that may give way to another while time passes.
class Changing {
 public:
  explicit Changing(const std::string& text) { then(0, text); }
  Changing& then(int seconds, const std::string& text) {
    auto world = world::parse_world(std::string(servers) + text);
    if (!world) throw std::runtime_error(world.error().message);
    auto& next = *worlds_.emplace_back(std::make_unique<State>(scenarios::signed_world(std::move(*world))));
    next.from = base::SteadyTime{Seconds{seconds}};
    return *this;
  }
  Changing& cached(Lines lines) { return worlds_.back()->cache = std::move(lines), *this; }

  resolver::Scripted& resolver() {
    if (!resolver_)
      resolver_ = std::make_unique<resolver::Scripted>(worlds_.front()->world.world, [this](const world::Server& server, base::OctetView query, bool tcp, base::SteadyTime now) {
        auto* state = worlds_.front().get();
        for (const auto& each : worlds_)
          if (each->from <= now) state = each.get();
        if (server.name.text() == "cache.host.") return ++times_cache_asked_, cache_says(state->cache, query);
        auto response = state->responder.respond(server, query, tcp ? authority::Transport::tcp : authority::Transport::udp, now);
        return resolver::ServerSays{std::move(response.messages), response.delay};
      });
    return *resolver_;
  }
  Sight look(const Sight* before = nullptr, base::Milliseconds budget = Seconds{30}) {
    auto& asked = resolver();
    const auto now = scenarios::some_time + std::chrono::duration_cast<base::Milliseconds>(asked.now().time_since_epoch());
    return propagation::look(goal, {asked, {cache}, before}, budget, now, [] { return false; });
  }
  [[nodiscard]] int times_cache_asked() const { return times_cache_asked_; }

 private:
  struct State {
    explicit State(authority::SignedWorld signed_one) : world(std::move(signed_one)) {}
    authority::SignedWorld world;
    authority::Responder responder{world, base::secure_random()};
    base::SteadyTime from{};
    Lines cache{"REFUSED"};
  };
  std::vector<std::unique_ptr<State>> worlds_;
  std::unique_ptr<resolver::Scripted> resolver_;
  int times_cache_asked_ = 0;
};

std::string told(const propagation::Holder& holder) {
  return fmt::format("{} {} {}{}{}", holder.cache ? "cache" : holder.server->text(), to_word(holder.holds), holder.said,
                     holder.left ? fmt::format(" {} s", holder.left->count()) : "", holder.no_route ? " no route" : "");
}
/// "right open hold=900: ns1.host. absent NXDOMAIN; ..."
std::string told(const Sight& sight, Side side) {
  const bool is_forward = side == Side::forward;
  std::string out = (is_forward ? sight.forward_right : sight.reverse_right) ? "right" : "wrong";
  if (is_forward ? sight.forward_open : sight.reverse_open) out += " open";
  if (const auto hold = is_forward ? sight.forward_hold : sight.reverse_hold; hold > 0) out += fmt::format(" hold={}", hold);
  std::string between = ": ";
  for (const auto& holder : sight.holders)
    if (holder.side == side) out += between + told(holder), between = "; ";
  return out;
}

struct Row {
  const char* what;
  Side side;
  std::string world;
  Lines cache;
  const char* expected;
};
const Lines refused{"REFUSED"};
const std::string five = "5.113.0.203.in-addr.arpa. ", soa = "authority 113.0.203.in-addr.arpa. 120 SOA a. b. 1 2 3 4 900";

std::vector<Row> rows() {
  const auto r = Side::reverse;
  const auto f = Side::forward;
  return {
      // The authority.
      {"all is right", r, forward + reverse, refused, "right: ns1.host. right mail.example.; cache unknown REFUSED"},
      {"no PTR: the cache is not asked", r, forward + "$ZONE [203.0.113.0/24] ns1.host. negative=900\n", refused, "wrong hold=900: ns1.host. absent NXDOMAIN"},
      {"the name is there, the PTR not", r, forward + "$ZONE [203.0.113.0/24] ns1.host. negative=900\n5 TXT x\n", refused, "wrong hold=900: ns1.host. absent no such record"},
      {"an old name", r, forward + "$ZONE [203.0.113.0/24] ns1.host. ttl=7200\n5 PTR old.example.\n", refused, "wrong hold=7200: ns1.host. other old.example."},
      {"among several names", r, forward + "$ZONE [203.0.113.0/24] ns1.host.\n5 PTR mail.example.\n5 PTR old.example.\n", refused, "right: ns1.host. right mail.example., old.example.; cache unknown REFUSED"},
      {"other letters, the same name", r, forward + "$ZONE [203.0.113.0/24] ns1.host.\n5 PTR MAIL.Example.\n", refused, "right: ns1.host. right MAIL.Example.; cache unknown REFUSED"},
      {"a secondary without it", r, forward + stale(""), refused, "wrong hold=600: ns1.host. right mail.example.; ns2.host. absent NXDOMAIN"},
      {"a secondary with the old one", r, forward + stale("5 4000 PTR old.example."), refused, "wrong hold=4000: ns1.host. right mail.example.; ns2.host. other old.example."},
      {"a secondary with a former alias", r, forward + stale("5 5000 CNAME 5.old.example."), refused, "wrong hold=5000: ns1.host. right mail.example.; ns2.host. other alias to 5.old.example."},
      {"a dead secondary leaves it open", r, forward + "$ZONE [203.0.113.0/24] dead.host. ns1.host.\n5 PTR mail.example.\n", refused, "right open: dead.host. unknown no answer; ns1.host. right mail.example.; cache unknown REFUSED"},
      {"a refusing one too", r, forward + "$ZONE [203.0.113.0/24] no.host. ns1.host.\n5 PTR mail.example.\n", refused, "right open: no.host. unknown REFUSED; ns1.host. right mail.example.; cache unknown REFUSED"},
      {"no server answers: that may be remembered for five minutes", r, forward + "$ZONE [203.0.113.0/24] dead.host.\n5 PTR mail.example.\n", refused, "wrong open hold=300: dead.host. unknown no answer"},
      {"a server that cannot be reached from here proves nothing", r, forward + "$ZONE [203.0.113.0/24] ns1.host. six.host.\n5 PTR mail.example.\n", refused, "right: ns1.host. right mail.example.; six.host. unknown unreachable no route; cache unknown REFUSED"},
      {"no server can be reached from here", r, forward + "$ZONE [203.0.113.0/24] six.host.\n5 PTR mail.example.\n", refused, "wrong open: six.host. unknown unreachable no route"},

      // Aliases.
      {"by an alias", r, forward + classless("5 PTR mail.example."), refused, "right: ns1.host. right alias to 5.0-7.113.0.203.in-addr.arpa.; ns2.host. right mail.example.; cache unknown REFUSED"},
      {"missing at its end: the alias is not what is wrong", r, forward + classless(""), refused, "wrong hold=900: ns1.host. absent alias to 5.0-7.113.0.203.in-addr.arpa.; ns2.host. absent NXDOMAIN"},
      {"an alias in a circle", r, forward + "$ZONE [203.0.113.0/24] ns1.host.\n5 CNAME 6\n6 CNAME 5\n", refused, "wrong hold=3600: ns1.host. other alias to 6.113.0.203.in-addr.arpa.; ns1.host. other alias to 5.113.0.203.in-addr.arpa."},

      // The host name.
      {"its address", f, forward + reverse, refused, "right: ns1.host. right 203.0.113.5; cache unknown REFUSED"},
      {"no such name", f, "$ZONE example. ns1.host. negative=60\n" + reverse, refused, "wrong hold=60: ns1.host. absent NXDOMAIN"},
      {"of the other family only", f, "$ZONE example. ns1.host. negative=60\nmail AAAA 2001:db8::5\n" + reverse, refused, "wrong hold=60: ns1.host. absent no such record"},
      {"another address", f, "$ZONE example. ns1.host. ttl=300\nmail A 203.0.113.9\n" + reverse, refused, "wrong hold=300: ns1.host. other 203.0.113.9"},
      {"many others", f, "$ZONE example. ns1.host. ttl=300\nmail A 203.0.113.6\nmail A 203.0.113.7\nmail A 203.0.113.8\nmail A 203.0.113.9\n" + reverse, refused, "wrong hold=300: ns1.host. other 203.0.113.6, 203.0.113.7, 203.0.113.8, ..."},
      {"by an alias to another host", f, "$ZONE example. ns1.host. ttl=300\nmail CNAME www\nwww A 203.0.113.5\n" + reverse, refused, "right: ns1.host. right alias to www.example.; ns1.host. right 203.0.113.5; cache unknown REFUSED"},
      {"a hostile name is shown escaped", r, forward + "$ZONE [203.0.113.0/24] ns1.host. ttl=7200\n5 PTR \\027[31mred.example.\n", refused, "wrong hold=7200: ns1.host. other \\027[31mred.example."},

      // Caches.
      {"silent", r, forward + reverse, {}, "right: ns1.host. right mail.example.; cache unknown no answer"},
      {"in trouble", r, forward + reverse, {"SERVFAIL"}, "right: ns1.host. right mail.example.; cache unknown SERVFAIL"},
      {"it has what is right", r, forward + reverse, {five + "77 PTR mail.example."}, "right: ns1.host. right mail.example.; cache right mail.example. 77 s"},
      {"it has the old name", r, forward + reverse, {five + "77 PTR old.example."}, "right: ns1.host. right mail.example.; cache other old.example. 77 s"},
      {"it has the absence", r, forward + reverse, {"NXDOMAIN", soa}, "right: ns1.host. right mail.example.; cache absent NXDOMAIN 120 s"},
      {"it has the absence of the type", r, forward + reverse, {soa}, "right: ns1.host. right mail.example.; cache absent no such record 120 s"},
      {"it does not say how long", r, forward + reverse, {"NXDOMAIN"}, "right: ns1.host. right mail.example.; cache absent NXDOMAIN"},
      {"an empty answer", r, forward + reverse, {"NOERROR"}, "right: ns1.host. right mail.example.; cache nothing nothing"},
      {"a referral", r, forward + reverse, {"authority 203.in-addr.arpa. 60 NS ns1.host."}, "right: ns1.host. right mail.example.; cache nothing nothing"},
      {"the begin of the way", r, forward + classless("5 PTR mail.example."), {five + "60 CNAME 5.0-7.113.0.203.in-addr.arpa."}, "right: ns1.host. right alias to 5.0-7.113.0.203.in-addr.arpa.; ns2.host. right mail.example.; cache nothing nothing"},
      {"the absence at its end", r, forward + classless("5 PTR mail.example."), {"NXDOMAIN", five + "80000 CNAME 5.0-7.113.0.203.in-addr.arpa.", "authority 0-7.113.0.203.in-addr.arpa. 50 SOA a. b. 1 2 3 4 900"}, "right: ns1.host. right alias to 5.0-7.113.0.203.in-addr.arpa.; ns2.host. right mail.example.; cache absent NXDOMAIN 50 s"},
      {"a former alias", r, forward + reverse, {five + "4000 CNAME 5.old.example.", "5.old.example. 60 PTR old.example."}, "right: ns1.host. right mail.example.; cache other old.example. 4000 s"},
      {"a former alias alone", r, forward + reverse, {five + "4000 CNAME 5.old.example."}, "right: ns1.host. right mail.example.; cache other alias to 5.old.example. 4000 s"},
      {"each side by itself: the other is wrong", f, forward + "$ZONE [203.0.113.0/24] ns1.host.\n", {"mail.example. 30 A 203.0.113.9"}, "right: ns1.host. right 203.0.113.5; cache other 203.0.113.9 30 s"},
  };
}

TEST(Propagation, sees_who_holds_what) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.what);
    Changing internet(row.world);
    internet.cached(row.cache).resolver().network().cut_off(net::Family::v6);
    EXPECT_EQ(told(internet.look(), row.side), row.expected);
  }
}

TEST(Propagation, tells_what_may_have_stood_there_before) {
  const auto sight = Changing(forward + reverse).look();
  EXPECT_EQ(sight.forward_before.hold, 900U);
  EXPECT_EQ(sight.reverse_before.hold, 7200U);
  EXPECT_EQ(sight.reverse_before.absence, 900U);
}

TEST(Propagation, knows_nothing_when_no_root_answers) {
  Changing internet(forward + reverse);
  internet.resolver().network().cut_off(net::Family::v4);
  const auto sight = internet.look();
  EXPECT_TRUE(sight.blind);
  EXPECT_EQ(sight.problem, "no root server can be reached from here");
  EXPECT_EQ(told(sight, Side::reverse), "wrong open");
  EXPECT_EQ(told(sight, Side::forward), "wrong open");
}

TEST(Propagation, ends_in_its_time_and_when_told_to) {
  Changing slow(forward + "$ZONE [203.0.113.0/24] dead.host.\n");
  const auto sight = slow.look(nullptr, Seconds{2});
  EXPECT_LE(sight.took, Seconds{2});
  EXPECT_TRUE(sight.reverse_open);
  Changing other(forward + reverse);
  const auto stopped = propagation::look(goal, {other.resolver(), {cache}}, Seconds{30}, scenarios::some_time, [] { return true; });
  EXPECT_EQ(stopped.took, Seconds{0});
  EXPECT_TRUE(stopped.forward_open && stopped.reverse_open && !stopped.right());
  (void)other.resolver().wait(Seconds{5});  // what was under way reaches nobody
}

/// The primary has it after 20 s, the secondary after 50 s; a cache asked the secondary at 45 s.
TEST(Propagation, is_followed_to_its_end) {
  const std::string missing = "$ZONE [203.0.113.0/24] ns1.host. ns2.host. negative=600\n";
  Changing internet(forward + missing);
  internet.then(20, forward + stale("")).then(50, forward + "$ZONE [203.0.113.0/24] ns1.host. ns2.host. negative=600\n5 PTR mail.example.\n");
  internet.cached({"NXDOMAIN", "authority 113.0.203.in-addr.arpa. 585 SOA a. b. 1 2 3 4 600"});
  internet.then(660, forward + "$ZONE [203.0.113.0/24] ns1.host. ns2.host. negative=600\n5 PTR mail.example.\n").cached({"NOERROR"});
  const std::pair<int, std::string> expected[] = {
      {0, "wrong hold=600: ns1.host. absent NXDOMAIN; ns2.host. absent NXDOMAIN"},
      {30, "wrong hold=600: ns1.host. right mail.example.; ns2.host. absent NXDOMAIN"},
      {60, "right: ns1.host. right mail.example.; ns2.host. right mail.example.; cache absent NXDOMAIN 585 s"},
      {360, "right: ns1.host. right mail.example.; ns2.host. right mail.example.; cache absent NXDOMAIN 285 s"},
      {660, "right: ns1.host. right mail.example.; ns2.host. right mail.example.; cache nothing nothing"},
  };
  propagation::History history;
  std::optional<Sight> before;
  for (const auto& [when, line] : expected) {
    internet.resolver().network().pass_until(base::SteadyTime{Seconds{when}});
    before = internet.look(before ? &*before : nullptr);
    history.add(*before);
    EXPECT_EQ(told(*before, Side::reverse), line) << when;
    EXPECT_EQ(history.safe().has_value(), when >= 60) << when;
  }
  EXPECT_EQ(internet.times_cache_asked(), 2 + 5);  // the reverse side at 60 and 660 s; the forward side each time: refused
  const auto seconds = [](base::WallTime time) { return std::chrono::floor<Seconds>(time - scenarios::some_time).count(); };
  EXPECT_EQ(seconds(*history.right_since()), 60);
  EXPECT_EQ(seconds(history.safe()->earliest), 61);
  EXPECT_EQ(seconds(history.safe()->latest), 901);  // the name may have been missing until the first look
}

}  // namespace
}  // namespace fcrdns
