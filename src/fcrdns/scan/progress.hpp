// One line on the terminal while it runs, five times a second.
#pragma once

#include <cstdint>
#include <optional>

#include "fcrdns/base/time.hpp"
#include "fcrdns/fleet/summary.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/sweep/targets.hpp"

namespace fcrdns::scan {

class Progress {
 public:
  /// Draws nothing where standard error is no terminal.
  explicit Progress(bool wanted);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws when it is time; `done`: targets that have their row, those of earlier runs too.
  void turned(std::uint64_t done, const fleet::Tally& tally, const sweep::Targets& targets, const resolver::Bulk& bulk);
  void clear();

 private:
  const bool live_;
  bool drawn_ = false;
  base::SteadyTime next_ = base::steady_now(), measured_ = next_;
  std::optional<std::uint64_t> last_;
  double per_second_ = 0;
};

}  // namespace fcrdns::scan
