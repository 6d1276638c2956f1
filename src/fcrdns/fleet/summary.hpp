// The end of a scan as people read it: the table of SCREENS' fleet, and a page with a chart that stands alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/resolver/bulk.hpp"

namespace fcrdns::fleet {

/// What changed since the earlier scan; at most a few examples of each are kept.
struct Changes {
  Counts before{};
  std::string before_name;                        ///< "LAST WEEK": from the file's name and age
  std::uint64_t mended = 0, broken = 0, gone = 0, added = 0;
  std::vector<std::string> newly_broken;          ///< "198.18.12.40 K-20417"
};

struct Summary {
  const Tally* tally = nullptr;                   ///< borrowed
  std::optional<Changes> changes;
  resolver::BulkCounts counts;
  std::vector<resolver::ServerHealth> servers;
  base::Milliseconds took{0};
  std::string output;                             ///< the file of the rows; empty: standard output
  base::WallTime ended{};
  bool interrupted = false;
};

[[nodiscard]] std::string to_text(const Summary& summary);
/// A self-contained page: no script, nothing fetched.
[[nodiscard]] std::string to_html(const Summary& summary);

/// One line for a terminal while it runs: rate, shares, what is left, how the servers are.
struct Progress {
  std::uint64_t done = 0, total = 0;              ///< total 0: not known
  double per_second = 0;
  const Tally* tally = nullptr;
  std::vector<resolver::ServerHealth> servers;
};
[[nodiscard]] std::string progress_line(const Progress& progress, std::size_t columns);

}  // namespace fcrdns::fleet
