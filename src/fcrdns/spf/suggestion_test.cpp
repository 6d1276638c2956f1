// Where the term goes that lets an address send.
#include <gtest/gtest.h>

#include "fcrdns/spf/played_dns_test.hpp"

namespace fcrdns::spf {
namespace {

struct Row {
  const char *record, *address;
  const char* expected;  // null: no SPF record; empty: it stays as it is
};
const Row rows[] = {
    {"v=spf1 -all", "203.0.113.5", "v=spf1 ip4:203.0.113.5 -all"},
    {"v=spf1 mx ~all", "203.0.113.5", "v=spf1 mx ip4:203.0.113.5 ~all"},
    {"v=spf1 mx ?ALL", "2001:db8::5", "v=spf1 mx ip6:2001:db8::5 ?ALL"},
    {"v=spf1 mx -all", "::ffff:203.0.113.5", "v=spf1 mx ip4:203.0.113.5 -all"},
    {"v=spf1 include:a.example redirect=_spf.example.net", "203.0.113.5", "v=spf1 include:a.example ip4:203.0.113.5 redirect=_spf.example.net"},
    {"v=spf1 Redirect=_spf.example.net mx", "203.0.113.5", "v=spf1 ip4:203.0.113.5 Redirect=_spf.example.net mx"},
    {"v=spf1 exp=why.example.com mx -all", "203.0.113.5", "v=spf1 exp=why.example.com mx ip4:203.0.113.5 -all"},
    {"V=SPF1  a   -all ", "203.0.113.5", "V=SPF1  a   ip4:203.0.113.5 -all "},
    {"v=spf1", "203.0.113.5", "v=spf1 ip4:203.0.113.5"},
    {"v=spf1 ", "203.0.113.5", "v=spf1 ip4:203.0.113.5"},
    {"v=spf1 mx", "203.0.113.5", "v=spf1 mx ip4:203.0.113.5"},
    {"v=spf1 mx  ", "203.0.113.5", "v=spf1 mx  ip4:203.0.113.5"},
    {"v=spf1 ip4:198.51.100.0/24 -all", "203.0.113.5", "v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.5 -all"},
    {"v=spf1 -ip4:203.0.113.0/24 mx -all", "203.0.113.5", "v=spf1 ip4:203.0.113.5 -ip4:203.0.113.0/24 mx -all"},
    {"v=spf1 -ip4:198.51.100.0/24 mx -all", "203.0.113.5", "v=spf1 -ip4:198.51.100.0/24 mx ip4:203.0.113.5 -all"},
    {"v=spf1 mx ?include:maybe.example -all", "203.0.113.5", "v=spf1 mx ip4:203.0.113.5 ?include:maybe.example -all"},
    {"v=spf1 -exists:%{i}.bad.example ~all", "203.0.113.5", "v=spf1 ip4:203.0.113.5 -exists:%{i}.bad.example ~all"},
    {"v=spf1 mx -all ip4:203.0.113.5", "203.0.113.5", "v=spf1 mx ip4:203.0.113.5 -all ip4:203.0.113.5"},
    {"v=spf1 ip4:203.0.113.5 -all", "203.0.113.5", ""},
    {"v=spf1 +IP4:203.0.113.77/24 -all", "203.0.113.5", ""},
    {"v=spf1 ip6:2001:db8::/32 -all", "2001:db8::5", ""},
    {"v=spf1 +all", "203.0.113.5", ""},
    {"v=spf1 nonsense -all", "203.0.113.5", "v=spf1 nonsense ip4:203.0.113.5 -all"},
    {"v=spf10 -all", "203.0.113.5", nullptr},
    {"v=DMARC1; p=none", "203.0.113.5", nullptr},
    {"", "203.0.113.5", nullptr},
};

TEST(Suggestion, the_term_stands_where_it_takes_effect_and_all_else_stays) {
  for (const auto& row : rows) {
    const auto changed = with_term(row.record, *net::Address::parse(row.address));
    const std::string expected = row.expected == nullptr ? "none" : *row.expected == '\0' ? row.record : row.expected;
    EXPECT_EQ(changed.value_or("none"), expected) << row.record;
    if (!changed) continue;
    EXPECT_EQ(with_term(*changed, *net::Address::parse(row.address)), changed) << "once is enough: " << row.record;
  }
}

TEST(Suggestion, with_it_the_address_passes) {
  for (const auto& row : rows) {
    const auto address = *net::Address::parse(row.address);
    const auto changed = with_term(row.record, address);
    if (!changed || changed->find("nonsense") != changed->npos) continue;
    PlayedDns dns{"example.com MX 0 .", "example.com A 192.0.2.1", "a.example TXT v=spf1", "example.com TXT " + *changed};
    const auto outcome = evaluate(dns, {.client = address, .mail_from = "a@example.com"});
    EXPECT_EQ(outcome.result, Result::pass) << *changed << ": " << outcome.problem;
  }
}

TEST(Suggestion, terms) {
  EXPECT_EQ(term_for(*net::Address::parse("203.0.113.5")), "ip4:203.0.113.5");
  EXPECT_EQ(term_for(*net::Address::parse("2001:DB8:0::5")), "ip6:2001:db8::5");
  EXPECT_EQ(term_for(*net::Address::parse("::ffff:203.0.113.5")), "ip4:203.0.113.5");
}

}  // namespace
}  // namespace fcrdns::spf
