// The plan as it is told: grouped by what it mends, each way told once, what is less urgent folded away.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

/// One way to go; borrows from the Result.
struct Choice {
  std::vector<const remedy::Step*> steps;  ///< never empty
  bool refusal = false;                    ///< what is left when the owner of the address says no
};
struct Advice {
  finding::Id finding = finding::Id::ptr_missing;
  std::optional<net::Address> address;
  std::vector<Choice> choices;  ///< the cheapest first; never empty
};
struct Told {
  std::vector<Advice> advice;
  bool warnings_folded = false;  ///< something else would better what is no error
};
/// `everything`: nothing is folded. A way that was told already, for another finding, is not told again.
[[nodiscard]] Told advice(const Result& result, bool everything);

/// "create, by whoever runs the zone example.com."
[[nodiscard]] std::string instruction(const remedy::Step& step);
/// The hints of a step, without the words that mark a refusal.
[[nodiscard]] std::span<const std::string> hints(const remedy::Step& step);

}  // namespace fcrdns::report
