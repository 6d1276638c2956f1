#include "fcrdns/bounce/advice.hpp"

#include <gtest/gtest.h>

namespace fcrdns::bounce {

TEST(Advice, IsWarnedOfWhereItDoesNotHelp) {
  const struct {
    const char* text;
    std::vector<Advice> warnings;
  } rows[] = {
      {"", {}},
      {"NameRecord TypeValueTTL mailPTR64.128.10.120.in-addr.arpa3600", {Advice::swapped_fields}},
      {"mail | PTR | 64.128.10.120.in-addr.arpa | 3600", {Advice::swapped_fields}},
      {"mailPTR5.1.b.c.7.a.0.a.3.7.0.8.b.b.8.d.d.8.3.b.3.1.c.1.3.8.0.a.3.9.2.f.ip6.arpa3600", {Advice::swapped_fields}},
      {"64.128.10.120.in-addr.arpa. 3600 IN PTR mail.example.com.", {}},
      {"PTR in-addr.arpa is the tree of reverse names", {}},
      {"or disable IPv6 sending (Postfix: `smtp_address_preference = ipv4`) so it falls back", {Advice::ipv4_preference}},
      {"Not smtp_address_preference=ipv4: after a 450 the mail still goes out over IPv6.", {}},
      {"smtp_address_preference = ipv6", {}},
      {"PTR", {}},
      {"PTR 1.2.3.4.in-addr.arpa and smtp_address_preference=ipv4", {Advice::swapped_fields, Advice::ipv4_preference}},
  };
  for (const auto& row : rows) EXPECT_EQ(bad_advice(row.text), row.warnings) << row.text;
}

}  // namespace fcrdns::bounce
