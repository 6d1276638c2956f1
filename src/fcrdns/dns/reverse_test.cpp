#include "fcrdns/dns/reverse.hpp"

#include <gtest/gtest.h>

namespace fcrdns::dns {
namespace {

TEST(ReverseName, IsTheOneThatTheTextSays) {
  for (const auto* text : {"0.0.0.0", "10.0.9.99", "203.0.113.5", "198.51.100.200", "255.255.255.255", "::", "2001:db8::5",
                           "2001:db8:12:34::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:203.0.113.5"}) {
    const auto address = *net::Address::parse(text);
    EXPECT_EQ(dns::reverse_name(address).text(), net::reverse_name(address)) << text;
  }
}

}  // namespace
}  // namespace fcrdns::dns
