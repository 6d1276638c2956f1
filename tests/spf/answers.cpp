// Reads scenarios in the form of the test suite and prints what we make of each test: "ID RESULT LOOK-UPS VOID".
#include <iostream>

#include "suite.hpp"

using namespace fcrdns;

int main() {
  for (const auto& scenario : nlohmann::json::parse(std::cin))
    for (const auto& [id, test] : scenario.at("tests").items()) {
      const auto outcome = spf::outcome_of(scenario.at("zonedata"), test);
      std::cout << id << ' ' << to_word(outcome.result) << ' ' << outcome.lookups << ' ' << outcome.void_lookups << '\n';
    }
  return 0;
}
