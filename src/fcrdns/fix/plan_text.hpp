// The plan of `fcrdns fix` as a person reads it: the sentence, then the numbered steps with the lines to paste.
#pragma once

#include <string>

#include "fcrdns/remedy/fix_plan.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::fix {

/// Plain: of each owner the panel, the command and the request; -v: all ways and conditions. Printable ASCII, apart from
/// the style's colours.
[[nodiscard]] std::string plan_text(const remedy::FixPlan& plan, const report::Style& style);
/// The sentence that comes first.
[[nodiscard]] std::string plan_sentence(const remedy::FixPlan& plan);

}  // namespace fcrdns::fix
