// `fcrdns fix --apply` and `--undo`: back ends made, the question asked, the machine run and told about.
#pragma once

#include "fcrdns/fix/asking.hpp"
#include "fcrdns/remedy/fix_plan.hpp"
#include "fcrdns/report/output.hpp"

namespace fcrdns::fix {

/// Exit code of the interface.
[[nodiscard]] int carry_out(const Options& options, const propagation::Goal& goal, const remedy::FixPlan& plan, Asking& asking, report::Output& out);
[[nodiscard]] int put_back(const Options& options, const propagation::Goal& goal, Asking& asking, report::Output& out);

}  // namespace fcrdns::fix
