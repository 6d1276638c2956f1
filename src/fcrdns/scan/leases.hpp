// `fcrdns scan --nats`: fills the queue, works on it, tells how far it is, collects, forgets.
#pragma once

#include "fcrdns/scan/scan.hpp"

namespace fcrdns::scan {

[[nodiscard]] bool is_about_leases(const Options& options);
/// Returns the exit code of the interface.
[[nodiscard]] int run_leases(const Options& options);

}  // namespace fcrdns::scan
