// Records as texts (RFC 7208 4.5, 4.6.1, 5, 6): read whole, or refused whole.
#include "fcrdns/spf/record.hpp"

#include <gtest/gtest.h>

namespace fcrdns::spf {
namespace {

/// What was read of a mechanism: "fail a /24 //64", "pass ip4 192.0.2.0/24"; with "*" where a target is.
std::string reading_of(const Mechanism& mechanism) {
  static const char* const words[] = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"};
  auto out = std::string(to_word(mechanism.result)) + ' ' + words[static_cast<std::size_t>(mechanism.kind)];
  if (mechanism.target) out += " *";
  if (mechanism.kind == Kind::ip4 || mechanism.kind == Kind::ip6) out += ' ' + mechanism.network.text();
  if (mechanism.length4 != 32) out += " /" + std::to_string(mechanism.length4);
  if (mechanism.length6 != 128) out += " //" + std::to_string(mechanism.length6);
  return out;
}

TEST(Record, is_told_from_other_texts) {
  struct Row {
    const char* text;
    bool expected;
  };
  const Row rows[] = {
      {"v=spf1", true}, {"v=spf1 -all", true}, {"V=SPF1 -all", true}, {"v=spf1 ", true},  {"v=spf10 -all", false}, {"v=spf1\t-all", false},
      {"v=spf1-all", false}, {" v=spf1 -all", false}, {"v=spf2.0/pra -all", false}, {"v=DKIM1; p=", false}, {"", false}, {"v=spf", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_record(row.text), row.expected) << row.text;
}

TEST(Record, mechanisms) {
  struct Row {
    const char *term, *expected;  // "-": an error
  };
  const Row rows[] = {
      {"all", "pass all"}, {"-all", "fail all"}, {"~ALL", "softfail all"}, {"?all", "neutral all"}, {"+all", "pass all"},
      {"all:x.example", "-"}, {"all/8", "-"}, {"all.", "-"}, {"--all", "-"}, {"-", "-"}, {"al", "-"}, {"-all=", "-"},
      {"a", "pass a"}, {"A/24", "pass a /24"}, {"a//64", "pass a //64"}, {"a/24//64", "pass a /24 //64"}, {"-a:x.example", "fail a *"},
      {"a:x.example/24//64", "pass a * /24 //64"}, {"a/0", "pass a /0"}, {"a//0", "pass a //0"}, {"a/33", "-"}, {"a//129", "-"},
      {"a/24/64", "-"}, {"a///64", "-"}, {"a/024", "-"}, {"a/", "-"}, {"a//", "-"}, {"a:", "-"}, {"a:/24", "-"}, {"a/24:x.example", "-"},
      {"a:192.0.2.1", "-"}, {"a:x.example/24/", "-"}, {"a:%{d}/24", "pass a * /24"}, {"a:%{l/}/24", "pass a * /24"}, {"a/99999999999", "-"},
      {"mx", "pass mx"}, {"mx/24", "pass mx /24"}, {"mx:x.example//96", "pass mx * //96"}, {"mx:com", "-"}, {"mx=", "-"},
      {"ptr", "pass ptr"}, {"ptr:x.example", "pass ptr *"}, {"ptr/24", "-"}, {"ptr:", "-"},
      {"include:x.example", "pass include *"}, {"include", "-"}, {"include:", "-"}, {"include:x.example/24", "-"}, {"?include:x.example", "neutral include *"},
      {"exists:%{i}.x.example", "pass exists *"}, {"exists", "-"}, {"exists:x.example//64", "-"}, {"exists/24", "-"},
      {"ip4:192.0.2.1", "pass ip4 192.0.2.1"}, {"ip4:192.0.2.1/24", "pass ip4 192.0.2.1 /24"}, {"ip4:192.0.2.0/0", "pass ip4 192.0.2.0 /0"},
      {"ip4", "-"}, {"ip4:", "-"}, {"ip4/24", "-"}, {"ip4:192.0.2", "-"}, {"ip4:192.0.2.01", "-"}, {"ip4:192.0.2.1/33", "-"},
      {"ip4:192.0.2.1//24", "-"}, {"ip4:192.0.2.1/", "-"}, {"ip4:2001:db8::1", "-"}, {"ip4:192.0.2.1:25", "-"}, {"ip4:%{i}", "-"},
      {"ip6:2001:DB8::1", "pass ip6 2001:db8::1"}, {"ip6:2001:db8::/32", "pass ip6 2001:db8:: //32"}, {"ip6:::1.2.3.4/96", "pass ip6 ::102:304 //96"},
      {"ip6:2001:db8::/129", "-"}, {"ip6:2001:db8:://32", "-"}, {"ip6:192.0.2.1", "-"}, {"ip6:[2001:db8::1]", "-"}, {"ip6:fe80::1%eth0", "-"},
      {"redirect:x.example", "-"}, {"foo", "-"}, {"foo:x.example", "-"}, {"a.b", "-"}, {"", "-"},
      {"a:x\x01.example", "-"}, {"a:x\xc3\xa9.example", "-"}, {"a:x.example\r\n-all", "-"}, {"\xef\xbb\xbf" "a", "-"},
  };
  for (const auto& row : rows) {
    const auto mechanism = parse_mechanism(row.term);
    EXPECT_EQ(mechanism ? reading_of(*mechanism) : "-", row.expected) << row.term;
  }
}

TEST(Record, errors_anywhere_refuse_all_of_it) {
  struct Row {
    const char* text;
    const char* expected;  // "2 redirect exp": mechanisms and what else there is; "-": an error
  };
  const Row rows[] = {
      {"v=spf1", "0"},
      {"v=spf1    a   mx  ", "2"},
      {"v=spf1 redirect=x.example", "0 redirect"},
      {"v=spf1 REDIRECT=x.example Exp=y.example -all", "1 redirect exp"},
      {"v=spf1 redirect=x.example redirect=x.example", "-"},
      {"v=spf1 exp=x.example -all exp=y.example", "-"},
      {"v=spf1 exp=", "-"},
      {"v=spf1 redirect=", "-"},
      {"v=spf1 redirect=com", "-"},
      {"v=spf1 -redirect=x.example", "-"},
      {"v=spf1 moo=", "0"},
      {"v=spf1 moo=%{c}%{r}%{t} moo=1 moo=2", "0"},
      {"v=spf1 moo=%x", "-"},
      {"v=spf1 m-_.9=x", "0"},
      {"v=spf1 9m=x", "-"},
      {"v=spf1 =x", "-"},
      {"v=spf1 m/o=x", "-"},
      {"v=spf1 -all nonsense", "-"},
      {"v=spf1 a\tmx", "-"},
      {"v=spf1 a\nmx", "-"},
      {"v=spf1 \"a\"", "-"},
      {"v=spf1 a, mx", "-"},
      {"v=spf1 v=spf1 -all", "1"},  // v=... is an unknown modifier
  };
  for (const auto& row : rows) {
    const auto record = parse_record(row.text);
    const auto reading = !record ? "-" : std::to_string(record->mechanisms.size()) + (record->redirect ? " redirect" : "") + (record->explanation ? " exp" : "");
    EXPECT_EQ(reading, row.expected) << row.text;
  }
}

TEST(Record, networks) {
  struct Row {
    const char *term, *client;
    bool expected;
  };
  const Row rows[] = {
      {"ip4:192.0.2.77/24", "192.0.2.1", true}, {"ip4:192.0.2.77/24", "192.0.3.1", false}, {"ip4:192.0.2.0/31", "192.0.2.1", true},
      {"ip4:192.0.2.0/31", "192.0.2.2", false}, {"ip4:192.0.2.0", "192.0.2.1", false}, {"ip4:0.0.0.0/0", "203.0.113.9", true},
      {"ip4:0.0.0.0/0", "2001:db8::1", false}, {"ip6:2001:db8::/33", "2001:db8:7fff::1", true}, {"ip6:2001:db8::/33", "2001:db8:8000::1", false},
      {"ip6:::/0", "192.0.2.1", false}, {"ip6:2001:db8::1", "2001:db8::1", true}, {"ip6:2001:db8::1", "2001:db8::2", false},
  };
  for (const auto& row : rows) {
    const auto mechanism = parse_mechanism(row.term).value();
    EXPECT_EQ(mechanism.joins(*net::Address::parse(row.client), mechanism.network), row.expected) << row.term << ' ' << row.client;
  }
}

}  // namespace
}  // namespace fcrdns::spf
