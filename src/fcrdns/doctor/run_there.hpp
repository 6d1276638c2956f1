// Runs a program where mail leaves from: in its namespaces, below its root. Never through a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/host/place.hpp"

namespace fcrdns::doctor {

struct Ran {
  int status = -1;       ///< exit code; -1: it could not be run, or did not end of itself
  std::string output;    ///< both of its outputs, at most 64 KiB
  std::string trouble;   ///< why it could not be run, in words
};
/// argv[0] may be a bare name: then it is looked for where system programs are.
[[nodiscard]] Ran run_there(const host::Place& place, const std::vector<std::string>& argv, std::string_view input, base::Milliseconds longest);

}  // namespace fcrdns::doctor
