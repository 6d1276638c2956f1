#include "fcrdns/scan/list_line.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace fcrdns::scan {
namespace {

/// "first +count", "-" for nothing, "bad".
std::string read(std::string_view line) {
  const auto got = read_list_line(line);
  if (!got) return "bad";
  if (!*got) return "-";
  const auto text = (*got)->first.text();
  return (*got)->count == 1 ? text : text + " +" + std::to_string((*got)->count);
}

struct Case {
  std::string_view line, means;
};
using namespace std::string_view_literals;
constexpr Case cases[] = {
    {"203.0.113.5", "203.0.113.5"},
    {"  203.0.113.5\t", "203.0.113.5"},
    {"203.0.113.5\r", "203.0.113.5"},
    {"\t 203.0.113.5 \r", "203.0.113.5"},
    {"[203.0.113.5]", "203.0.113.5"},
    {"<203.0.113.5>", "203.0.113.5"},
    {"2001:DB8:0:0::1", "2001:db8::1"},
    {"[IPv6:2001:db8::1]", "2001:db8::1"},
    {"::ffff:203.0.113.5", "203.0.113.5"},
    {"::ffff:cb00:7105", "203.0.113.5"},
    {"fe80::1%eth0", "fe80::1"},
    {"5.113.0.203.in-addr.arpa.", "203.0.113.5"},
    {"5.113.0.203.IN-ADDR.ARPA", "203.0.113.5"},
    {"203.0.113.0/24", "203.0.113.0 +256"},
    {"10.0.0.0/8", "10.0.0.0 +16777216"},
    {"0.0.0.0/0", "0.0.0.0 +4294967296"},
    {"203.0.113.7/32", "203.0.113.7"},
    {"2001:db8::/96", "2001:db8:: +4294967296"},
    {"::ffff:203.0.113.0/120", "203.0.113.0 +256"},
    {"", "-"},
    {" \t\r", "-"},
    {"# 203.0.113.5", "-"},
    {"  ; 203.0.113.5", "-"},
    {"203.0.113.5 # mail", "203.0.113.5"},
    {"203.0.113.5# mail", "203.0.113.5"},
    {"203.0.113.5;mail", "203.0.113.5"},
    {"203.0.113.5,customer,x", "203.0.113.5"},
    {"\"203.0.113.5\",\"customer, x\"", "203.0.113.5"},
    {"203.0.113.5\tpass\tmail.example.com.\tmail.example.com.\t-\t-", "203.0.113.5"},
    {"203.0.113.5,pass,mail.example.com.,mail.example.com.,,", "203.0.113.5"},
    {R"({"address":"203.0.113.5","iprev":"pass"})", "203.0.113.5"},
    {R"({"iprev": "pass", "address" : "2001:db8::5"})", "2001:db8::5"},
    {R"({"iprev":"pass"})", "bad"},
    {R"({"address":5})", "bad"},
    {R"({"address":"203.0.113.5)", "bad"},
    {"\"203.0.113.5", "bad"},
    {"010.0.0.1", "bad"},
    {"203.0.113.05", "bad"},
    {"0x7f.0.0.1", "bad"},
    {"203.0.113", "bad"},
    {"203.0.113.256", "bad"},
    {"3405803781", "bad"},
    {"203.0.113.5:53", "bad"},
    {"203.0.113.5/24", "bad"},
    {"203.0.113.0/33", "bad"},
    {"203.0.113.0/024", "bad"},
    {"2001:db8::/95", "bad"},
    {"::/0", "bad"},
    {"2001:db8::1::", "bad"},
    {"113.0.203.in-addr.arpa", "bad"},
    {"mail.example.com", "bad"},
    {"user@203.0.113.5", "bad"},
    {"address", "bad"},
    {",203.0.113.5", "bad"},
    {"203.0.113.5\0"sv, "bad"},
    {"203.0.113.\0005"sv, "bad"},
    {"\xff\xfe""2", "bad"},
};

TEST(ListLine, spellings) {
  for (const auto& each : cases) EXPECT_EQ(read(each.line), each.means) << each.line;
}

TEST(ListLine, header) {
  EXPECT_TRUE(is_header("address,iprev,confirmed_name,names,detail,notes"));
  EXPECT_TRUE(is_header("\"Address\"\t\"x\""));
  EXPECT_FALSE(is_header("203.0.113.5,pass"));
}

TEST(ListLine, a_span_goes_on_over_octets) {
  EXPECT_EQ(plus(*net::Address::parse("10.0.255.254"), 3).text(), "10.1.0.1");
  EXPECT_EQ(plus(*net::Address::parse("2001:db8::ffff:ffff"), 2).text(), "2001:db8::1:0:1");
}

}  // namespace
}  // namespace fcrdns::scan
