#include "fcrdns/bounce/advice.hpp"

#include <gtest/gtest.h>

namespace fcrdns::bounce {

TEST(Advice, IsWarnedOfWhereItDoesNotHelp) {
  const struct {
    const char* text;
    std::size_t warnings;
  } rows[] = {
      {"", 0},
      {"NameRecord TypeValueTTL mailPTR64.128.10.120.in-addr.arpa3600", 1},
      {"mail | PTR | 64.128.10.120.in-addr.arpa | 3600", 1},
      {"mailPTR5.1.b.c.7.a.0.a.3.7.0.8.b.b.8.d.d.8.3.b.3.1.c.1.3.8.0.a.3.9.2.f.ip6.arpa3600", 1},
      {"64.128.10.120.in-addr.arpa. 3600 IN PTR mail.example.com.", 0},
      {"PTR in-addr.arpa is the tree of reverse names", 0},
      {"or disable IPv6 sending (Postfix: `smtp_address_preference = ipv4`) so it falls back", 1},
      {"Not smtp_address_preference=ipv4: after a 450 the mail still goes out over IPv6.", 0},
      {"smtp_address_preference = ipv6", 0},
      {"PTR", 0},
      {"PTR 1.2.3.4.in-addr.arpa and smtp_address_preference=ipv4", 2},
  };
  for (const auto& row : rows) EXPECT_EQ(bad_advice(row.text).size(), row.warnings) << row.text;
}

}  // namespace fcrdns::bounce
