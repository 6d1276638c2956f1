#include "fcrdns/net/special_purpose.hpp"

#include <gtest/gtest.h>

namespace fcrdns::net {
namespace {

TEST(SpecialPurpose, the_longest_block_decides) {
  struct Row {
    const char* address;
    const char* kind;  // nullptr: an address like any other
    Treatment treatment;
  };
  constexpr auto not_asked = Treatment::not_asked, noted = Treatment::noted, documentation = Treatment::documentation;
  const Row rows[] = {
      {"120.10.128.64", nullptr, {}},
      {"0.0.0.0", "unspecified", not_asked},
      {"10.0.0.1", "private", not_asked},
      {"100.64.0.1", "cgn", not_asked},
      {"100.128.0.1", nullptr, {}},
      {"127.0.0.1", "loopback", not_asked},
      {"169.254.1.1", "link-local", not_asked},
      {"172.31.255.255", "private", not_asked},
      {"172.32.0.0", nullptr, {}},
      {"192.0.0.1", "ds-lite", not_asked},       // /29 inside the /24
      {"192.0.0.9", "anycast", noted},           // /32 inside the /24
      {"192.0.0.99", "ietf", not_asked},
      {"192.0.2.1", "documentation", documentation},
      {"198.51.100.1", "documentation", documentation},
      {"203.0.113.5", "documentation", documentation},
      {"192.88.99.1", "6to4", noted},
      {"192.168.1.1", "private", not_asked},
      {"198.19.255.255", "benchmark", not_asked},
      {"224.0.0.1", "multicast", not_asked},
      {"250.0.0.1", "reserved", not_asked},
      {"255.255.255.255", "broadcast", not_asked},
      {"::", "unspecified", not_asked},
      {"::1", "loopback", not_asked},
      {"::203.0.113.5", "v4-compat", not_asked},
      {"::ffff:203.0.113.5", "v4-mapped", not_asked},
      {"64:ff9b::203.0.113.5", "nat64", noted},
      {"64:ff9b:1::1", "nat64", not_asked},
      {"2001::1", "teredo", noted},              // /32 inside the /23
      {"2001:1ff::1", "ietf", not_asked},
      {"2001:db8::1", "documentation", documentation},
      {"2002:cb00:7105::1", "6to4", noted},
      {"2a00:1450::1", nullptr, {}},
      {"3fff::1", "documentation", documentation},
      {"3ffe::1", "6bone", not_asked},
      {"5f00::1", "srv6", not_asked},
      {"fc00::1", "ula", not_asked},
      {"fd12:3456::1", "ula", not_asked},
      {"fe80::1", "link-local", not_asked},
      {"fec0::1", "site-local", not_asked},
      {"ff02::1", "multicast", not_asked},
      {"4000::1", "not-global-unicast", not_asked},
      {"f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15", "not-global-unicast", not_asked},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(SpecialPurposeTable::built_in().is_not_asked(*Address::parse(row.address)), row.kind && row.treatment == not_asked) << row.address;
    const auto found = SpecialPurposeTable::built_in().find(*Address::parse(row.address));
    ASSERT_EQ(found.has_value(), row.kind != nullptr) << row.address;
    if (!found) continue;
    EXPECT_EQ(found->kind, row.kind) << row.address;
    EXPECT_EQ(found->treatment, row.treatment) << row.address;
    EXPECT_FALSE(found->name.empty());
    EXPECT_FALSE(found->rfc.empty());
    EXPECT_TRUE(found->prefix.contains(*Address::parse(row.address))) << found->prefix.text();
  }
}

TEST(SpecialPurpose, reads_columns_by_their_header) {
  const auto table = SpecialPurposeTable::parse(
      "# a note\nkind\trfc\tname\tcheck_behaviour\tprefix\r\ntest\tRFC1\tA test\tnot routable\t198.51.100.0/24\r\n");
  ASSERT_TRUE(table) << table.error().message;
  const SpecialPurpose expected{*Prefix::parse("198.51.100.0/24"), "A test", "test", "RFC1", Treatment::not_asked};
  EXPECT_EQ(table->find(*Address::parse("198.51.100.9")), expected);
  EXPECT_EQ(table->find(*Address::parse("198.51.101.9")), std::nullopt);
}

TEST(SpecialPurpose, refuses_a_broken_catalogue) {
  struct Row {
    const char* tsv;
    const char* says;
  };
  const Row rows[] = {
      {"prefix\tname\tkind\trfc\n", "no column \"check_behaviour\""},
      {"prefix\tname\tkind\trfc\tcheck_behaviour\n10.0.0.0/8\tx\n", "line 2: only 2 columns"},
      {"prefix\tname\tkind\trfc\tcheck_behaviour\n10.0.0.1/8\tx\ty\tz\tnot routable\n", "10.0.0.0/8"},
      {"prefix\tname\tkind\trfc\tcheck_behaviour\n10.0.0.0/8\tx\ty\tz\twhat\n", "unknown check_behaviour \"what\""},
  };
  for (const auto& row : rows) {
    const auto table = SpecialPurposeTable::parse(row.tsv);
    ASSERT_FALSE(table) << row.tsv;
    EXPECT_NE(table.error().message.find(row.says), std::string::npos) << table.error().message;
  }
}

TEST(ProxyRanges, names_the_network) {
  EXPECT_EQ(ProxyRanges::built_in().find(*Address::parse("104.16.0.1")), "cloudflare");
  EXPECT_EQ(ProxyRanges::built_in().find(*Address::parse("2606:4700::1")), "cloudflare");
  EXPECT_EQ(ProxyRanges::built_in().find(*Address::parse("203.0.113.5")), std::nullopt);
  EXPECT_FALSE(ProxyRanges::parse("provider\tprefix\ncloudflare\t104.16.0.0\n"));
}

}  // namespace
}  // namespace fcrdns::net
