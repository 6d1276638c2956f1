// Addresses of prefixes, unit by unit (a /24 or a /120 each), in an order that spreads them over the space and needs no
// memory: a permutation of the units' numbers. With pruning, whole blocks are cleared by one answer (RFC 8020).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/sweep/targets.hpp"

namespace fcrdns::sweep {

/// The units i, i+n, i+2n ... of the whole.
struct Shard {
  std::uint64_t index = 0, count = 1;
  friend bool operator==(const Shard&, const Shard&) = default;
};

struct RangeOptions {
  Shard shard;
  std::uint64_t key = 0;                       ///< of the order; the same for a resumed scan
  bool in_order = false;                       ///< ascending instead
  bool prune = true;                           ///< ask for the names of blocks first
  unsigned samples = 8;                        ///< addresses below each name that does not exist that are asked about all the same;
                                               ///< fewer of a zone that has proven honest (zones.hpp)
  std::size_t max_names_under_way = 512;       ///< questions about blocks at once
  std::size_t open_units = 1024;               ///< whose addresses are handed out in turns, so that no zone gets all at once
  bool ask_special = false;                    ///< as in sweep::Options: without it no name of a block without public PTRs is asked for
  std::vector<net::Prefix> opt_out;            ///< never asked about and without a row
  std::vector<net::Prefix> liars;              ///< zones that an earlier run of this scan has seen lie (Targets::lying_zones)
};

/// Most addresses that the prefixes of one scan may hold together: 2^32, all of IPv4.
inline constexpr std::uint64_t most_addresses = std::uint64_t{1} << 32;

/// The addresses of these prefixes, every one (a scan leaves no first and last out). Borrows `bulk` (may be null without
/// pruning) and `skip` (may be null). The Fault says which prefix is too large.
[[nodiscard]] base::Expected<std::unique_ptr<Targets>> make_ranges(const std::vector<net::Prefix>& prefixes, const RangeOptions& options,
                                                                   resolver::Bulk* bulk, const Skip* skip);

}  // namespace fcrdns::sweep
