// What is left when the owner of the address will not set the PTR (`--owner-refuses`).
#pragma once

#include <string>

#include "fcrdns/remedy/fix_plan.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::fix {

/// The cheapest first. Printable ASCII, apart from the style's colours.
[[nodiscard]] std::string refusal(const remedy::FixPlan& plan, const report::Result& result, const report::Style& style);

}  // namespace fcrdns::fix
