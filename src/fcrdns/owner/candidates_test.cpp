#include <gtest/gtest.h>

#include <fmt/format.h>

#include "fcrdns/owner/owner.hpp"
#include "fcrdns/owner/registered_domain.hpp"
#include "fcrdns/owner/registry_zone.hpp"

namespace fcrdns::owner {
namespace {

std::vector<dns::Name> names(std::initializer_list<const char*> texts) {
  std::vector<dns::Name> out;
  for (const auto* text : texts) out.push_back(*dns::Name::parse(text));
  return out;
}

/// "name|source|certainty", or "name [id]|source|certainty".
std::vector<std::string> shown(const std::vector<Candidate>& candidates) {
  std::vector<std::string> out;
  for (const auto& c : candidates)
    out.push_back(fmt::format("{}{}|{}|{}", c.name, c.provider.empty() ? "" : " [" + c.provider + "]", to_word(c.source),
                              to_word(c.certainty)));
  return out;
}

struct Case {
  const char* what;
  const char* address;
  const char* apex;
  std::initializer_list<const char*> nameservers, ptr;
  Registration registration;
  std::vector<std::string> expected;
};

Registration held_by(const char* organisation, const char* range = "", const char* contact = "") {
  return {.outcome = Registration::Outcome::found, .organisation = organisation, .range = range, .contact = contact};
}

void expect(const Case& c) {
  SCOPED_TRACE(c.what);
  const auto nameservers = names(c.nameservers), ptr = names(c.ptr);
  const ReverseFacts facts{.address = *net::Address::parse(c.address),
                           .apex = *c.apex ? std::optional(*dns::Name::parse(c.apex)) : std::nullopt,
                           .nameservers = nameservers,
                           .ptr_names = ptr,
                           .registration = c.registration.outcome == Registration::Outcome::found ? &c.registration : nullptr};
  EXPECT_EQ(shown(candidates(facts)), c.expected);
}

const char* const ip = "203.0.113.5";
const char* const apex = "113.0.203.in-addr.arpa";

TEST(Candidates, UnknownOperators) {
  const Case table[] = {
      {"nothing is known", ip, "", {}, {}, {}, {}},
      {"name servers of one operator", ip, apex, {"ns2.example.net", "ns1.example.net"}, {}, {},
       {"the operator of ns1.example.net|delegation|likely"}},
      {"one registered domain, several hosts below it", ip, apex, {"ns.a.example.co.uk", "ns.b.example.co.uk"}, {}, {},
       {"the operator of ns.a.example.co.uk|delegation|likely"}},
      {"a public suffix is no operator in common", ip, apex, {"ns.one.co.uk", "ns.two.co.uk"}, {}, {},
       {"the operator of ns.one.co.uk|delegation|likely", "the operator of ns.two.co.uk|delegation|likely"}},
      {"a secondary elsewhere is a hint", ip, apex, {"ns1.example.net", "ns2.example.net", "slave.example.org"}, {}, {},
       {"the operator of ns1.example.net|delegation|likely", "the operator of slave.example.org|delegation|hint"}},
      {"a registry's secondary is left out", ip, apex, {"ns1.example.net", "ns.ripe.net"}, {}, {},
       {"the operator of ns1.example.net|delegation|likely"}},
      {"customer-run zone: the servers in the PTR's own domain", ip, apex, {"ns1.example.com"}, {"mail.example.com"}, {},
       {"the operator of ns1.example.com|delegation|sure"}},
      {"classless: an apex below the octets", ip, "0-15.113.0.203.in-addr.arpa", {"ns1.example.com"}, {}, {},
       {"the operator of ns1.example.com|delegation|likely"}},
      {"an alias out of the reverse tree", ip, "rev.example.com", {"ns1.example.com"}, {}, {},
       {"the operator of ns1.example.com|delegation|likely"}},
      {"an octet that is no letter stays escaped", ip, apex, {"n\\010s.example.net"}, {}, {},
       {"the operator of n\\010s.example.net|delegation|likely"}},
  };
  for (const auto& c : table) expect(c);
}

TEST(Candidates, Registrants) {
  const auto org = held_by("Example Hosting GmbH");
  const Case table[] = {
      {"the registrant alone", ip, "", {}, {}, org, {"Example Hosting GmbH|rdap|likely"}},
      {"who runs the zone stands before who holds the block", ip, apex, {"ns1.example.net"}, {}, org,
       {"the operator of ns1.example.net|delegation|likely", "Example Hosting GmbH|rdap|likely"}},
      {"their mail goes to the servers' domain: one and the same", ip, apex, {"ns1.example.net"}, {},
       held_by("Example Hosting GmbH", "", "abuse@mail.example.net"), {"Example Hosting GmbH|delegation|sure"}},
      {"mail elsewhere: two candidates", ip, apex, {"ns1.example.net"}, {},
       held_by("Example Hosting GmbH", "", "abuse@example.org"),
       {"the operator of ns1.example.net|delegation|likely", "Example Hosting GmbH|rdap|likely"}},
      {"only the block has a name", ip, "", {}, {},
       {.outcome = Registration::Outcome::found, .network = "EXAMPLE-NET"}, {"the holder of EXAMPLE-NET|rdap|hint"}},
  };
  for (const auto& c : table) expect(c);
}

TEST(Candidates, RegistriesOwnZonesNameNobody) {
  const char* const registry[] = {"pri.authdns.ripe.net", "ns3.lacnic.net"};
  const char* const v6 = "2a01:db8::1";
  const Case table[] = {
      {"in-addr.arpa", ip, "in-addr.arpa", {"a.in-addr-servers.arpa"}, {}, {}, {}},
      {"the /8", ip, "203.in-addr.arpa", {"ns1.example.net"}, {}, {}, {}},
      {"ip6.arpa", v6, "ip6.arpa", {"a.ip6-servers.arpa"}, {}, {}, {}},
      {"the registry's /12", v6, "0.a.2.ip6.arpa", {registry[0]}, {}, {}, {}},
      {"old IPv6 space, /24", "2001:4f8::1", "4.0.1.0.0.2.ip6.arpa", {"r.arin.net"}, {}, {}, {}},
      {"a /16 on registries' servers", "134.1.2.3", "1.134.in-addr.arpa", {registry[0], registry[1]}, {}, {}, {}},
      {"a /8 with one holder", "203.0.113.5", "203.in-addr.arpa", {"ns1.example.net"}, {},
       held_by("Example", "203.0.0.0 - 203.255.255.255"),
       {"the operator of ns1.example.net|delegation|likely", "Example|rdap|likely"}},
      {"a block of IPv6 larger than most", "2400:2000::1", "2.0.0.4.2.ip6.arpa", {"ns1.example.net"}, {}, {},
       {"the operator of ns1.example.net|delegation|likely"}},
      {"the registrant is named even so", ip, "203.in-addr.arpa", {"ns1.apnic.net"}, {}, held_by("Example"),
       {"Example|rdap|likely"}},
  };
  for (const auto& c : table) expect(c);
}

TEST(Candidates, ProvidersOfTheCatalogue) {
  const auto amazon = {"x1.amazonaws.com", "x2.amazonaws.com", "x3.amazonaws.org", "x4.amazonaws.org"};
  const auto hetzner = {"ns1.your-server.de", "ns.second-ns.com", "ns3.second-ns.de"};
  const char *const ec2 = "13.112.0.0", *const ec2_zone = "112.13.in-addr.arpa";
  const char *const server = "88.198.1.2", *const server_zone = "198.88.in-addr.arpa";
  const Case table[] = {
      {"delegation and the octets of the PTR agree; the product on the same servers steps back", ec2, ec2_zone, amazon,
       {"ec2-13-112-0-0.ap-northeast-1.compute.amazonaws.com"}, {},
       {"Amazon EC2 (Elastic IP) [aws-ec2]|delegation|sure", "Amazon Lightsail [aws-lightsail]|delegation|hint"}},
      {"two products on the same servers, nothing tells them apart", ec2, ec2_zone, amazon, {"mail.example.com"}, {},
       {"Amazon EC2 (Elastic IP) [aws-ec2]|delegation|likely", "Amazon Lightsail [aws-lightsail]|delegation|likely"}},
      {"delegation and registrant agree", "216.218.1.2", "218.216.in-addr.arpa", {"ns1.he.net"}, {"mail.example.com"},
       held_by("Hurricane Electric LLC"), {"Hurricane Electric (colocation, transit) [he]|delegation|sure"}},
      {"the octets of the PTR alone", server, "", {}, {"static.2.1.198.88.clients.your-server.de"}, {},
       {"Hetzner Cloud [hetzner-cloud]|ptr|likely", "Hetzner Robot (dedicated) [hetzner-robot]|ptr|likely"}},
      {"a neighbour's default name is a hint", server, "", {}, {"static.9.1.198.88.clients.your-server.de"}, {},
       {"Hetzner Cloud [hetzner-cloud]|ptr|hint", "Hetzner Robot (dedicated) [hetzner-robot]|ptr|hint"}},
      {"servers that nobody confirmed are a hint beside their operator", server, server_zone, hetzner, {}, {},
       {"the operator of ns.second-ns.com|delegation|likely", "Hetzner Cloud [hetzner-cloud]|delegation|hint",
        "Hetzner Robot (dedicated) [hetzner-robot]|delegation|hint"}},
      {"two hints that agree are likely", server, server_zone, hetzner, {"mail.example.com"}, held_by("Hetzner Online GmbH"),
       {"Hetzner Cloud [hetzner-cloud]|delegation|likely", "Hetzner Robot (dedicated) [hetzner-robot]|delegation|likely"}},
      {"the registrant's name alone gives the provider as a hint only", ip, "", {}, {}, held_by("DigitalOcean, LLC"),
       {"DigitalOcean, LLC|rdap|likely", "DigitalOcean Droplets [digitalocean]|rdap|hint"}},
      {"a default name written into a stranger's zone proves nothing", ip, apex, {"ns1.example.net"},
       {"ec2-203-0-113-5.compute-1.amazonaws.com"}, {},
       {"the operator of ns1.example.net|delegation|likely", "Amazon EC2 (Elastic IP) [aws-ec2]|ptr|hint",
        "Amazon Lightsail [aws-lightsail]|ptr|hint"}},
      {"a zone hosted for its holder", ip, apex, {"ada.ns.cloudflare.com"}, {"mail.example.com"}, held_by("Example Ltd"),
       {"Reverse zone hosted at Cloudflare [cloudflare-zone]|delegation|likely", "Example Ltd|rdap|likely"}},
  };
  for (const auto& c : table) expect(c);
}

TEST(Candidates, AtMostFive) {
  const auto nameservers = names({"ns.a.example", "ns.b.example", "ns.c.example", "ns.d.example", "ns.e.example", "ns.f.example"});
  const ReverseFacts facts{.address = *net::Address::parse(ip), .apex = dns::Name::parse(apex).value(), .nameservers = nameservers};
  EXPECT_EQ(candidates(facts).size(), 5U);
}

TEST(RegisteredDomain, ByThePublicSuffixList) {
  EXPECT_EQ(registered_domain("NS1.dns.Example.CO.UK."), "example.co.uk");
  EXPECT_EQ(registered_domain("ns1.provider.example."), "provider.example");
  EXPECT_EQ(registered_domain("co.uk."), "");
  EXPECT_EQ(registered_domain("."), "");
}

TEST(Words, OfOutcomesReadBack) {
  for (int i = 0; i < 7; ++i) {
    const auto outcome = static_cast<Registration::Outcome>(i);
    EXPECT_FALSE(to_word(outcome).empty()) << i;
    EXPECT_EQ(parse_outcome(to_word(outcome)), outcome);
  }
  EXPECT_EQ(parse_outcome("Found"), std::nullopt);
  EXPECT_EQ(parse_outcome(""), std::nullopt);
}

}  // namespace
}  // namespace fcrdns::owner
