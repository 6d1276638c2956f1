#include "fcrdns/resolver/scripted.hpp"

#include <gtest/gtest.h>

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;

constexpr std::string_view text = R"(
$SERVER root. 198.41.0.4
$SERVER good. 192.0.2.1
$SERVER dead. 192.0.2.2 mode=timeout
$SERVER mute. 192.0.2.3 udp=silent tcp=silent
$SERVER slow. 192.0.2.4 delay=40ms
$SERVER refusing. 192.0.2.5 mode=refused
$SERVER short. 192.0.2.6 mode=truncated
$SERVER short-mute. 192.0.2.7 mode=truncated tcp=silent
$ZONE . root. signed
$ZONE example. good. signed
host A 192.0.2.10
alias CNAME other.plain.
out CNAME host.dead.
last CNAME none
self CNAME self
$GENERATE 1-300 many A 192.0.3.1
a-servfail A !servfail
a-refused A !refused
a-formerr A !formerr
a-notimp A !notimp
a-badvers A !badvers
a-timeout A !timeout
a-malformed A !malformed
a-lame A !lame
a-referral A !referral
a-no_soa A !no_soa
a-wrong_id A 192.0.2.11 !wrong_id
a-truncated A 192.0.2.11 !truncated
a-lower_case A 192.0.2.11 !lower_case
a-no_edns A 192.0.2.11 !no_edns
a-drop_edns A 192.0.2.11 !drop_edns
a-drop_first A 192.0.2.11 !drop_first
a-bad_then_good A 192.0.2.11 !bad_then_good
late A 192.0.2.12 !delay=150ms
later A 192.0.2.12 !delay=20s
$ZONE plain. slow.
other A 192.0.2.20
$ZONE dead. dead. mute.
host A 192.0.2.21
$ZONE sub.dead. good.
host A 192.0.2.21
$ZONE half. dead. slow. refusing.
host A 192.0.2.22
$ZONE no-good. dead. refusing.
$ZONE listed-only. lame=good.
$ZONE bogus. good. bogus
host A 192.0.2.23
$ZONE sub.bogus. good. signed
host A 192.0.2.23
$ZONE expired. good. expired
$ZONE island.plain. good. bogus
host A 192.0.2.24
$ZONE short. short.
$ZONE short-mute. short-mute.
)";

struct Row {
  std::string_view asked;
  dns::Status status;
  Dnssec dnssec;
  int ms = 0;             ///< how long it took
  std::size_t via = 0;    ///< aliases followed
  bool over_tcp = false;
};

class ScriptedTest : public testing::Test {
 protected:
  static dns::Question question(std::string_view name) {
    return {dns::Name::parse(name).value(), dns::Type::a, dns::Class::in};
  }
  world::World world = world::parse_world(text).value();
};

TEST_F(ScriptedTest, Answers) {
  using enum dns::Status;
  constexpr auto secure = Dnssec::secure, insecure = Dnssec::insecure, unknown = Dnssec::unknown;
  const Row rows[] = {
      {"host.example", noerror, secure},
      {"none.example", nxdomain, secure},
      {"example", nodata, secure},
      {"nowhere", nxdomain, secure},
      {"alias.example", noerror, insecure, 40, 1},
      {"last.example", nxdomain, secure, 0, 1},
      {"self.example", loop, unknown, 0, 16},
      {"many.example", noerror, secure, 0, 0, true},
      {"a-servfail.example", servfail, unknown},
      {"a-refused.example", refused, unknown},
      {"a-formerr.example", formerr, unknown},
      {"a-notimp.example", servfail, unknown},
      {"a-badvers.example", servfail, unknown},
      {"a-timeout.example", timeout, unknown, 10000},
      {"a-malformed.example", malformed, unknown},
      {"a-lame.example", lame, unknown},
      {"a-referral.example", lame, unknown},
      {"a-no_soa.example", lame, unknown},
      {"a-wrong_id.example", noerror, secure},
      {"a-truncated.example", noerror, secure, 0, 0, true},
      {"a-lower_case.example", noerror, secure},
      {"a-no_edns.example", noerror, secure},
      {"a-drop_edns.example", noerror, secure},
      {"a-drop_first.example", noerror, secure},
      {"a-bad_then_good.example", noerror, secure},
      {"late.example", noerror, secure, 150},
      {"later.example", timeout, unknown, 10000},
      {"host.dead", timeout, unknown, 10000},
      {"host.sub.dead", timeout, unknown, 10000},      // the delegation cannot be reached
      {"out.example", timeout, unknown, 10000},
      {"host.half", noerror, insecure, 40},            // one good server is enough
      {"host.no-good", refused, unknown},              // a refusal says more than silence
      {"host.listed-only", lame, unknown},
      {"host.bogus", bogus, Dnssec::bogus},
      {"host.sub.bogus", bogus, Dnssec::bogus},
      {"host.expired", bogus, Dnssec::bogus},
      {"host.island.plain", noerror, insecure},        // nothing signs the way there: not validated
      {"host.short", nxdomain, insecure, 0, 0, true},
      {"host.short-mute", timeout, unknown, 10000},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.asked);
    Scripted resolver(world);
    std::optional<Answer> got;
    resolver.ask(question(row.asked), resolver.now() + Milliseconds(10000), [&](Answer a) { got = std::move(a); });
    EXPECT_FALSE(got);  // never from inside ask
    ASSERT_TRUE(resolver.wait(Milliseconds(10000)));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, row.status);
    EXPECT_EQ(got->dnssec, row.dnssec);
    EXPECT_EQ(got->answered - got->asked, Milliseconds(row.ms));
    EXPECT_EQ(resolver.now(), got->answered);
    EXPECT_EQ(got->via.size(), row.via);
    EXPECT_EQ(got->over_tcp, row.over_tcp);
    EXPECT_EQ(got->soa.has_value(), dns::is_negative(row.status));
    EXPECT_EQ(got->records.empty(), row.status != noerror);
    EXPECT_EQ(got->attempts.size(), 1U);
  }
}

TEST_F(ScriptedTest, FollowsSixteenAliasesAndNoMore) {
  std::string chain = "$ZONE example.\n";
  for (int i = 0; i < 17; ++i) chain += "n" + std::to_string(i) + " CNAME n" + std::to_string(i + 1) + "\n";
  const auto long_chain = world::parse_world(chain + "n17 A 192.0.2.1\n").value();
  Scripted resolver(long_chain);
  std::vector<dns::Status> got;
  for (const auto* name : {"n1.example", "n0.example"})
    resolver.ask(question(name), resolver.now() + Milliseconds(1000), [&](Answer a) { got.push_back(a.status); });
  while (resolver.wait(Milliseconds(0))) continue;
  EXPECT_EQ(got, (std::vector{dns::Status::noerror, dns::Status::loop}));
}

TEST_F(ScriptedTest, RemembersWhatTheWorldSaysIsHeld) {
  const auto held = world::parse_world(R"(
$ZONE example. negative=900
new   A     192.0.2.1
moved A     192.0.2.2
alias CNAME new
$CACHED new.example.   120 A !nxdomain
$CACHED moved.example. 60  A 192.0.2.77
)").value();
  Scripted resolver(held);
  std::vector<Answer> got;
  for (const auto* name : {"new.example", "moved.example", "alias.example"})
    resolver.ask(question(name), resolver.now() + Milliseconds(1000), [&](Answer a) { got.push_back(std::move(a)); });
  while (resolver.wait(Milliseconds(0))) continue;
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(got[0].status, dns::Status::nxdomain);
  EXPECT_EQ(dns::negative_ttl(got[0].soa.value()), 120U);
  EXPECT_EQ(dns::to_text(got[1].records.at(0)), "moved.example. 60 IN A 192.0.2.77");
  EXPECT_EQ(got[2].status, dns::Status::nxdomain);
}

TEST_F(ScriptedTest, QuestionsAskedAtOnceRunAtOnce) {
  Scripted resolver(world);
  std::vector<std::string> order;
  const auto deadline = resolver.now() + Milliseconds(500);
  const auto note = [&](std::string word) { return [&order, word](Answer) { order.push_back(word); }; };
  resolver.ask(question("a-timeout.example"), deadline, note("timeout"));
  resolver.ask(question("late.example"), deadline, note("late"));
  resolver.ask(question("host.example"), deadline, [&](Answer) {
    order.push_back("host");
    resolver.ask(question("other.plain"), deadline, note("next"));
  });
  EXPECT_TRUE(resolver.wait(Milliseconds(10)));
  EXPECT_FALSE(resolver.wait(Milliseconds(10)));  // nothing due: only time goes by
  EXPECT_EQ(resolver.now().time_since_epoch(), Milliseconds(10));
  while (resolver.wait(Milliseconds(500))) continue;
  EXPECT_EQ(order, (std::vector<std::string>{"host", "next", "late", "timeout"}));
  EXPECT_EQ(resolver.asked().size(), 4U);
  EXPECT_EQ(resolver.asked().back(), question("other.plain"));
}

}  // namespace
}  // namespace fcrdns::resolver
