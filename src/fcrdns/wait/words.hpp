// How a wait reads: the sentence on what is waited for now, the table of who holds what, a line per change.
#pragma once

#include <string>

#include "fcrdns/wait/waiting.hpp"

namespace fcrdns::wait {

/// One sentence, without a line's end: what it waits for, or that it is over.
[[nodiscard]] std::string headline(const propagation::Goal& goal, const State& state, base::WallTime now);
/// Every server and cache, what it shows, for how long.
[[nodiscard]] std::string holders_table(const propagation::Goal& goal, const State& state, base::WallTime now);
/// What is new since the sight before (null: everything), one line each with its time.
[[nodiscard]] std::string changes(const propagation::Sight* before, const propagation::Sight& sight);
/// The document of --json.
[[nodiscard]] std::string document(const propagation::Goal& goal, const State& state, base::WallTime now, int exit_code);

}  // namespace fcrdns::wait
