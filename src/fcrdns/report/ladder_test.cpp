#include <gtest/gtest.h>

#include "fcrdns/report/ladder.hpp"

namespace fcrdns::report {
namespace {

dns::Name name(const std::string& text) { return dns::Name::parse(text).value(); }

resolver::Walk walk_to(const std::string& question, const std::vector<std::string>& zones, dns::Status status) {
  resolver::Walk walk;
  walk.question = {name(question), dns::Type::ptr, dns::Class::in};
  walk.root_reached = true;
  for (const auto& zone : zones) walk.rungs.push_back({name(zone), {name("ns1.host.example."), name("ns2.host.example.")}, false});
  walk.answer.status = status;
  resolver::ServerReport server;
  server.answer.status = status;
  walk.servers = {server, server};
  return walk;
}

/// 203.0.113.5 or 2001:db8::1, asked about and walked.
Result walked(const std::string& address, std::vector<resolver::Walk> walks, dns::Status ptr, const std::string& ptr_name = "",
              dns::Status forward = dns::Status::nxdomain) {
  Result result;
  auto& at = result.evidence.addresses.emplace_back();
  at.address = net::Address::parse(address).value();
  at.reverse = std::move(walks);
  at.ptr.status = ptr;
  if (!ptr_name.empty()) {
    auto& entry = at.names.emplace_back();
    entry.name = name(ptr_name);
    entry.usability = verdict::usability(entry.name, at.address);
    entry.own.status = is_usable(entry.usability) ? forward : dns::Status::unusable;
  }
  result.verdicts.push_back({verdict::Iprev::permerror, {}});
  result.owners.emplace_back();
  return result;
}

const std::vector<std::string> v4_zones{".", "arpa.", "in-addr.arpa.", "203.in-addr.arpa.", "113.0.203.in-addr.arpa."};
constexpr std::string_view down = ".  >  in-addr.arpa  >  203.in-addr.arpa (registry)  >  113.0.203.in-addr.arpa";

std::string line(const Result& result) { return ladder_text(ladder(result, 0), 0, 1000); }

}  // namespace

TEST(Ladder, IsEmptyWithoutAWalk) { EXPECT_TRUE(ladder(walked("203.0.113.5", {}, dns::Status::nxdomain), 0).empty()); }

TEST(Ladder, EndsWhereThereIsNoPtr) {
  const auto walk = walk_to("5.113.0.203.in-addr.arpa.", v4_zones, dns::Status::nxdomain);
  EXPECT_EQ(line(walked("203.0.113.5", {walk}, dns::Status::nxdomain)), std::string(down) + " (ns1.host.example +1)  >  x  no PTR\n");
}

TEST(Ladder, EndsAtServersThatDoNotAnswer) {
  auto walk = walk_to("5.113.0.203.in-addr.arpa.", v4_zones, dns::Status::refused);
  EXPECT_EQ(line(walked("203.0.113.5", {walk}, dns::Status::servfail)),
            ".  >  in-addr.arpa  >  203.in-addr.arpa (registry)  >  x  113.0.203.in-addr.arpa (its servers: refused)\n");
  walk.cyclic = true;
  EXPECT_TRUE(ladder(walked("203.0.113.5", {walk}, dns::Status::servfail), 0).back().broken);
  walk.root_reached = false;
  EXPECT_EQ(line(walked("203.0.113.5", {walk}, dns::Status::timeout)), "x  . (no root server answers from here)\n");
}

TEST(Ladder, SaysThatACacheIsBehindItsServers) {
  const auto walk = walk_to("5.113.0.203.in-addr.arpa.", v4_zones, dns::Status::noerror);
  const auto rungs = ladder(walked("203.0.113.5", {walk}, dns::Status::nxdomain), 0);
  EXPECT_EQ(rungs.back(), (Rung{"PTR", "a resolver still holds that there is none", false}));
}

TEST(Ladder, FollowsAnAliasIntoItsZoneAndTellsKnownZonesOnce) {
  auto parent = walk_to("5.113.0.203.in-addr.arpa.", v4_zones, dns::Status::noerror);
  parent.alias = name("5.0-63.113.0.203.in-addr.arpa.");
  auto zones = v4_zones;
  zones.emplace_back("0-63.113.0.203.in-addr.arpa.");
  const auto child = walk_to("5.0-63.113.0.203.in-addr.arpa.", zones, dns::Status::nodata);
  EXPECT_EQ(line(walked("203.0.113.5", {parent, child}, dns::Status::nodata)),
            std::string(down) + " (ns1.host.example +1)  >  CNAME 5.0-63.113.0.203.in-addr.arpa (RFC 2317)  >  "
                                "0-63.113.0.203.in-addr.arpa (ns1.host.example +1)  >  x  no PTR\n");
}

TEST(Ladder, GoesOnToTheWayBack) {
  const auto walk = walk_to("5.113.0.203.in-addr.arpa.", v4_zones, dns::Status::noerror);
  const auto missing = ladder(walked("203.0.113.5", {walk}, dns::Status::noerror, "mail.example.com."), 0);
  ASSERT_EQ(missing.size(), 6U);
  EXPECT_EQ(missing[4], (Rung{"PTR mail.example.com", "", false}));
  EXPECT_EQ(missing[5], (Rung{"no A", "", true}));
  EXPECT_EQ(ladder(walked("203.0.113.5", {walk}, dns::Status::noerror, "localhost."), 0).back(),
            (Rung{"PTR localhost", "not a host name", true}));
  auto confirmed = walked("203.0.113.5", {walk}, dns::Status::noerror, "mail.example.com.", dns::Status::noerror);
  confirmed.verdicts[0] = {verdict::Iprev::pass, 0};
  EXPECT_EQ(ladder(confirmed, 0).back(), (Rung{"A 203.0.113.5", "leads back", false}));
}

TEST(Ladder, ShortensTheZonesOfIpv6ButTheLast) {
  const auto walk = walk_to("1.0.ip6.arpa.", {".", "ip6.arpa.", "0.2.ip6.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa.", "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."},
                            dns::Status::nxdomain);
  EXPECT_EQ(line(walked("2001:db8::1", {walk}, dns::Status::nxdomain)),
            ".  >  ip6.arpa  >  2000::/8 (registry)  >  2001:db8::/32 (ns1.host.example +1)  >  "
            "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa (ns1.host.example +1)  >  x  no PTR\n");
}

TEST(Ladder, BreaksBetweenRungs) {
  const Rung rungs[] = {{"one", "", false}, {"two", "note", false}, {"three", "", true}};
  EXPECT_EQ(ladder_text(rungs, 2, 30), "  one  >  two (note)\n     >  x  three\n");
}

TEST(LadderSvg, HasOneBoxPerRungAndOneBroken) {
  const Rung rungs[] = {{"<one>", "", false}, {std::string(300, 'y'), "\"&'", true}};
  const auto svg = ladder_svg(rungs, "a < b");
  EXPECT_TRUE(svg.starts_with("<svg xmlns="));
  EXPECT_TRUE(svg.ends_with("</svg>"));
  EXPECT_NE(svg.find("<title>a &lt; b</title>"), svg.npos);
  EXPECT_NE(svg.find(">&lt;one&gt;</text>"), svg.npos);
  EXPECT_NE(svg.find("(&quot;&amp;&#39;)"), svg.npos);
  EXPECT_NE(svg.find("prefers-color-scheme:dark"), svg.npos);
  EXPECT_EQ(svg.find(std::string(120, 'y')), svg.npos) << "cut where nobody reads on";
  std::size_t boxes = 0, broken = 0;
  for (auto at = svg.find("<rect "); at != svg.npos; at = svg.find("<rect ", at + 1)) ++boxes;
  for (auto at = svg.find("<g class=\"x\">"); at != svg.npos; at = svg.find("<g class=\"x\">", at + 1)) ++broken;
  EXPECT_EQ(boxes, 2U);
  EXPECT_EQ(broken, 1U);
}

}  // namespace fcrdns::report
