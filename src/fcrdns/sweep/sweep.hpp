// The walk of very many addresses, all in one window: PTR, its usable names, A or AAAA of each, the verdict, a row.
//
//   Targets -> Target -> PTR -> names -> verdict::usability -> A/AAAA of the client's family -> verdict::iprev -> Row
//
// The verdict is that of check and guard (verdict/iprev.hpp); here stands only what was asked and in which order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "fcrdns/base/time.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/sweep/row.hpp"
#include "fcrdns/sweep/targets.hpp"

namespace fcrdns::sweep {

struct Options {
  std::size_t max_names = verdict::default_max_names;
  base::Milliseconds patience{10'000};   ///< for the verdict of one address
  bool ask_special = false;              ///< addresses that can have no public PTR are asked about all the same
  bool notes = true;                     ///< whether to judge names as generic
  /// Octets of PTR names held at once. A hostile zone gives thousands of names for each address: those wait their turn.
  std::size_t most_held = std::size_t{8} << 20;
};

/// Takes a row; `place` is the target's. Borrowed for the call.
using Rows = std::function<void(const Row& row, const Place& place)>;

class Sweep {
 public:
  /// Borrows all three.
  Sweep(resolver::Bulk& bulk, Targets& targets, const Options& options, Rows rows);
  ~Sweep();

  /// One turn: takes targets while there is room, asks, takes answers, hands out rows. False when all is done.
  bool turn();
  /// No more targets are taken; what is under way ends.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::sweep
