// Entries of the input as targets: numbered, cut into units of 256, without those of other shards and those had before.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "fcrdns/scan/entries.hpp"
#include "fcrdns/sweep/opt_out.hpp"
#include "fcrdns/sweep/ranges.hpp"
#include "fcrdns/sweep/targets.hpp"

namespace fcrdns::scan {

class ListTargets final : public sweep::Targets {
 public:
  /// Borrows `entries` and `skip` (may be null). Units are numbered from `first_unit`. What opted out gets no row.
  ListTargets(Entries& entries, std::uint64_t first_unit, const sweep::Shard& shard, const std::vector<net::Prefix>& opt_out, const sweep::Skip* skip)
      : entries_(entries), first_unit_(first_unit), shard_(shard), opt_out_(opt_out), skip_(skip) {}

  [[nodiscard]] Next next(sweep::Target& target) override;
  /// Reckoned from how much of the files has been read.
  [[nodiscard]] std::uint64_t total() const override;

 private:
  [[nodiscard]] bool leave_out(std::uint64_t unit) const;

  Entries& entries_;
  const std::uint64_t first_unit_;
  const sweep::Shard shard_;
  const sweep::OptOut opt_out_;
  const sweep::Skip* skip_;
  Span span_{.count = 0};      ///< what is left of the entry that was begun
  std::uint64_t number_ = 0;   ///< of the next target
  std::uint64_t checked_ = UINT64_MAX;  ///< the unit that left_out_ is about
  bool left_out_ = false;
};

/// Targets of ranges and of lists side by side; either may be null. While `full` says so nothing is handed out.
class Mixed final : public sweep::Targets {
 public:
  Mixed(sweep::Targets* ranges, sweep::Targets* lists, std::uint64_t first_list_unit, std::function<bool()> full)
      : ranges_(ranges), lists_(lists), first_list_unit_(first_list_unit), full_(std::move(full)) {}

  [[nodiscard]] Next next(sweep::Target& target) override;
  void answered(const sweep::Target& target, const dns::Reply& reply) override;
  void answered(std::uint64_t token, const dns::Reply& reply) override;
  [[nodiscard]] std::uint64_t total() const override;
  [[nodiscard]] std::vector<net::Prefix> lying_zones() const override;

 private:
  sweep::Targets *ranges_, *lists_;
  const std::uint64_t first_list_unit_;
  const std::function<bool()> full_;
  bool ranges_over_ = false, lists_over_ = false;
};

}  // namespace fcrdns::scan
