// The door for `fcrdns explain`: bounces and logs in; what they are about, checked; one conclusion out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/bounce/read.hpp"
#include "fcrdns/diagnosis/session.hpp"

namespace fcrdns::explain {

struct Options : diagnosis::Settings {
  std::vector<std::string> paths;     ///< files and folders, "-": standard input; empty: standard input
  std::optional<std::string> text;    ///< instead of paths: what was pasted as an argument
  bounce::Options read;
  bool check = true;                  ///< ask the DNS about what was refused
  bool all = false;                   ///< more than 20 addresses
  bool summary = false;               ///< counts and a chart; in JSON no single messages
  bool list = false;                  ///< one line for each refused mail, and nothing else
};

/// Addresses checked unless --all.
inline constexpr std::size_t max_checked = 20;

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::explain
