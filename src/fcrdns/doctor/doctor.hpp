// The door for `fcrdns doctor`: on the mail host, which ways mail leaves by, and a check of each.
//
//     places (machine, containers)  ->  mail servers and their configuration  ->  destinations (MX)  ->  paths (kernel)
//         ->  what is seen outside  ->  check and SPF for each  ->  findings on the host  ->  changes, as diffs  ->  text or JSON
#pragma once

#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/diagnosis/session.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::doctor {

struct Options : diagnosis::Settings {
  std::string config_dir;               ///< --config-dir: a mail server's folder or file, a project's folder, or another root
  std::string container;                ///< --container: name or id
  std::vector<net::Address> outside;    ///< --public: what receivers see, at most one of each family
  std::vector<std::string> destinations;  ///< --dest, beside the default ones
  std::string mail_from;                ///< --mail-from: for SPF; empty: by the mail server's own domain
  std::vector<std::string> logs;        ///< --log: instead of those the configuration names
  bool observe = false;                 ///< hand over one test mail, and follow what becomes of it
  std::string send_to;                  ///< its recipient
  bool write = false;                   ///< carry out the first change
  bool yes = false;                     ///< do not ask
  base::Milliseconds patience{120'000}; ///< of --observe
};

/// Mail to these tells most, where nothing else is asked for.
inline constexpr const char* default_destinations[] = {"gmail.com", "outlook.com", "yahoo.com"};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::doctor
