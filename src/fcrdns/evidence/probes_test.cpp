#include "fcrdns/evidence/probes.hpp"

#include <gtest/gtest.h>

namespace fcrdns::evidence {
namespace {

std::string shown(const std::vector<Probe>& probes) {
  std::string out;
  for (const auto& probe : probes)
    out += std::string(to_word(probe.purpose)) + " " + probe.question.name.text() + (probe.address ? " " + probe.address->text() : "") + "\n";
  return out;
}

const auto v4 = net::Address::parse("203.0.113.5").value();
const auto v6 = net::Address::parse("2001:db8:12:34::2").value();

TEST(Probes, ask_the_neighbours) {
  EXPECT_EQ(shown(neighbours_of(v4)),
            "neighbour 6.113.0.203.in-addr.arpa. 203.0.113.6\nneighbour 4.113.0.203.in-addr.arpa. 203.0.113.4\n");
  const auto found = neighbours_of(v6);
  ASSERT_EQ(found.size(), 2U) << "::3 and ::1, which is also the first of the /64";
  EXPECT_EQ(found[0].address->text(), "2001:db8:12:34::3");
  EXPECT_EQ(found[1].address->text(), "2001:db8:12:34::1");
  EXPECT_EQ(neighbours_of(net::Address::parse("203.0.113.255").value()).size(), 1U) << "never across the /24";
}

TEST(Probes, ask_siblings_and_a_label_that_is_no_address) {
  EXPECT_EQ(shown(siblings_of(v4, "x")),
            "sibling 80.113.0.203.in-addr.arpa. 203.0.113.80\nsibling 175.113.0.203.in-addr.arpa. 203.0.113.175\n"
            "wildcard x.113.0.203.in-addr.arpa.\n");
  const auto of_v6 = siblings_of(v6, "x");
  ASSERT_EQ(of_v6.size(), 3U);
  const auto zone = dns::Name::parse("4.3.0.0.2.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa").value();
  for (const auto& probe : of_v6) EXPECT_TRUE(probe.question.name.is_within(zone)) << probe.question.name.text();
}

TEST(Probes, ask_reverse_names_written_wrongly) {
  const auto apex = dns::Name::parse("113.0.203.in-addr.arpa").value();
  EXPECT_EQ(shown(miswritten_names(v4, apex, "x")),
            "wildcard x.113.0.203.in-addr.arpa.\n"
            "not_reversed 203.0.113.5.in-addr.arpa.\n"
            "zone_doubled 5.113.0.203.in-addr.arpa.113.0.203.in-addr.arpa.\n");
  EXPECT_EQ(shown(miswritten_names(v6, std::nullopt, "x")),
            "not_reversed 2.0.0.1.0.d.b.8.0.0.1.2.0.0.3.4.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.ip6.arpa.\n"
            "nibbles_missing 2.0.0.0.0.0.0.0.0.0.0.0.4.3.0.0.2.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\n"
            "nibbles_missing 2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.4.3.0.0.2.1.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\n");
}

TEST(Probes, ask_the_domain_where_a_registrar_would_have_put_it) {
  const auto domain = dns::Name::parse("example.com").value(), host = dns::Name::parse("mail.example.com").value();
  EXPECT_EQ(shown(misplaced_in(domain, host, v4, "x")),
            "at_host_name mail.example.com.\nat_apex example.com.\n"
            "reverse_in_domain 5.113.0.203.in-addr.arpa.example.com.\noctet_in_domain 5.example.com.\n"
            "domain_wildcard x.example.com.\n");
  EXPECT_EQ(shown(undelegated_copies(v4)), "reverse_copy 5.113.0.203.in-addr.arpa.\nnot_reversed 203.0.113.5.in-addr.arpa.\n");
  EXPECT_EQ(undelegated_copies(v6).back().question.name.text(),
            "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.4.3.0.0.2.1.0.0.8.b.d.0.1.0.0.2.ip6.int.");
}

TEST(Probes, purposes_have_words_both_ways) {
  for (auto purpose = Purpose::neighbour;; purpose = static_cast<Purpose>(static_cast<int>(purpose) + 1)) {
    EXPECT_EQ(parse_purpose(to_word(purpose)), purpose);
    if (purpose == Purpose::zone_doubled) break;
  }
  EXPECT_FALSE(parse_purpose("else"));
}

}  // namespace
}  // namespace fcrdns::evidence
