#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::verdict {
namespace {

using enum Usability;
using namespace std::string_literals;

/// A name of these labels, whatever octets they hold.
dns::Name of_labels(const std::vector<std::string>& labels) {
  std::string wire;
  for (const auto& label : labels) wire += static_cast<char>(label.size()) + label;
  wire += '\0';
  return *dns::Name::from_wire(base::octets_of(wire));
}

const net::Address client = *net::Address::parse("203.0.113.5");

TEST(Usability, of_names_as_they_are_written) {
  struct Row {
    const char* name;
    Usability expected;
  };
  const Row rows[] = {
      {"mail.example.com.", usable},
      {"MAIL.EXAMPLE.COM.", usable},
      {"1.example.com.", usable},
      {"203-0-113-5.example.com.", usable},
      {"xn--bcher-kva.example.", usable},
      {"mail.xn--p1ai.", usable},
      {"local.example.com.", usable},
      {"6.113.0.203.in-addr.arpa.", usable},  // another address's; it has no A record, and the forward question will say so
      {"mail_1.example.com.", usable_underscore},
      {"_mail.example.com.", usable_underscore},
      {".", root},
      {"mail.", single_label},
      {"localhost.", localhost},
      {"LocalHost.", localhost},
      {"mail.localhost.", special_use},
      {"mail.local.", special_use},
      {"mail.LOCAL.", special_use},
      {"mail.onion.", special_use},
      {"mail.alt.", special_use},
      {"203.0.113.5.", ip_literal},
      {"203.0.113.", ip_literal},
      {"5.", ip_literal},
      {"mail.example.5.", ip_literal},
      {"5.113.0.203.in-addr.arpa.", own_reverse_name},
      {"5.113.0.203.IN-ADDR.ARPA.", own_reverse_name},
      {"*.example.com.", not_a_host_name},
      {"-mail.example.com.", not_a_host_name},
      {"mail-.example.com.", not_a_host_name},
      {"mail.example.com-.", not_a_host_name},
      {"$(id).example.com.", not_a_host_name},
  };
  for (const auto& row : rows) EXPECT_EQ(usability(*dns::Name::parse(row.name), client), row.expected) << row.name;
}

TEST(Usability, own_reverse_name_is_the_clients_own) {
  const auto v6 = *net::Address::parse("2001:db8::1");
  EXPECT_EQ(usability(*dns::Name::parse(net::reverse_name(v6)), v6), own_reverse_name);
  EXPECT_EQ(usability(*dns::Name::parse(net::reverse_name(v6)), client), usable);
}

TEST(Usability, is_usable_with_or_without_underscore_only) {
  for (const auto u : {usable, usable_underscore}) EXPECT_TRUE(is_usable(u));
  for (const auto u : {root, single_label, localhost, ip_literal, own_reverse_name, special_use, not_a_host_name})
    EXPECT_FALSE(is_usable(u));
}

// The hostile names H036 to H052: octets that are harmless in the DNS and nowhere else.
TEST(Usability, H036_to_H052_hostile_names_are_never_hosts) {
  struct Row {
    const char* id;
    std::vector<std::string> labels;
    Usability expected;
  };
  const Row rows[] = {
      {"H036 dot inside a label", {"mail.good.example"}, not_a_host_name},
      {"H036 dot inside a label", {"mail.good", "example"}, not_a_host_name},
      {"H037 NUL inside a label", {"mail.good.example\0"s, "evil"}, not_a_host_name},
      {"H038 CR LF", {"a\r\nX-Injected: yes", "evil", "test"}, not_a_host_name},
      {"H039 escape sequence", {"\x1b[31m", "evil", "test"}, not_a_host_name},
      {"H039 C1 control", {"\x9b" "31m", "evil", "test"}, not_a_host_name},
      {"H040 HTML", {"<script>alert(1)<", "script>", "evil", "test"}, not_a_host_name},
      {"H041 shell", {"$(id)`id`;|&", "evil", "test"}, not_a_host_name},
      {"H042 leading hyphen", {"-oProxyCommand=x", "evil", "test"}, not_a_host_name},
      {"H042 leading hyphen, letters only", {"-rf", "evil", "test"}, not_a_host_name},
      {"H043 format directives", {"%s%n%x", "evil", "test"}, not_a_host_name},
      {"H044 right-to-left override", {"mail\xe2\x80\xae", "evil", "test"}, not_a_host_name},
      {"H044 invalid UTF-8", {"xn--\xff", "example"}, not_a_host_name},
      {"H044 U-label", {"b\xc3\xbc" "cher", "example"}, not_a_host_name},
      {"H045 header injection", {"x; dkim=pass header.d=bank.example (", "evil"}, not_a_host_name},
      {"H046 spreadsheet formula", {"=cmd|calc!A0", "evil", "test"}, not_a_host_name},
      {"H046 tab", {"a\tb", "evil", "test"}, not_a_host_name},
      {"H047 metric label", {"a\"} 1\nfake{", "evil"}, not_a_host_name},
      {"H048 JSON", {"\",\"pass\":true,\"", "evil"}, not_a_host_name},
      {"H049 zone file", {"$INCLUDE /etc/passwd\n;", "evil"}, not_a_host_name},
      {"H050 SMTP reply", {"a\r\n.\r\nMAIL FROM", "evil"}, not_a_host_name},
      {"H051 template", {"{{7*7}}${jndi:ldap:x}", "evil"}, not_a_host_name},
      {"H052 IP literal", {"203", "0", "113", "5"}, ip_literal},
      {"H052 IP literal in one label", {"203.0.113.5"}, ip_literal},
      {"H052 IPv6 literal in one label", {"2001:db8::1"}, ip_literal},
      {"H052 bracketed literal", {"[203.0.113.5]"}, ip_literal},
      {"H052 root", {}, root},
      {"H052 single label", {"mail"}, single_label},
      {"H052 own reverse name", {"5", "113", "0", "203", "in-addr", "arpa"}, own_reverse_name},
      {"H052 wildcard", {"*", "x"}, not_a_host_name},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(usability(of_labels(row.labels), client), row.expected) << row.id;
  }
}

TEST(Usability, long_but_valid_names) {
  EXPECT_EQ(usability(of_labels(std::vector<std::string>(127, "a")), client), usable);
  EXPECT_EQ(usability(of_labels({std::string(63, 'a'), std::string(63, 'b'), "example"}), client), usable);
}

}  // namespace
}  // namespace fcrdns::verdict
