// The letter to the owner of the address (`--ticket`): two sentences, the exact record, a test; from data/letters/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/remedy/fix_plan.hpp"

namespace fcrdns::fix {

/// "de", "en" ...: those that there is a letter in, sorted.
[[nodiscard]] std::vector<std::string> letter_languages();
/// UTF-8, ready to paste; the writer's own name stays in capitals, and so do name servers that only he knows. A Fault
/// lists the languages when that one is not among them.
[[nodiscard]] base::Expected<std::string> letter(const remedy::FixPlan& plan, std::string_view language);

}  // namespace fcrdns::fix
