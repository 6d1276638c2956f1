#include "fcrdns/generator/block.hpp"

#include <gtest/gtest.h>

#include "fcrdns/generator/pair.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

dns::Name name(const char* text) { return *dns::Name::parse(text); }
net::Prefix prefix(const char* text) { return *net::Prefix::parse(text); }
net::Address address(const char* text) { return *net::Address::parse(text); }

/// Counts, and keeps the first and the last line.
struct Counting : Writer {
  std::vector<std::string> zones;
  std::size_t records = 0, whole = 0, stop_after = ~std::size_t{0};
  std::string first, last;
  void begin_zone(const Zone& zone) override { zones.push_back(zone.apex.text()), whole += zone.nameservers.empty() ? 0 : 1; }
  void record(const dns::Record& record) override {
    last = to_text(record);
    if (records++ == 0) first = last;
  }
  void end_zone() override {}
  void end() override {}
  [[nodiscard]] bool stopped() const override { return records >= stop_after; }
};

TEST(Block, a_ptr_for_each_address) {
  struct Row {
    const char* prefix;
    const char* names;
    std::size_t zones, whole, records;
    const char* first;
    const char* last;
  };
  const Row rows[] = {
      {"192.0.2.0/24", "h{d}.example.com", 1, 1, 256, "0.2.0.192.in-addr.arpa. 60 IN PTR h0.example.com.", "255.2.0.192.in-addr.arpa. 60 IN PTR h255.example.com."},
      {"10.1.2.0/23", "{ip}.example.com", 2, 2, 512, "0.2.1.10.in-addr.arpa. 60 IN PTR 10-1-2-0.example.com.", "255.3.1.10.in-addr.arpa. 60 IN PTR 10-1-3-255.example.com."},
      {"192.0.2.64/26", "h{d}.example.com", 1, 0, 64, "64.2.0.192.in-addr.arpa. 60 IN PTR h64.example.com.", "127.2.0.192.in-addr.arpa. 60 IN PTR h127.example.com."},
      {"10.1.0.0/16", "{a}-{b}-{c}-{d}.example.com", 1, 1, 65536, "0.0.1.10.in-addr.arpa. 60 IN PTR 10-1-0-0.example.com.", "255.255.1.10.in-addr.arpa. 60 IN PTR 10-1-255-255.example.com."},
      {"2001:db8::/119", "{hex}.example.com", 2, 2, 512,
       "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 IN PTR 20010db8000000000000000000000000.example.com.",
       "f.f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 IN PTR 20010db80000000000000000000001ff.example.com."},
  };
  for (const auto& row : rows) {
    Counting out;
    const auto block = prefix(row.prefix);
    ASSERT_TRUE(write_ptrs(block, *NameTemplate::parse(row.names, block.base.family()), {60, {name("ns1.example.com")}, {}}, out)) << row.prefix;
    EXPECT_EQ(out.zones.size(), row.zones) << row.prefix;
    EXPECT_EQ(out.whole, row.whole) << row.prefix;
    EXPECT_EQ(out.records, row.records) << row.prefix;
    EXPECT_EQ(out.first, row.first);
    EXPECT_EQ(out.last, row.last);
  }
}

TEST(Block, too_many_addresses_are_refused_before_anything_is_written) {
  for (const char* text : {"0.0.0.0/0", "10.0.0.0/7", "2001:db8::/64", "2001:db8::/103", "::/0"}) {
    Counting out;
    const auto block = net::zone_of(prefix(text).base, prefix(text).length);
    EXPECT_FALSE(write_ptrs(block, *NameTemplate::parse("{ip}.example.com", block.base.family()), {}, out)) << text;
    EXPECT_TRUE(out.zones.empty());
  }
}

TEST(Block, a_full_disk_ends_it) {
  Counting out;
  out.stop_after = 10;
  EXPECT_TRUE(write_ptrs(prefix("10.0.0.0/8"), *NameTemplate::parse("{ip}.example.com", net::Family::v4), {}, out));
  EXPECT_EQ(out.records, 10U);
  EXPECT_EQ(out.zones.size(), 1U);
}

TEST(Block, delegations) {
  const ZoneHead head{3600, {name("ns1.example.com"), name("ns2.example.com")}, {}};
  const auto records = *delegations(prefix("2001:db8:0:8::/61"), head);
  ASSERT_EQ(records.size(), 16U);
  EXPECT_EQ(to_text(records.front()), "8.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 3600 IN NS ns1.example.com.");
  EXPECT_NE(delegations(prefix("192.0.2.0/26"), head).error().message.find("--classless"), std::string::npos);
  EXPECT_FALSE(delegations(prefix("0.0.0.0/0"), head));
}

TEST(Block, address_at) {
  EXPECT_EQ(address_at(prefix("10.0.0.0/8"), 0x010203).text(), "10.1.2.3");
  EXPECT_EQ(address_at(prefix("2001:db8::/64"), 0xffff'ffff'ffff'ffff).text(), "2001:db8::ffff:ffff:ffff:ffff");
  EXPECT_EQ(size_of(prefix("192.0.2.5/32")), 1U);
  EXPECT_EQ(size_of(prefix("2001:db8::/64")), ~std::uint64_t{0});
}

TEST(NameTemplate, refusals) {
  struct Row {
    const char* text;
    net::Family family;
    const char* says;
  };
  constexpr auto v4 = net::Family::v4, v6 = net::Family::v6;
  const Row rows[] = {
      {"mail.example.com", v4, "every address would get the same name"},
      {"{e}.example.com", v4, "places are {a} {b} {c} {d} {ip} {hex}"},
      {"{ip", v4, "places are"},
      {"{}.example.com", v4, "places are"},
      {"{d}.example.com", v6, "octets of an IPv4 address"},
      {"{ip}", v4, "a domain behind"},
      {"{ip}..example.com", v4, "no host name"},
      {"-{ip}.example.com", v4, "no host name"},
      {"{ip}-.example.com", v4, "no host name"},
      {"{ip}.exam ple.com", v4, "no host name"},
      {"}{ip}.example.com", v4, "no host name"},
      {"\\046{ip}.example.com", v4, "no host name"},
      {"", v4, "every address would get the same name"},
      {"{hex}{hex}.example.com", v6, "63"},
      {"{hex}x{hex}.{hex}.{hex}.{hex}.{hex}.{hex}.{hex}.{hex}.example.com", v6, ""},
  };
  for (const auto& row : rows) {
    const auto names = NameTemplate::parse(row.text, row.family);
    ASSERT_FALSE(names) << row.text;
    EXPECT_NE(names.error().message.find(row.says), std::string::npos) << names.error().message;
  }
}

TEST(NameTemplate, of_ipv6_the_groups_are_whole) {
  EXPECT_EQ(NameTemplate::parse("{IP}.V6.example.com.", net::Family::v6)->name_of(address("2001:db8::")).text(),
            "2001-0db8-0000-0000-0000-0000-0000-0000.v6.example.com.");
}

TEST(Pair, records_confirm_each_other) {
  const auto v4 = record_pair(address("120.10.128.64"), name("mail.example.com"), 3600);
  EXPECT_EQ(to_text(v4[0]), "64.128.10.120.in-addr.arpa. 3600 IN PTR mail.example.com.");
  EXPECT_EQ(to_text(v4[1]), "mail.example.com. 3600 IN A 120.10.128.64");
  EXPECT_EQ(to_text(record_pair(address("2001:db8::5"), name("mail.example.com"), 60)[1]), "mail.example.com. 60 IN AAAA 2001:db8::5");
}

TEST(Pair, relative_to_each_zone) {
  const auto text = [](const std::vector<Relative>& all) {
    std::string out;
    for (const auto& one : all) out += one.name + " in " + one.zone.text() + "\n";
    return out;
  };
  EXPECT_EQ(text(in_reverse_zones(address("203.0.113.5"))),
            "5 in 113.0.203.in-addr.arpa.\n5.113 in 0.203.in-addr.arpa.\n5.113.0 in 203.in-addr.arpa.\n");
  const auto v6 = in_reverse_zones(address("2001:db8:1234:5678::1"));
  ASSERT_EQ(v6.size(), 9U);  // /64 to /32
  EXPECT_EQ(v6.front().name, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0");
  EXPECT_EQ(v6.front().zone.text(), "8.7.6.5.4.3.2.1.8.b.d.0.1.0.0.2.ip6.arpa.");
  EXPECT_EQ(v6.back().zone.text(), "8.b.d.0.1.0.0.2.ip6.arpa.");
  EXPECT_EQ(text(in_forward_zones(name("mail.example.com"))), "@ in mail.example.com.\nmail in example.com.\n");
  EXPECT_EQ(relative_name(name("mail.example.com"), dns::Name()), "mail.example.com.");
}

}  // namespace
}  // namespace fcrdns::generator
