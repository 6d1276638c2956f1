// The document fcrdns/fix/1.
#pragma once

#include <optional>
#include <string>

#include "fcrdns/apply/machine.hpp"
#include "fcrdns/remedy/fix_plan.hpp"

namespace fcrdns::fix {

/// One plan, and what became of it. `ran` and `undone` are null when nothing was applied or put back.
[[nodiscard]] std::string document(const remedy::FixPlan& plan, const apply::Job* job, const apply::Ran* ran, int exit_code);
/// After --undo there is no plan.
[[nodiscard]] std::string document(const apply::Job& job, const apply::Undone& undone, int exit_code);

}  // namespace fcrdns::fix
