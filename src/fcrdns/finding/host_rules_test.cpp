// Each host finding where it must hold and where it must not: a row of ways, as short as can be.
#include "fcrdns/finding/host_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::finding {
namespace {

using host::Turn;
using verdict::Iprev;

net::Address address(std::string_view text) { return net::Address::parse(text).value(); }

struct Way {
  std::string_view source, outside;
  std::optional<Iprev> truth = Iprev::pass;
  Turn turn = Turn::always;
  KnownFrom from = KnownFrom::interface;
  std::string_view helo = "mail.example.com", of_helo = "", set_up = "", bind_ignored = "";
  std::string_view client = "smtp";
  bool relay = false;
};

WayOut made(const Way& way) {
  WayOut out;
  out.path.destination = "receiver.example";
  out.destinations = {"receiver.example"};
  if (!way.source.empty()) out.path.source = address(way.source);
  if (!way.outside.empty()) out.outside = address(way.outside);
  out.path.family = (way.source.empty() ? address(way.outside) : *out.path.source).family();
  out.path.turn = way.turn;
  out.path.client = way.client;
  out.path.helo = way.helo;
  out.path.via_relay = way.relay;
  out.path.next_hop = way.relay ? "relay.example.net" : "mx.receiver.example";
  if (!way.bind_ignored.empty()) out.path.bind_ignored = host::Set<net::Address>{address(way.bind_ignored), host::Origin{"/etc/main.cf", 4, "bind"}};
  out.truth = way.outside.empty() ? std::nullopt : way.truth;
  out.known_from = way.from;
  for (const auto text : base::words(way.of_helo)) out.of_helo.push_back(address(text));
  if (!way.set_up.empty()) out.set_up = {address(way.set_up)};
  return out;
}

/// Postfix with a client for IPv4 first, one that is bound by a general setting, and a plain one.
host::Mta postfix() {
  host::Mta out;
  for (const auto* name : {"smtp", "prefers4", "bound"}) out.clients.push_back({.name = name});
  out.clients[1].order = {host::Order::v4_first, host::Origin{"/etc/postfix/main.cf", 9, "smtp_address_preference = ipv4"}};
  out.routes = {{.client = "smtp", .relay = host::Relay{"relay.example.net", 25, false}, .origin = host::Origin{"/etc/postfix/main.cf", 5, "relayhost = x"}}};
  return out;
}

const std::vector<host::InterfaceAddress> here = {
    {.interface = "eth0", .address = address("203.0.113.5"), .prefix_length = 24},
    {.interface = "eth0", .address = address("203.0.113.6"), .prefix_length = 24},
    {.interface = "eth0", .address = address("2001:db8:1::1"), .prefix_length = 64},
    {.interface = "eth0", .address = address("2001:db8:1::aaaa"), .prefix_length = 64, .temporary = true, .permanent = false},
    {.interface = "eth0", .address = address("2001:db8:1::eeee"), .prefix_length = 64, .permanent = false, .by_advertisement = true},
};
const base::WallTime noon{base::Milliseconds{1'795'262'400'000}};

struct Case {
  std::string_view what;
  std::vector<Way> ways;
  std::vector<std::string> found;  ///< "error ID form address"
  std::vector<Quoted> quoted = {};
};

constexpr auto fail = Iprev::permerror;
const Case cases[] = {
    {"all is well", {{"2001:db8:1::1", "2001:db8:1::1"}, {"203.0.113.5", "203.0.113.5"}}, {}},
    {"the family trap", {{"2001:db8:1::1", "2001:db8:1::1", fail}, {"203.0.113.5", "203.0.113.5"}}, {"error ipv6_source_without_ptr 2001:db8:1::1"}},
    {"not when IPv4 fails too", {{"2001:db8:1::1", "2001:db8:1::1", fail}, {"203.0.113.5", "203.0.113.5", fail}}, {}},
    {"not when IPv6 is never taken", {{"2001:db8:1::1", "2001:db8:1::1", fail, Turn::never}, {"203.0.113.5", "203.0.113.5"}}, {}},
    {"not when it could not be decided", {{"2001:db8:1::1", "2001:db8:1::1", Iprev::temperror}, {"203.0.113.5", "203.0.113.5"}}, {}},
    {"not when a relay sends", {{"2001:db8:1::1", "2001:db8:9::1", fail, Turn::always, KnownFrom::relay, "mail.example.com", "", "", "", "smtp", true}},
     {"info leaves_via_relay"}},
    {"the half fix, IPv6 in order",
     {{"2001:db8:1::1", "2001:db8:1::1", Iprev::pass, Turn::after_refusal, KnownFrom::interface, "mail.example.com", "", "", "", "prefers4"}}, {}},
    {"the half fix", {{"2001:db8:1::1", "2001:db8:1::1", fail, Turn::after_refusal, KnownFrom::interface, "mail.example.com", "", "", "", "prefers4"}},
     {"error ipv4_preference_half_fix 2001:db8:1::1"}},
    {"the half fix, undecided",
     {{"2001:db8:1::1", "2001:db8:1::1", Iprev::temperror, Turn::after_refusal, KnownFrom::interface, "mail.example.com", "", "", "", "prefers4"}},
     {"info ipv4_preference_half_fix open 2001:db8:1::1"}},
    {"after a refusal by the server's own order", {{"2001:db8:1::1", "2001:db8:1::1", fail, Turn::after_refusal}}, {}},
    {"the other address has the name", {{"203.0.113.5", "203.0.113.5", fail, Turn::always, KnownFrom::interface, "mail.example.com", "203.0.113.6"}},
     {"error unexpected_source 203.0.113.5"}},
    {"the name has this one, too",
     {{"203.0.113.5", "203.0.113.5", fail, Turn::always, KnownFrom::interface, "mail.example.com", "203.0.113.6 203.0.113.5"}}, {}},
    {"its neighbour has the PTR", {{"203.0.113.5", "203.0.113.5", fail, Turn::always, KnownFrom::interface, "mail.example.com", "", "203.0.113.7"}},
     {"error unexpected_source neighbour 203.0.113.5"}},
    {"a name that leads far away", {{"203.0.113.5", "203.0.113.5", fail, Turn::always, KnownFrom::interface, "mail.example.com", "198.51.100.6"}}, {}},
    {"another name, but it passes", {{"203.0.113.5", "203.0.113.5", Iprev::pass, Turn::always, KnownFrom::interface, "mail.example.com", "203.0.113.6"}}, {}},
    {"receivers saw another one", {{"203.0.113.5", "203.0.113.5"}}, {"error unexpected_source log 198.51.100.9"},
     {{address("198.51.100.9"), 3, noon + std::chrono::hours{1}}}},
    {"before the configuration was changed", {{"203.0.113.5", "203.0.113.5"}}, {}, {{address("198.51.100.9"), 3, noon - std::chrono::hours{1}}}},
    {"receivers saw what is predicted", {{"203.0.113.5", "203.0.113.5"}}, {}, {{address("203.0.113.5"), 3, noon + std::chrono::hours{1}}}},
    {"behind NAT, told by bounces", {{"172.22.1.253", "203.0.113.5", Iprev::pass, Turn::always, KnownFrom::bounces}}, {"info source_behind_nat 203.0.113.5"}},
    {"behind NAT, assumed", {{"172.22.1.253", "203.0.113.5", Iprev::pass, Turn::always, KnownFrom::helo}}, {"info source_behind_nat assumed 203.0.113.5"}},
    {"behind NAT, not known", {{"fd00::5", "", {}, Turn::always, KnownFrom::none}}, {"info source_behind_nat unknown"}},
    {"temporary", {{"2001:db8:1::aaaa", "2001:db8:1::aaaa"}}, {"error random_ipv6_source temporary 2001:db8:1::aaaa"}},
    {"advertised, with a PTR", {{"2001:db8:1::eeee", "2001:db8:1::eeee"}}, {"warning random_ipv6_source advertised 2001:db8:1::eeee"}},
    {"advertised, without", {{"2001:db8:1::eeee", "2001:db8:1::eeee", fail}}, {"error random_ipv6_source advertised 2001:db8:1::eeee"}},
    {"bound to what is not there", {{"203.0.113.5", "203.0.113.5", Iprev::pass, Turn::always, KnownFrom::interface, "mail.example.com", "", "", "203.0.113.99"}},
     {"error bind_not_in_force 203.0.113.99"}},
    {"and mail waits", {{"", "203.0.113.5", {}, Turn::never, KnownFrom::none, "mail.example.com", "", "", "203.0.113.99"}},
     {"error bind_not_in_force stalls 203.0.113.99"}},
    {"a HELO that is none", {{"203.0.113.5", "203.0.113.5", Iprev::pass, Turn::always, KnownFrom::interface, "localhost"}}, {"error helo_invalid"}},
};

std::string line(const Finding& finding) {
  std::string out = std::string(to_word(finding.severity)) + " " + std::string(to_word(finding.id));
  if (const auto* form = argument(finding, "form")) out += " " + std::get<std::string>(*form);
  return finding.address ? out + " " + finding.address->text() : out;
}

TEST(HostRules, HoldWhereTheyMustAndNowhereElse) {
  const std::vector<host::Mta> senders{postfix()};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.what);
    std::vector<WayOut> ways;
    for (const auto& way : one.ways) ways.push_back(made(way));
    std::vector<std::string> found;
    for (const auto& finding : judge_host({senders, ways, here, one.quoted, noon, {}})) {
      found.push_back(line(finding));
      EXPECT_EQ((title(finding) + detail(finding)).find('{'), std::string::npos);
      EXPECT_EQ((title(finding) + detail(finding)).find("  "), std::string::npos) << title(finding) << detail(finding);
    }
    EXPECT_EQ(found, one.found);
  }
}

TEST(HostRules, ServiceThatStandsAboveTheGeneralBindAddress) {
  std::vector<host::Mta> senders{postfix()};
  senders[0].clients[2].bind = {{address("203.0.113.6"), host::Origin{"/etc/postfix/main.cf", 4, "smtp_bind_address = 203.0.113.6"}}};
  for (const auto truth : {Iprev::pass, Iprev::fail}) {
    const std::vector<WayOut> ways{made({"203.0.113.5", "203.0.113.5", truth})};
    const auto found = judge_host({senders, ways, here});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(line(found[0]), (truth == Iprev::pass ? "info" : "error") + std::string(" bind_not_in_force overridden 203.0.113.6"));
  }
}

TEST(HostRules, ContradictionsAreWarnings) {
  const std::vector<Contradiction> lies{{"mail.example.com", {"127.0.1.1"}, {"203.0.113.5"}, "/etc/hosts:3, written by cloud-init"}};
  const auto found = judge_host({.senders = {}, .ways = {}, .contradictions = lies});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(title(found[0]), "This machine sees mail.example.com otherwise than the world: 127.0.1.1 instead of 203.0.113.5");
  EXPECT_EQ(detail(found[0]).substr(0, 40), "By /etc/hosts:3, written by cloud-init. ");
}

TEST(HostRules, Rfc8601KnowsNoErrors) {
  const std::vector<host::Mta> senders{postfix()};
  const std::vector<WayOut> ways{made({"2001:db8:1::aaaa", "2001:db8:1::aaaa"})};
  EXPECT_EQ(judge_host({senders, ways, here}, Profile::rfc8601).front().severity, Severity::warning);
}

}  // namespace
}  // namespace fcrdns::finding
