#include "fcrdns/evidence/spf_candidates.hpp"

#include <gtest/gtest.h>

namespace fcrdns::evidence {
namespace {

std::string shown(const SpfCandidates& found) {
  std::string out;
  for (const auto& name : found.a) out += "a=" + name.text() + " ";
  if (found.mx) out += "mx ";
  for (const auto& name : found.mx_of) out += "mx=" + name.text() + " ";
  for (const auto& network : found.networks) out += network.text() + " ";
  for (const auto& term : found.not_followed) out += "not:" + term + " ";
  if (!out.empty()) out.pop_back();
  return out;
}

TEST(SpfCandidates, are_the_hosts_a_record_names) {
  struct Row { const char* text; const char* expected; };
  const Row rows[] = {
      {"v=spf1 -all", ""},
      {"v=spf1 a mx -all", "a=example.com. mx"},
      {"V=SPF1 +A:mail.example.net/28 ?mx:other.example.net ~all", "a=mail.example.net. mx=other.example.net."},
      {"v=spf1 ip4:203.0.113.5 ip4:203.0.113.64/29 ip6:2001:db8::1 -all", "203.0.113.5/32 203.0.113.64/29 2001:db8::1/128"},
      {"v=spf1 include:_spf.example.net redirect=_spf.example.org", "not:include:_spf.example.net not:redirect=_spf.example.org"},
      {"v=spf1 exists:%{i}.example.com a:%{d} ptr -all", "not:exists:%{i}.example.com not:a:%{d} not:ptr"},
      {"v=spf1 -ip4:203.0.113.9 ~a:no.example.com a:yes.example.com", "a=yes.example.com."},
      {"v=spf1 ip4:999.1.1.1 ip4:2001:db8::1 ip4: a:", "a=example.com. 2001:db8::1/128"},
      {"v=spf10 a", ""},
      {"v=spf1 include:\x1b[31m", "not:include:\\027[31m"},
  };
  const auto domain = dns::Name::parse("example.com").value();
  for (const auto& row : rows) {
    const dns::Record record{domain, dns::Type::txt, dns::Class::in, 60, dns::Txt{{row.text}}};
    EXPECT_EQ(shown(spf_candidates({record}, domain)), row.expected) << row.text;
  }
  const dns::Record split{domain, dns::Type::txt, dns::Class::in, 60, dns::Txt{{"v=spf1 ip4:203.0", ".113.5 -all"}}};
  EXPECT_EQ(shown(spf_candidates({split}, domain)), "203.0.113.5/32") << "strings are joined without space (RFC 7208 3.3)";
  EXPECT_FALSE(spf_candidates({}, domain).present);
}

}  // namespace
}  // namespace fcrdns::evidence
