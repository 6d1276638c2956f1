// The door for `fcrdns scan`: lists, prefixes and pipes in, a row for each address out, nothing lost and nothing doubled
// over interruptions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/diagnosis/session.hpp"
#include "fcrdns/lease/cut.hpp"
#include "fcrdns/sweep/ranges.hpp"
#include "fcrdns/sweep/row.hpp"

namespace fcrdns::scan {

struct Options : diagnosis::Settings {
  std::vector<std::string> sources;       ///< FILE, -, PREFIX, ADDRESS
  std::string output;                     ///< -o; empty: standard output
  sweep::Format rows_format = sweep::Format::tsv;
  bool iterate = false;                   ///< the zones' own servers; also without resolvers
  double rate = 0;                        ///< packets a second at most
  double per_server = 400;                ///< likewise to one server; with iterate only
  std::size_t concurrency = 8192;         ///< questions under way at most
  unsigned retries = 4;                   ///< packets per question beyond the first
  std::string resume;                     ///< file with the state of the scan
  sweep::Shard shard;
  std::optional<sweep::Only> only;
  std::string tags, diff, report, opt_out;
  bool unique = false, prune = true;
  std::string nats;                       ///< URL
  enum class Lease { work, submit, status, collect, forget } lease = Lease::work;
  std::string nats_scan = "scan", nats_creds;
  std::uint64_t lease_size = lease::default_size;
  base::Milliseconds lease_time{30'000};  ///< a worker that says nothing for so long has lost its lease
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::scan
