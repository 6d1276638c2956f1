#include "fcrdns/net/reverse_zone.hpp"

#include <gtest/gtest.h>

namespace fcrdns::net {
namespace {

TEST(ReverseZone, covering_zones) {
  struct Row {
    const char* prefix;
    std::size_t count;
    const char* first;
    const char* last;
  };
  const Row rows[] = {
      {"203.0.113.0/24", 1, "113.0.203.in-addr.arpa.", "113.0.203.in-addr.arpa."},
      {"10.20.128.0/23", 2, "128.20.10.in-addr.arpa.", "129.20.10.in-addr.arpa."},
      {"10.20.0.0/16", 1, "20.10.in-addr.arpa.", "20.10.in-addr.arpa."},
      {"172.16.0.0/12", 16, "16.172.in-addr.arpa.", "31.172.in-addr.arpa."},
      {"10.0.0.0/17", 128, "0.0.10.in-addr.arpa.", "127.0.10.in-addr.arpa."},
      {"128.0.0.0/1", 128, "128.in-addr.arpa.", "255.in-addr.arpa."},
      {"0.0.0.0/0", 1, "in-addr.arpa.", "in-addr.arpa."},
      {"203.0.113.64/26", 1, "113.0.203.in-addr.arpa.", "113.0.203.in-addr.arpa."},
      {"203.0.113.5/32", 1, "113.0.203.in-addr.arpa.", "113.0.203.in-addr.arpa."},
      {"2001:db8::/32", 1, "8.b.d.0.1.0.0.2.ip6.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa."},
      {"2001:db8::/35", 2, "0.8.b.d.0.1.0.0.2.ip6.arpa.", "1.8.b.d.0.1.0.0.2.ip6.arpa."},
      {"2001:db8:0:8::/61", 8, "8.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "f.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."},
      {"2001:db8:0:20::/59", 2, "2.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "3.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."},
      {"2000::/3", 2, "2.ip6.arpa.", "3.ip6.arpa."},
      {"::/0", 1, "ip6.arpa.", "ip6.arpa."},
  };
  for (const auto& row : rows) {
    const auto zones = covering_zones(*Prefix::parse(row.prefix));
    ASSERT_EQ(zones.size(), row.count) << row.prefix;
    EXPECT_EQ(reverse_zone_name(zones.front()), row.first) << row.prefix;
    EXPECT_EQ(reverse_zone_name(zones.back()), row.last) << row.prefix;
  }
}

TEST(ReverseZone, zone_of) {
  EXPECT_EQ(zone_of(*Address::parse("203.0.113.5"), 16).text(), "203.0.0.0/16");
  EXPECT_EQ(zone_of(*Address::parse("2001:db8:1234:5678::1"), 52).text(), "2001:db8:1234:5000::/52");
}

TEST(ReverseZone, names_both_ways) {
  for (const char* text : {"0.0.0.0/0", "203.0.0.0/8", "203.0.113.0/24", "203.0.113.5/32", "::/0", "2000::/4", "2001:db8::/32",
                           "2001:db8:1234:5670::/60", "2001:db8::1/128"}) {
    const auto name = reverse_zone_name(*Prefix::parse(text));
    const auto back = parse_reverse_zone(name);
    ASSERT_TRUE(back) << text << ": " << back.error().message;
    EXPECT_EQ(back->text(), text);
  }
  EXPECT_EQ(parse_reverse_zone("113.0.203.IN-ADDR.ARPA")->text(), "203.0.113.0/24");
  EXPECT_EQ(parse_reverse_zone("8.B.D.0.1.0.0.2.ip6.arpa")->text(), "2001:db8::/32");
}

TEST(ReverseZone, refusals_say_what_is_off) {
  struct Row {
    const char* given;
    const char* says;
  };
  const Row rows[] = {
      {"0-63.113.0.203.in-addr.arpa", "a classless child zone, RFC 2317?"},
      {"0/26.113.0.203.in-addr.arpa", "a classless child zone, RFC 2317?"},
      {"300.203.in-addr.arpa", "\"300\" is not a number"},
      {"1.2.3.4.5.in-addr.arpa", "this has 5 labels"},
      {"2001.ip6.arpa", "\"2001\" is not one hexadecimal digit"},
      {"8.b.d.0.1.0.0.2.ip6.int", "the zone is ip6.arpa"},
      {"..in-addr.arpa", "\"\" is not a number"},
      {"example.com", "ends in in-addr.arpa or ip6.arpa"},
  };
  for (const auto& row : rows) {
    const auto zone = parse_reverse_zone(row.given);
    ASSERT_FALSE(zone) << row.given;
    EXPECT_NE(zone.error().message.find(row.says), std::string::npos) << zone.error().message;
  }
}

}  // namespace
}  // namespace fcrdns::net
