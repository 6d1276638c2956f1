#include "fcrdns/resolver/delegations.hpp"

#include <gtest/gtest.h>

namespace fcrdns::resolver {
namespace {

constexpr std::uint64_t seed = 1;

net::Endpoint at(const char* address) { return {net::Address::parse(address).value(), 53}; }
dns::Name name_of(const char* text) { return dns::Name::parse(text).value(); }

Delegations made(Delegations::Limits limits = {}) { return {{at("198.51.100.1")}, {}, seed, limits}; }
Delegation delegation(const char* apex, const char* server, const char* address) {
  Delegation out{.apex = name_of(apex), .nameservers = {name_of(server)}};
  if (*address != '\0') out.glue[name_of(server)] = {net::Address::parse(address).value()};
  return out;
}
Index deepest(Delegations& known, const char* text, base::SteadyTime now) {
  const auto name = name_of(text);
  return known.deepest(name, known.suffixes(name), now);
}

constexpr base::SteadyTime start{base::Seconds{1000}};

TEST(Delegations, the_deepest_known_zone_is_found) {
  auto known = made();
  const auto arpa = known.add(delegation("arpa.", "ns.arpa.", "198.51.100.2"), 3600, start);
  const auto ten = known.add(delegation("10.in-addr.arpa.", "ns.example.", "198.51.100.3"), 3600, start);
  EXPECT_EQ(deepest(known, "1.2.3.10.in-addr.arpa.", start), ten);
  EXPECT_EQ(deepest(known, "10.IN-ADDR.arpa.", start), ten);
  EXPECT_EQ(deepest(known, "1.2.3.110.in-addr.arpa.", start), arpa);
  EXPECT_EQ(deepest(known, "mail.example.", start), 0U);
}

TEST(Delegations, a_cut_is_believed_for_its_ttl_within_bounds) {
  auto known = made();
  const auto brief = known.add(delegation("brief.", "ns.brief.", "198.51.100.2"), 0, start);
  const auto lasting = known.add(delegation("lasting.", "ns.lasting.", "198.51.100.2"), 0x7fff'ffff, start);
  EXPECT_EQ(deepest(known, "a.brief.", start + Delegations::shortest - base::Seconds{1}), brief);
  EXPECT_EQ(deepest(known, "a.brief.", start + Delegations::shortest), 0U);
  EXPECT_EQ(deepest(known, "a.lasting.", start + Delegations::longest - base::Seconds{1}), lasting);
  EXPECT_EQ(deepest(known, "a.lasting.", start + Delegations::longest), 0U);
}

TEST(Delegations, what_is_pinned_stays_and_what_was_not_used_goes) {
  auto known = made({.zones = 3});
  const auto pinned = known.add(delegation("a.", "ns.a.", "198.51.100.2"), 3600, start);
  known.zone(pinned).pins = 1;
  ASSERT_NE(known.add(delegation("b.", "ns.b.", "198.51.100.2"), 3600, start), nobody);
  ASSERT_NE(known.add(delegation("c.", "ns.c.", "198.51.100.2"), 3600, start), nobody);
  EXPECT_EQ(known.zone_count(), 3U);
  EXPECT_EQ(deepest(known, "x.a.", start), pinned);
  EXPECT_EQ(deepest(known, "x.b.", start), 0U);
}

TEST(Delegations, servers_that_were_looked_up_get_their_seats) {
  auto known = made();
  const auto index = known.add(delegation("a.", "ns.elsewhere.", ""), 3600, start);
  auto& zone = known.zone(index);
  EXPECT_TRUE(zone.seats.empty());
  EXPECT_FALSE(known.seat(zone, start));
  auto& host = known.host(known.find_host(name_of("ns.elsewhere."), start));
  host.addresses = {net::Address::parse("198.51.100.9").value(), net::Address::parse("255.255.255.255").value()};
  host.state = Nameserver::State::known;
  host.expires = start + base::Seconds{60};
  EXPECT_TRUE(known.seat(zone, start));
  ASSERT_EQ(zone.seats.size(), 1U);  // no server can be at the other one
  EXPECT_EQ(known.server(zone.seats[0].server).endpoint, at("198.51.100.9"));
}

/// Names that meet in one set do not push each other out in turns, as long as few of them are asked for.
TEST(Delegations, names_that_meet_stay_known_while_they_are_asked_for) {
  constexpr std::uint64_t apart = 1U << 20;
  auto known = made();
  const auto name = [](std::uint64_t i) { return 7 + i * apart; };
  EXPECT_TRUE(known.may_be_cut(name(0)));
  for (std::uint64_t i = 0; i < 4; ++i) known.note_plain(name(i));
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_FALSE(known.may_be_cut(name(i)));
  for (std::uint64_t i = 4; i < 100; ++i) {
    EXPECT_FALSE(known.may_be_cut(name(0))) << i;
    known.note_plain(name(i));
  }
  EXPECT_TRUE(known.may_be_cut(name(50)));
}

}  // namespace
}  // namespace fcrdns::resolver
