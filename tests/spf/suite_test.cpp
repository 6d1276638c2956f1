// The openspf test suite for RFC 7208: every test of every scenario through our check_host(), result and explanation.
//
// A record of kind SPF is also served as TXT unless the name has a TXT entry; TXT "NONE" only says that it has; TIMEOUT lets
// every other question about the name time out; names that are not listed do not exist.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"
#include "fcrdns/spf/played_dns_test.hpp"

namespace fcrdns::spf {
namespace {

using Json = nlohmann::json;

/// The suite's strings are octets; as JSON they came to be code points below 256.
std::string octets(const std::string& utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    out += c < 0x80 ? utf8[i] : static_cast<char>((c & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
  }
  return out;
}

dns::Txt txt_of(const Json& value) {
  dns::Txt txt;
  for (const auto& part : value.is_array() ? value : Json::array({value})) txt.strings.push_back(octets(part.get<std::string>()));
  return txt;
}

dns::Name name_in(const std::string& text) { return name_of(octets(text)).value_or(dns::Name()); }

void add(PlayedDns& dns, const std::string& owner, const std::string& kind, const Json& value, bool has_txt) {
  if (kind == "TXT" && value == "NONE") return;
  if (kind == "TXT" || (kind == "SPF" && !has_txt)) return dns.add(owner, dns::Type::txt, txt_of(value));
  if (kind == "MX") return dns.add(owner, dns::Type::mx, dns::Mx{value[0].get<std::uint16_t>(), name_in(value[1])});
  if (kind == "A" || kind == "AAAA") return dns.add(owner, *dns::parse_type(kind), *net::Address::parse(value.get<std::string>()));
  if (kind == "PTR" || kind == "CNAME") return dns.add(owner, *dns::parse_type(kind), name_in(value));
  ASSERT_EQ(kind, "SPF") << owner;
}

PlayedDns dns_of(const Json& zones) {
  PlayedDns dns;
  for (const auto& [name, entries] : zones.items()) {
    const auto owner = octets(name);
    const auto has = [&](const char* kind) { return std::ranges::any_of(entries, [&](const Json& e) { return e.is_object() && e.contains(kind); }); };
    const bool times_out = std::ranges::count(entries, Json("TIMEOUT")) > 0;
    for (const auto& entry : entries)
      if (entry.is_object())
        for (const auto& [kind, value] : entry.items()) add(dns, owner, kind, value, has("TXT"));
    if (!times_out) continue;
    for (const auto* type : {"A", "AAAA", "MX", "PTR", "TXT"}) {
      const bool served = std::ranges::any_of(entries, [&](const Json& e) { return e.is_object() && e.contains(type) && e[type] != "NONE"; });
      if (!served) dns.fail(owner, *dns::parse_type(type), dns::Status::timeout);
    }
  }
  return dns;
}

Outcome outcome_of(const Json& zones, const Json& test) {
  auto dns = dns_of(zones);
  return evaluate(dns, {.client = *net::Address::parse(test.at("host").get<std::string>()),
                        .mail_from = octets(test.at("mailfrom")), .helo = octets(test.at("helo"))});
}

}  // namespace

TEST(Rfc7208Suite, EveryTestOfEveryScenario) {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/spf/rfc7208-tests.json");
  const auto scenarios = Json::parse(file);
  unsigned passed = 0, tests = 0, explanations = 0;
  for (const auto& scenario : scenarios) {
    for (const auto& [id, test] : scenario.at("tests").items()) {
      ++tests;
      const auto outcome = outcome_of(scenario.at("zonedata"), test);
      const auto& expected = test.at("result");
      const auto allowed = expected.is_array() ? expected : Json::array({expected});
      const std::string word(to_word(outcome.result));
      bool good = std::ranges::count(allowed, Json(word)) == 1;
      if (allowed.size() > 1) std::cout << "  " << id << " admits " << allowed.dump() << "; ours: " << word << '\n';
      if (test.contains("explanation")) {
        ++explanations;
        const auto text = test["explanation"].get<std::string>();
        const auto said = outcome.explanation.value_or("DEFAULT");
        EXPECT_EQ(said, text) << id;
        good = good && said == text;
      }
      EXPECT_EQ(std::ranges::count(allowed, Json(word)), 1) << id << ": " << word << ", not " << allowed.dump() << "; " << outcome.problem;
      passed += good ? 1 : 0;
    }
  }
  std::cout << "  " << passed << " of " << tests << " tests in " << scenarios.size() << " scenarios, " << explanations << " of them with an explanation\n";
  EXPECT_EQ(scenarios.size(), 16);
  EXPECT_EQ(tests, 203);
  EXPECT_EQ(passed, tests);
}

}  // namespace fcrdns::spf
