#include <gtest/gtest.h>

#include "fcrdns/net/address.hpp"

namespace fcrdns::net {
namespace {

constexpr const char* v6_example =
    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa.";  // RFC 3596 2.5

TEST(Reverse, both_ways) {
  struct Row {
    const char* address;
    const char* name;
  };
  const Row rows[] = {
      {"203.0.113.5", "5.113.0.203.in-addr.arpa."},
      {"0.0.0.0", "0.0.0.0.in-addr.arpa."},
      {"120.10.128.64", "64.128.10.120.in-addr.arpa."},
      {"4321:0:1:2:3:4:567:89ab", v6_example},
      {"::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa."},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(reverse_name(*Address::parse(row.address)), row.name);
    const auto back = parse_reverse_name(row.name);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->text(), row.address);
  }
}

TEST(Reverse, final_dot_and_case_do_not_matter) {
  EXPECT_EQ(parse_reverse_name("5.113.0.203.IN-ADDR.ARPA")->text(), "203.0.113.5");
  EXPECT_EQ(parse_reverse_name("B.A.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.IP6.ARPA")->text(),
            "4321:0:1:2:3:4:567:89ab");
}

TEST(Reverse, refusals_say_what_is_off) {
  struct Row {
    const char* given;
    const char* says;
  };
  const Row rows[] = {
      {"113.0.203.in-addr.arpa", "the reverse zone of 203.0.113.0/24, not one address; put 1 more number in front"},
      {"203.in-addr.arpa.", "the reverse zone of 203.0.0.0/8, not one address; put 3 more numbers in front"},
      {"in-addr.arpa", "the reverse zone of 0.0.0.0/0"},
      {"5.113.0.256.in-addr.arpa", "\"256\" is not a number from 0 to 255"},
      {"5.113.0.0203.in-addr.arpa", "\"0203\" is not a number"},
      {"05.113.0.203.in-addr.arpa", "\"05\" is not a number"},
      {"mail.113.0.203.in-addr.arpa", "\"mail\" is not a number"},
      {".113.0.203.in-addr.arpa", "\"\" is not a number"},
      {"5.0-63.113.0.203.in-addr.arpa", "\"0-63\" is not a number"},
      {"9.5.113.0.203.in-addr.arpa", "four numbers; this has 5 labels"},
      {"8.b.d.0.1.0.0.2.ip6.arpa", "32 digits; this has 8 (the reverse zone of 2001:db8::/32)"},
      {"5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
       "32 digits; this has 28, 4 are missing: lost zeros, mostly; the address may be 2001:db8::5; as a zone it is that of "
       "2001:db8::5:0/112"},
      {"5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.5.ip6.arpa", "this has 31, 1 is missing; as a zone"},
      {"5.0-63.113.0.203.in-addr.arpa", "a classless child zone, RFC 2317?"},
      {"0.b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa", "this has 33"},
      {"5.0db8.2001.ip6.arpa", "\"2001\" is not one hexadecimal digit"},
      {"g.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa", "\"g\" is not one hexadecimal digit"},
      {"b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.int", "the zone is ip6.arpa"},
      {"mail.example.com", "ends in in-addr.arpa or ip6.arpa"},
      {"", "ends in in-addr.arpa or ip6.arpa"},
  };
  for (const auto& row : rows) {
    const auto address = parse_reverse_name(row.given);
    ASSERT_FALSE(address) << row.given;
    EXPECT_NE(address.error().message.find(row.says), std::string::npos) << row.given << ": " << address.error().message;
  }
  EXPECT_FALSE(parse_reverse_name(std::string(100'000, '1') + ".in-addr.arpa"));
}

TEST(Reverse, looks_like_reverse_name) {
  for (const char* name : {"5.113.0.203.in-addr.arpa.", "IN-ADDR.ARPA", "x.ip6.arpa", "x.ip6.int."})
    EXPECT_TRUE(looks_like_reverse_name(name)) << name;
  for (const char* name : {"", ".", "arpa", "xin-addr.arpa", "in-addr.arpa.example", "mail.example.com"})
    EXPECT_FALSE(looks_like_reverse_name(name)) << name;
}

}  // namespace
}  // namespace fcrdns::net
