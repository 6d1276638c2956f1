// One of many machines: takes a lease, scans it, hands in its rows, takes the next, until there is none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "fcrdns/base/time.hpp"
#include "fcrdns/lease/lease.hpp"

namespace fcrdns::scan {

/// Whole lines, and how many addresses they are of.
using TakeRows = std::function<base::Expected<void>(std::string_view rows, std::uint64_t count)>;
/// Scans these prefixes and hands out rows as they come; asks `go_on` often, and ends soon when that says no. Returns
/// whether all was done.
using ScanLease = std::function<base::Expected<bool>(const lease::Lease&, const TakeRows& rows, const std::function<bool()>& go_on)>;

struct WorkerAround {
  std::function<bool()> stop;                        ///< somebody wants it to end
  std::function<void(std::string_view)> tell;        ///< one sentence
  std::function<base::SteadyTime()> now = base::steady_now;
};

struct Worked {
  std::uint64_t leases = 0, rows = 0, refused = 0;
  std::uint64_t late = 0;                            ///< done too, but another worker was first
  bool stopped = false;
};

/// Until no lease waits and none is under way elsewhere: whoever dies meanwhile leaves his to this one. The lease in hand
/// is given back when something fails.
[[nodiscard]] base::Expected<Worked> drain(lease::Queue& queue, base::Seconds hold, const ScanLease& scan, const WorkerAround& around);

}  // namespace fcrdns::scan
