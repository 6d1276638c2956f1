// Ctrl-C and what is like it: the first one ends the work in good order, the second one at once.
#pragma once

namespace fcrdns::scan {

/// From now on.
void take_signals();
/// 0: none so far.
[[nodiscard]] int signal_taken();
/// As shells have it; 130 for Ctrl-C.
[[nodiscard]] constexpr int exit_code_of(int signal) { return 128 + signal; }

}  // namespace fcrdns::scan
