// The openspf test suite for RFC 7208: every test of every scenario through our check_host(), result and explanation.
#include "suite.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>

namespace fcrdns::spf {

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
