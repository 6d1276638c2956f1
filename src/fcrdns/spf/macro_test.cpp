// Macros as RFC 7208 7.4 shows them, and what is none.
#include "fcrdns/spf/macro.hpp"

#include <gtest/gtest.h>

#include "fcrdns/spf/sender.hpp"

namespace fcrdns::spf {
namespace {

Query example(const char* client) {
  return {.client = *net::Address::parse(client), .mail_from = "strong-bad@email.example.com", .helo = "mx.example.org.",
          .receiver = "", .time = base::WallTime(base::Seconds(1'000'000'007))};
}

MacroValue values(const Query& query) {
  return [query](char letter) -> std::string {
    if (letter == 'd') return "email.example.com";
    if (letter == 'p') return "mx.example.org";
    return macro_value(letter, query, Sender(query));
  };
}

TEST(Macro, expands) {
  struct Row {
    const char *macro, *expected;
    const char* client = "192.0.2.3";
  };
  const Row rows[] = {
      {"%{s}", "strong-bad@email.example.com"},
      {"%{o}", "email.example.com"},
      {"%{d}", "email.example.com"},
      {"%{d4}", "email.example.com"},
      {"%{d3}", "email.example.com"},
      {"%{d2}", "example.com"},
      {"%{d1}", "com"},
      {"%{dr}", "com.example.email"},
      {"%{d2r}", "example.email"},
      {"%{l}", "strong-bad"},
      {"%{l-}", "strong.bad"},
      {"%{lr}", "strong-bad"},
      {"%{lr-}", "bad.strong"},
      {"%{l1r-}", "strong"},
      {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
      {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
      {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
      {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
      {"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
      {"%{ir}.%{v}._spf.%{d2}", "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com", "2001:db8::cb01"},
      {"%{c}", "2001:db8::cb01", "2001:DB8:0::CB01"},
      {"%{h}", "mx.example.org"},
      {"%{p2}", "example.org"},
      {"%{r}", "unknown"},
      {"%{t}", "1000000007"},
      {"%{S}", "strong-bad%40email.example.com"},
      {"%{D2R}", "example.email"},
      {"%{i128}", "192.0.2.3"},
      {"%{i99999999999999999999999}", "192.0.2.3"},
      {"%{d/}", "email.example.com"},
      {"%{l.-+,/_=}", "strong.bad"},
      {"a%%b%_c%-d", "a%b c%20d"},
      {"", ""},
  };
  for (const auto& row : rows) {
    const auto macro = parse_macro(row.macro, MacroPlace::explanation);
    ASSERT_TRUE(macro) << row.macro << ": " << macro.error().message;
    EXPECT_EQ(expand_text(*macro, values(example(row.client)), 1000), row.expected) << row.macro;
  }
}

TEST(Macro, is_refused_where_it_is_none) {
  struct Row {
    const char* text;
    bool domain, explanation;  // whether it may stand there
  };
  const Row rows[] = {
      {"example.com", true, true},
      {"example.com.", true, true},
      {"%{d}", true, true},
      {"a.%{d2}", true, true},
      {"foo%%", true, true},
      {"foo%%-", false, true},
      {"com", false, true},
      {"com.", false, true},
      {"example.123", false, true},
      {"example.1a", true, true},
      {"example.-com", false, true},
      {"example.com-", false, true},
      {"example.c-m", true, true},
      {"example.xn--p1ai", true, true},
      {"example.c_m", false, true},
      {"example..", false, true},
      {"%{d}.c", true, true},
      {"%{d}c", false, true},
      {"", false, true},
      {"Go away.", false, true},
      {"%{c}", false, true},
      {"%{r}", false, true},
      {"%{t}", false, true},
      {"%{C}", false, true},
      {"%", false, false},
      {"%a", false, false},
      {"100% sure", false, false},
      {"%{d", false, false},
      {"%{}", false, false},
      {"%{x}", false, false},
      {"%{d0}", false, false},
      {"%{d00}", false, false},
      {"%{d1rr}", false, false},
      {"%{dr1}", false, false},
      {"%{d*}", false, false},
      {"%{ d}", false, false},
      {"%{%{d}}", false, false},
      {"tab\there.example", false, false},
      {"\xc3\xa9.example", false, false},
      {"nul.\x7f.example", false, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(parse_macro(row.text, MacroPlace::domain).has_value(), row.domain) << row.text;
    EXPECT_EQ(parse_macro(row.text, MacroPlace::explanation).has_value(), row.explanation) << row.text;
  }
}

TEST(Macro, a_name_keeps_its_right_side) {
  const auto expand = [](const std::string& text, const std::string& local) {
    const auto macro = parse_macro(text, MacroPlace::domain);
    return expand_domain(macro.value(), [&](char) { return local; });
  };
  const std::string label(49, 'x');
  const auto five = label + '.' + label + '.' + label + '.' + label + '.' + label;  // 249
  EXPECT_EQ(expand("%{l}.abc", five), five + ".abc");                               // 253 fit
  EXPECT_EQ(expand("%{l}.abc.", five), five + ".abc");
  EXPECT_EQ(expand("%{l}.abcd", five), five.substr(50) + ".abcd");
  EXPECT_EQ(expand("front.%{l}.abc", five), five + ".abc");
  EXPECT_EQ(expand("%{l}.abc", std::string(300, 'x')), "abc");
  EXPECT_EQ(expand("%{l}", std::string(300, 'x')).size(), 300);  // one label: no name at all
  EXPECT_FALSE(name_of(std::string(300, 'x')));
}

TEST(Macro, names_are_taken_octet_for_octet) {
  struct Row {
    std::string domain;
    const char* name;  // null: none
  };
  using namespace std::string_literals;
  const Row rows[] = {
      {"example.com", "example.com."},
      {"example.com.", "example.com."},
      {"a\\b.example", "a\\\\b.example."},
      {"sp ace.example", "sp\\032ace.example."},
      {"n\0l.example"s, "n\\000l.example."},
      {std::string(63, 'a') + ".example", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example."},
      {std::string(64, 'a') + ".example", nullptr},
      {"a..example", nullptr},
      {".example", nullptr},
      {"example..", nullptr},
      {".", nullptr},
      {"", nullptr},
      {"b\xc3\xbc" "cher.example", nullptr},
  };
  for (const auto& row : rows) {
    const auto name = name_of(row.domain);
    EXPECT_EQ(name ? name->text() : "none", row.name ? row.name : "none") << row.domain;
  }
}

}  // namespace
}  // namespace fcrdns::spf
