// The end of a scan as people read it: the table of a fleet, and a page with a chart that stands alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/resolver/bulk.hpp"

namespace fcrdns::fleet {

/// What changed since the earlier scan; at most a few examples are kept.
struct Changes {
  Counts before{};
  std::string before_name;                        ///< "LAST WEEK"
  std::uint64_t mended = 0;                       ///< no PTR or mismatch before, passes now
  std::uint64_t broken = 0;                       ///< passed before, no PTR or mismatch now
  std::uint64_t gone = 0, added = 0;              ///< addresses that only one of the two has
  std::vector<std::string> newly_broken;          ///< "198.18.12.40 K-20417", the lowest addresses; escaped
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
  std::uint64_t total = 0;                        ///< rows that a whole scan has; 0: not known
  std::string resume;                             ///< the file of the state, when there is one
  std::string title;                              ///< of the page: what was scanned, as the command line says it
};

/// Lines with their ends.
[[nodiscard]] std::string to_text(const Summary& summary);
/// A self-contained page: no script, nothing fetched.
[[nodiscard]] std::string to_html(const Summary& summary);

/// The head of the column for an earlier scan: its file's name where that tells a time ("last-week.tsv" is LAST WEEK), else
/// its age.
[[nodiscard]] std::string before_name(std::string_view path, base::WallTime changed, base::WallTime now);

/// One line for a terminal while it runs: rate, shares, what is left, how the servers are.
struct Progress {
  std::uint64_t done = 0, total = 0;              ///< total 0: not known
  double per_second = 0;
  const Tally* tally = nullptr;
  std::vector<resolver::ServerHealth> servers;
};
/// Never longer than `columns`; what matters least goes first.
[[nodiscard]] std::string progress_line(const Progress& progress, std::size_t columns);

}  // namespace fcrdns::fleet
