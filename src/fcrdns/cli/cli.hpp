// Words on the command line -> a door.
#pragma once

namespace fcrdns::cli {

/// Runs the program and returns its exit code.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace fcrdns::cli
