// What HELO may say: a text, and what is wrong with it.
#include <gtest/gtest.h>

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::finding {
namespace {

struct Row {
  std::string said;
  std::string fault;  ///< "": none; "literal": allowed, with a warning
};

TEST(Helo, IsAFullHostName) {
  const Row rows[] = {
      {"mail.example.com", ""},
      {"MAIL.Example.COM.", ""},
      {" mail.example.com ", ""},
      {"b\xc3\xbc" "cher.example", ""},
      {"xn--bcher-kva.example", ""},
      {"mx_1.example.com", ""},
      {"5-113-0-203.pool.example.net", ""},
      {"internal.example.com", ""},
      {"4f3a1b2c9d8e.example.com", ""},
      {"", "empty"},
      {".", "root"},
      {"localhost", "localhost"},
      {"LOCALHOST.", "localhost"},
      {"localhost.localdomain", "localhost"},
      {"mail.localhost", "special_use"},
      {"server", "single_label"},
      {"4f3a1b2c9d8e", "container_id"},
      {"4f3a1b2c9d8", "single_label"},
      {"mail.local", "special_use"},
      {"nas.lan", "inner_ending"},
      {"nas.home.arpa.", "inner_ending"},
      {"5.113.0.203.in-addr.arpa", "reverse_name"},
      {"203.0.113.5", "ip_literal"},
      {"203.0.113.5.", "ip_literal"},
      {"2001:db8::5", "ip_literal"},
      {"mail.example.123", "ip_literal"},
      {"mail example.com", "characters"},
      {"mail.example.com\r\nQUIT", "characters"},
      {"m\\097il.example.com", "characters"},
      {"-mail.example.com", "characters"},
      {"\xff\xfe.example", "characters"},
      {"mail..example.com", "characters"},
      {std::string(300, 'a') + ".example.com", "characters"},
      {"[203.0.113.5]", "literal"},
      {"[IPv6:2001:db8::5]", "literal"},
      {"[ipv6:2001:db8::5]", "literal"},
      {"[2001:db8::5]", "literal_untagged"},
      {"[IPv6:203.0.113.5]", "literal_malformed"},
      {"[172.22.1.253]", "literal_private"},
      {"[127.0.0.1]", "literal_private"},
      {"[IPv6:::ffff:10.0.0.1]", "literal_private"},
      {"[IPv6:fd4d:6169::fe]", "literal_private"},
      {"[203.0.113.5", "literal_malformed"},
      {"[mail.example.com]", "literal_malformed"},
      {"[", "literal_malformed"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.said);
    const auto found = judge_helo(row.said);
    ASSERT_EQ(found.has_value(), !row.fault.empty());
    if (!found) continue;
    EXPECT_EQ(found->id, Id::helo_invalid);
    EXPECT_EQ(found->severity, row.fault == "literal" ? Severity::warning : Severity::error);
    if (row.fault == "literal") continue;
    const auto* faults = argument(*found, "faults");
    ASSERT_NE(faults, nullptr);
    for (const auto c : title(*found)) EXPECT_TRUE(c >= ' ' && c <= '~');
    EXPECT_EQ(std::get<std::vector<std::string>>(*faults), std::vector{row.fault});
    if (row.fault.find('_') == std::string::npos) continue;  // a word already
    EXPECT_EQ(detail(*found).find(row.fault), std::string::npos) << "words, not codes";
  }
}

}  // namespace
}  // namespace fcrdns::finding
