#include "fcrdns/net/address.hpp"

#include <gtest/gtest.h>

namespace fcrdns::net {
namespace {

struct Spelling {
  const char* given;
  const char* canonical;
};

TEST(Address, reads_every_spelling_and_writes_rfc_5952) {
  const Spelling rows[] = {
      {"0.0.0.0", "0.0.0.0"},
      {"203.0.113.5", "203.0.113.5"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1::", "1::"},
      {"2001:DB8::A", "2001:db8::a"},                            // 4.3 lower case
      {"2001:0db8::0001", "2001:db8::1"},                        // 4.1 no leading zeros
      {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},                 // 4.2.1 as short as possible
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},          // 4.2.2 never for one group
      {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},                   // 4.2.3 the longest run
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},             // 4.2.3 the first of two
      {"1:2:3:4:5:6::", "1:2:3:4:5:6::"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"::ffff:203.0.113.5", "::ffff:203.0.113.5"},              // 5 mixed notation
      {"::FFFF:cb00:7105", "::ffff:203.0.113.5"},
      {"64:ff9b::203.0.113.5", "64:ff9b::cb00:7105"},
      {"1:2:3:4:5:6:203.0.113.5", "1:2:3:4:5:6:cb00:7105"},
      {"f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15", "f293:a083:1c13:b38d:d8bb:8073:a0a7:cb15"},
  };
  for (const auto& row : rows) {
    const auto address = Address::parse(row.given);
    ASSERT_TRUE(address) << row.given << ": " << address.error().message;
    EXPECT_EQ(address->text(), row.canonical) << row.given;
    EXPECT_EQ(Address::parse(address->text()), *address) << row.given;
  }
}

struct Refusal {
  const char* given;
  const char* says;  // a part of the message
};

TEST(Address, refuses_and_says_how_to_write_it) {
  const Refusal rows[] = {
      {"", "four numbers"},
      {"203.0.113", "this has 3"},
      {"127.1", "this has 2"},
      {"3405803781", "this has 1"},
      {"203.0.113.5.1", "this has 5"},
      {"203.0..5", "missing between the dots"},
      {"203.0.113.", "missing between the dots"},
      {"203.0.113.256", "at most 255"},
      {"203.0.113.99999999999999999999", "at most 255"},
      {"203.0.113.010", "leading zero"},
      {"203.000.113.5", "leading zero"},
      {"0xcb.0.113.5", "hexadecimal is not taken"},
      {"203.0.113.5 ", "not an IPv4 address"},
      {"203.0.113.-5", "not an IPv4 address"},
      {"203.0.113.\x1b[31m5", "\\027[31m5"},
      {"1.2.3.4:53", "a port does not belong here"},
      {":", "at least two colons"},
      {":::", "only once"},
      {"1::2::3", "only once"},
      {"1:2:3:4:5:6:7", "eight groups; this has 7"},
      {"1:2:3:4:5:6:7:8:9", "eight groups; this has 9"},
      {"1:2:3:4::5:6:7:8", "at least one more"},
      {":1:2:3:4:5:6:7", "a lone \":\""},
      {"1:2:3:4:5:6:7:", "a lone \":\""},
      {"2001:db8::12345", "at most four"},
      {"2001:db8::g", "only hexadecimal"},
      {"fe80::1%eth0", "leave out the zone"},
      {"203.0.113.5::", "only stand at the end"},
      {"::203.0.113.5:1", "only stand at the end"},
      {"::ffff:203.0.113.05", "leading zero"},
      {"1:2:3:4:5:6:7:203.0.113.5", "eight groups"},
  };
  for (const auto& row : rows) {
    const auto address = Address::parse(row.given);
    ASSERT_FALSE(address) << row.given;
    EXPECT_NE(address.error().message.find(row.says), std::string::npos) << row.given << ": " << address.error().message;
  }
  EXPECT_FALSE(Address::parse(std::string(100'000, ':')));
}

TEST(Address, octets) {
  EXPECT_EQ(Address::from_octets(Address::parse("203.0.113.5")->octets())->text(), "203.0.113.5");
  EXPECT_EQ(Address::from_octets(Address::parse("2001:db8::5")->octets())->text(), "2001:db8::5");
  for (const std::size_t length : {0, 3, 5, 15, 17}) EXPECT_FALSE(Address::from_octets(base::Octets(length))) << length;
}

TEST(Address, v4_mapped_is_unmapped_on_request_only) {
  const auto mapped = *Address::parse("::ffff:203.0.113.5");
  EXPECT_TRUE(mapped.is_v6());
  EXPECT_TRUE(mapped.is_v4_mapped());
  EXPECT_EQ(mapped.unmapped(), *Address::parse("203.0.113.5"));
  for (const char* other : {"203.0.113.5", "::203.0.113.5", "1::ffff:203.0.113.5", "::fffe:203.0.113.5"}) {
    EXPECT_FALSE(Address::parse(other)->is_v4_mapped()) << other;
    EXPECT_EQ(Address::parse(other)->unmapped(), *Address::parse(other));
  }
  EXPECT_NE(*Address::parse("0.0.0.0"), *Address::parse("::")) << "the families differ";
}

TEST(Prefix, reads_and_refuses) {
  for (const char* text : {"0.0.0.0/0", "203.0.113.0/24", "203.0.113.5/32", "::/0", "2000::/3", "2001:db8::/32", "::1/128"})
    EXPECT_EQ(Prefix::parse(text)->text(), text);
  const Refusal rows[] = {
      {"203.0.113.0", "ADDRESS/LENGTH"},        {"203.0.113.0/33", "0 to 32"},       {"2001:db8::/129", "0 to 128"},
      {"203.0.113.0/", "0 to 32"},              {"203.0.113.0/2x", "0 to 32"},       {"203.0.113.0/024", "0 to 32"},
      {"203.0.113.0/-1", "0 to 32"},            {"203.0.113.5/24", "203.0.113.0/24"}, {"2001:db8::1/61", "2001:db8::/61"},
      {"203.0.113/24", "this has 3"},
  };
  for (const auto& row : rows) {
    const auto prefix = Prefix::parse(row.given);
    ASSERT_FALSE(prefix) << row.given;
    EXPECT_NE(prefix.error().message.find(row.says), std::string::npos) << row.given << ": " << prefix.error().message;
  }
}

TEST(Prefix, contains_its_own_family_bit_by_bit) {
  struct Row {
    const char* prefix;
    const char* address;
    bool inside;
  };
  const Row rows[] = {
      {"203.0.113.0/24", "203.0.113.255", true},  {"203.0.113.0/24", "203.0.114.0", false},
      {"100.64.0.0/10", "100.127.255.255", true}, {"100.64.0.0/10", "100.128.0.0", false},
      {"203.0.113.5/32", "203.0.113.5", true},    {"203.0.113.5/32", "203.0.113.4", false},
      {"0.0.0.0/0", "203.0.113.5", true},         {"0.0.0.0/0", "::", false},
      {"::/0", "0.0.0.0", false},                 {"2000::/3", "3fff::1", true},
      {"2000::/3", "4000::", false},              {"::ffff:0:0/96", "::ffff:1.2.3.4", true},
      {"::ffff:0:0/96", "1.2.3.4", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(Prefix::parse(row.prefix)->contains(*Address::parse(row.address)), row.inside)
        << row.prefix << " " << row.address;
}

TEST(Endpoint, reads_and_writes) {
  const Spelling rows[] = {
      {"192.0.2.53", "192.0.2.53:53"},          {"192.0.2.53:5353", "192.0.2.53:5353"},
      {"2001:db8::53", "[2001:db8::53]:53"},    {"[2001:db8::53]", "[2001:db8::53]:53"},
      {"[2001:db8::53]:5353", "[2001:db8::53]:5353"}, {"192.0.2.53:65535", "192.0.2.53:65535"},
  };
  for (const auto& row : rows) EXPECT_EQ(Endpoint::parse(row.given)->text(), row.canonical);
  EXPECT_EQ(Endpoint::parse("192.0.2.53", 853)->port, 853);
  const Refusal refusals[] = {
      {"192.0.2.53:0", "1 to 65535"},    {"192.0.2.53:65536", "1 to 65535"}, {"192.0.2.53:", "1 to 65535"},
      {"192.0.2.53:dns", "1 to 65535"},  {"[2001:db8::53", "[ADDRESS]:PORT"}, {"[2001:db8::53]5353", "[ADDRESS]:PORT"},
      {"dns.example:53", "four numbers"}, {"", "four numbers"},
  };
  for (const auto& row : refusals) {
    const auto endpoint = Endpoint::parse(row.given);
    ASSERT_FALSE(endpoint) << row.given;
    EXPECT_NE(endpoint.error().message.find(row.says), std::string::npos) << row.given << ": " << endpoint.error().message;
  }
}

}  // namespace
}  // namespace fcrdns::net
