// The door for `fcrdns check`: subjects from arguments or a list, results to standard output as they come.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/diagnosis/session.hpp"

namespace fcrdns::check {

struct Options : diagnosis::Settings {
  std::vector<std::string> subjects;  ///< "-" stands for a list on standard input
  std::string record;    ///< file to save the evidence to
  std::string replay;    ///< file to report from without asking
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::check
