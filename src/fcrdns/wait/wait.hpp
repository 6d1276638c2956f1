// The door for `fcrdns wait`: looks again and again who still holds what, and rings when it is safe to send.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/diagnosis/session.hpp"
#include "fcrdns/wait/waiting.hpp"

namespace fcrdns::wait {

struct Options : diagnosis::Settings {
  std::vector<std::string> words;                 ///< ADDRESS HOSTNAME
  std::optional<base::Milliseconds> longest;      ///< --timeout of the whole wait; empty: none
  std::vector<net::Endpoint> caches;              ///< further resolvers to look into, beside those of --resolver and of the system
  std::string state_dir;                          ///< journals of fix; empty: the user's own
  std::optional<base::WallTime> since;            ///< when the change was made
  std::optional<base::Milliseconds> interval;     ///< between looks; empty: by itself
  Until until = Until::latest;
  bool bell = true;
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::wait
