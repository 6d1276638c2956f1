// Records made to hurt (RFC 7208 4.6.4, 11.1): how each ends, and that look-ups, questions, rows and time stay bounded.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/played_dns_test.hpp"

namespace fcrdns::spf {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct Row {
  const char* what;
  std::function<void(PlayedDns&)> publish;
  const char* result;
  unsigned lookups, void_lookups;
  std::size_t questions;
  std::string local = "user";
};

/// The record of example.com.
auto record(std::string text) {
  return [text = std::move(text)](PlayedDns& dns) { dns.add("example.com", dns::Type::txt, PlayedDns::text(text)); };
}

/// "0.example" to "N.example", each with this record; "#" stands for the next number.
auto chain(std::string_view text, unsigned length) {
  return [text = std::string(text), length](PlayedDns& dns) {
    const auto of = [&](unsigned next) {
      auto out = text;
      for (std::size_t at; (at = out.find('#')) != out.npos;) out.replace(at, 1, std::to_string(next));
      return PlayedDns::text(out);
    };
    dns.add("example.com", dns::Type::txt, of(0));
    for (unsigned i = 0; i < length; ++i) dns.add(std::to_string(i) + ".example", dns::Type::txt, of(i + 1));
  };
}

/// `count` names behind one MX or PTR; each has another's address, or none.
auto names(const char* text, dns::Type type, unsigned count, bool exist) {
  return [=](PlayedDns& dns) {
    record(text)(dns);
    for (unsigned i = 0; i < count; ++i) {
      const auto host = "h" + std::to_string(i) + ".example.com";
      const auto name = name_of(host).value();
      if (type == dns::Type::mx) dns.add("example.com", type, dns::Mx{static_cast<std::uint16_t>(i), name});
      else dns.add("1.2.0.192.in-addr.arpa", type, name);
      if (exist) dns.add(host + " A 198.51.100.1");
    }
  };
}

const Row rows[] = {
    {"an include of itself", record("v=spf1 include:example.com -all"), "permerror", 10, 0, 1},
    {"a redirect to itself", record("v=spf1 redirect=example.com"), "permerror", 10, 0, 1},
    {"two includes in a circle", chain("v=spf1 include:0.example include:example.com -all", 1), "permerror", 10, 0, 2},
    {"a chain of 64 includes", chain("v=spf1 include:#.example -all", 64), "permerror", 10, 0, 11},
    {"a chain of 64 redirects", chain("v=spf1 redirect=#.example", 64), "permerror", 10, 0, 11},
    {"a tree of includes", [](PlayedDns& dns) {
       chain("v=spf1 include:#.example include:#.example include:#.example", 3)(dns);
       dns.add("3.example TXT v=spf1");
     }, "permerror", 10, 0, 5},
    {"a chain that ends at the limit", chain("v=spf1 include:#.example", 10), "permerror", 10, 0, 11},
    {"eleven terms that need a look-up", [](PlayedDns& dns) {
       record("v=spf1" + repeated(" a", 11) + " -all")(dns);
       dns.add("example.com A 198.51.100.1");
     }, "permerror", 10, 0, 2},
    {"names that grow with each include", record("v=spf1 include:x.%{d} -all"), "permerror", 1, 0, 2},
    {"names that grow until they are cut", [](PlayedDns& dns) {
       const std::string label(60, 'x');
       auto name = std::string("example.com");
       for (int i = 0; i < 5; ++i, name = label + '.' + name)
         if (name.size() < 254) dns.add(name, dns::Type::txt, PlayedDns::text("v=spf1 include:" + label + ".%{d} -all"));
     }, "permerror", 10, 0, 4},
    {"one TXT record of 64 kB in 500 strings", [](PlayedDns& dns) {
       dns::Txt txt;
       txt.strings.emplace_back("v=spf1 ");
       for (int i = 0; i < 500; ++i) txt.strings.push_back(repeated("ip4:198.51.100.7 ", 7) + "          ");
       dns.add("example.com", dns::Type::txt, txt);
     }, "permerror", 0, 0, 1},
    {"16 kB of ip4 terms", record("v=spf1 " + repeated("ip4:1.2.3.4 ", 1360)), "neutral", 0, 0, 1},
    {"8,000 terms that need a look-up", [](PlayedDns& dns) {
       record("v=spf1" + repeated(" a", 8000))(dns);
       dns.add("example.com A 198.51.100.1");
     }, "permerror", 10, 0, 2},
    {"5,000 modifiers", record("v=spf1 " + repeated("x= ", 5000) + "-all"), "fail", 0, 0, 1},
    {"ten records of 16 kB, each included", chain("v=spf1 " + repeated("ip4:1.2.3.4 ", 1350) + "include:#.example", 12), "permerror", 10, 0, 11},
    {"nothing but spaces", record("v=spf1" + std::string(16'000, ' ')), "neutral", 0, 0, 1},
    {"500 TXT records, none of them SPF", [](PlayedDns& dns) {
       for (int i = 0; i < 500; ++i) dns.add("example.com", dns::Type::txt, PlayedDns::text("v=spf10 " + std::to_string(i)));
     }, "none", 0, 0, 1},
    {"500 SPF records", [](PlayedDns& dns) {
       for (int i = 0; i < 500; ++i) record("v=spf1 -all")(dns);
     }, "permerror", 0, 0, 1},
    {"a TXT record without a string", [](PlayedDns& dns) { dns.add("example.com", dns::Type::txt, dns::Txt{}); }, "none", 0, 0, 1},
    {"octets that are not ASCII", record("v=spf1 a:\xff\xfe\x1b[31m -all"), "permerror", 0, 0, 1},
    {"macros without end, and a local-part of 900 octets", record("v=spf1 exists:" + repeated("%{l}%{s}%{o}", 1300) + " -all"), "fail", 1, 1, 2, std::string(900, 'x')},
    {"macros without end that expand to nothing", record("v=spf1 exists:" + repeated("%{l1}", 3200) + " -all"), "fail", 1, 0, 1, std::string(900, '.')},
    {"macros that are cut to a name", record("v=spf1 exists:" + repeated("%{l}.", 3200) + "%{d} -all"), "fail", 1, 1, 2, "a.b.c"},
    {"a local-part of 64 kB", record("v=spf1 exists:%{l}.%{d} -all"), "none", 0, 0, 0, std::string(65'536, 'x')},
    {"an explanation of 16 kB of macros", [](PlayedDns& dns) {
       record("v=spf1 -all exp=why.example")(dns);
       dns.add("why.example", dns::Type::txt, PlayedDns::text(repeated("%{s}", 4000)));
     }, "fail", 0, 0, 2, std::string(900, 'x')},
    {"an explanation that is a record", record("v=spf1 -all exp=example.com"), "fail", 0, 0, 1},
    {"100 MX", names("v=spf1 mx -all", dns::Type::mx, 100, true), "permerror", 1, 0, 2},
    {"10 MX, ten times", names("v=spf1 mx mx mx mx mx mx mx mx mx mx -all", dns::Type::mx, 10, true), "fail", 10, 0, 12},
    {"10 MX that do not exist", names("v=spf1 mx -all", dns::Type::mx, 10, false), "permerror", 1, 3, 12},
    {"1,000 PTR names", names("v=spf1 ptr -all", dns::Type::ptr, 1000, true), "fail", 1, 0, 12},
    {"1,000 PTR names that do not exist", names("v=spf1 ptr -all", dns::Type::ptr, 1000, false), "permerror", 1, 3, 12},
    {"1,000 PTR names of somebody else", names("v=spf1 ptr:example.net -all", dns::Type::ptr, 1000, true), "fail", 1, 0, 2},
    {"%{p} everywhere", names("v=spf1 exists:%{p}.a.example exists:%{p}.b.example -all", dns::Type::ptr, 1000, true), "fail", 2, 2, 14},
    {"4,000 addresses", [](PlayedDns& dns) {
       record("v=spf1 a -all")(dns);
       for (unsigned i = 0; i < 4000; ++i) dns.add("example.com", dns::Type::a, net::Address::v4({198, 51, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}));
     }, "fail", 1, 0, 2},
    {"names that do not exist", record("v=spf1 a:1.example mx:2.example exists:3.example a:4.example -all"), "permerror", 3, 3, 4},
    {"aliases in a circle", [](PlayedDns& dns) {
       record("v=spf1 a:x.example -all")(dns);
       dns.add("x.example CNAME y.example");
       dns.add("y.example CNAME x.example");
     }, "temperror", 1, 0, 2},
    {"nothing but timeouts", [](PlayedDns& dns) { dns.add("example.com TXT !timeout"); }, "temperror", 0, 0, 1},
    {"an include that times out", [](PlayedDns& dns) {
       record("v=spf1 include:slow.example -all")(dns);
       dns.add("slow.example TXT !timeout");
     }, "temperror", 1, 0, 2},
};

bool is_printable(const std::string& text) { return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }); }

}  // namespace

TEST(Hostile, H054_records_end_as_they_should_within_the_limits) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    PlayedDns dns;
    row.publish(dns);
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = evaluate(dns, {.client = *net::Address::parse("192.0.2.1"), .mail_from = row.local + "@example.com", .helo = "mail.example.com"});
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
    EXPECT_EQ(to_word(outcome.result), row.result) << outcome.problem;
    EXPECT_EQ(outcome.lookups, row.lookups);
    EXPECT_EQ(outcome.void_lookups, row.void_lookups);
    EXPECT_EQ(dns.asked.size(), row.questions);
    EXPECT_LE(outcome.trace.size(), 1020U);
    EXPECT_LE(outcome.explanation.value_or("").size(), 1024U);
    EXPECT_LE(outcome.problem.size(), 2000U);
    for (const auto* text : {&outcome.domain, &outcome.mechanism, &outcome.through, &outcome.problem, &outcome.record}) EXPECT_TRUE(is_printable(*text));
    EXPECT_EQ(outcome.problem.empty(), outcome.result != Result::permerror && outcome.result != Result::temperror);
  }
}

TEST(Hostile, H054_limits_are_as_given) {
  PlayedDns dns;
  chain("v=spf1 include:#.example a:no.example mx -all", 64)(dns);
  const auto outcome = evaluate(dns, {.client = *net::Address::parse("192.0.2.1"), .mail_from = "user@example.com"}, {.terms = 3});
  EXPECT_EQ(outcome.result, Result::permerror);
  EXPECT_EQ(outcome.lookups, 3U);
  EXPECT_EQ(dns.asked.size(), 4U);
}

}  // namespace fcrdns::spf
