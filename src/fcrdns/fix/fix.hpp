// The door for `fcrdns fix`: the plan for one address and one name, and on request its application, step by step.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/diagnosis/session.hpp"

namespace fcrdns::fix {

struct Options : diagnosis::Settings {
  std::vector<std::string> words;                       ///< ADDRESS HOSTNAME
  std::string owner;                                    ///< --owner ID: the provider, when the user knows it
  bool ticket = false, owner_refuses = false;           ///< print the letter; what is left when they say no
  std::string language = "en";                          ///< of the letter
  std::uint32_t ttl = 3600;                             ///< seconds; of the records made
  bool apply = false, dry_run = false, undo = false, yes = false;
  std::map<apply::Part, std::string> via;               ///< back ends
  std::map<apply::Part, std::string> secret_files;
  std::map<apply::Part, std::map<std::string, std::string>> settings;  ///< --set
  std::vector<net::Endpoint> caches;                    ///< resolvers to look into beside those of --resolver
  std::string state_dir;                                ///< journals; empty: the user's own (XDG_STATE_HOME)
  base::Milliseconds longest{base::Seconds{3600}};      ///< for a change to be seen on all servers
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::fix
