// Units in the order of a permutation, many of them open at once, their addresses mixed.
#include "fcrdns/sweep/ranges.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/sweep/opt_out.hpp"
#include "fcrdns/sweep/permutation.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::sweep {
namespace {

/// A unit whose addresses are being handed out, in an order of its own: index = first + step * n, step odd, so each once.
struct Open {
  Unit unit;
  std::uint16_t given = 0;
  std::uint8_t first = 0, step = 1;

  [[nodiscard]] std::uint16_t index() const { return static_cast<std::uint16_t>((first + step * given) & (unit.size - 1U)); }
};

class Ranges final : public Targets {
 public:
  Ranges(Units units, const RangeOptions& options, const Skip* skip)
      : options_(options), units_(std::move(units)), opt_out_(options.opt_out), skip_(skip),
        count_((units_.count() + options.shard.count - 1 - options.shard.index) / options.shard.count),
        order_(count_, options.key), random_(mix(options.key)) {
    options_.opt_out.clear();
    total_ = count_addresses();
  }

  Next next(Target& target) override {
    for (;;) {
      while (open_.size() < (options_.in_order ? 1 : options_.open_units) && drawn_ < count_) draw();
      if (open_.empty()) return Next::end;
      const auto which = options_.in_order ? 0 : below(open_.size());
      if (take(open_[which], target)) return Next::target;
      open_[which] = open_.back();
      open_.pop_back();
    }
  }
  [[nodiscard]] std::uint64_t total() const override { return total_; }

 private:
  void draw() {
    const auto at = options_.in_order ? drawn_ : order_(drawn_);
    ++drawn_;
    const auto unit = units_[options_.shard.index + at * options_.shard.count];
    if (skip_ && skip_->unit(unit.number)) return;
    if (opt_out_.block(unit.block) == OptOut::Of::all) return;
    const auto salt = options_.in_order ? 0 : mix(options_.key ^ mix(unit.number));
    open_.push_back({unit, 0, static_cast<std::uint8_t>(salt), static_cast<std::uint8_t>(salt >> 8 | 1)});
  }

  /// The next target of this unit; false: it had its last.
  bool take(Open& open, Target& target) {
    while (open.given < open.unit.size) {
      const auto index = open.index();
      ++open.given;
      const Place place{open.unit.number, index};
      const auto address = address_at(open.unit.block.base, index);
      if ((skip_ && skip_->target(place)) || (!opt_out_.empty() && opt_out_.contains(address))) continue;
      target = {address, place, {}, false};
      return true;
    }
    return false;
  }

  std::size_t below(std::size_t bound) {
    random_ = mix(random_);
    return static_cast<std::size_t>((random_ >> 32) * bound >> 32);
  }

  /// Addresses of this shard among the first `offset` of the prefix.
  [[nodiscard]] std::uint64_t of_shard(std::size_t prefix, std::uint64_t offset) const {
    const auto [index, count] = options_.shard;
    const auto before = [&, n = count, i = index](std::uint64_t unit) { return unit / n + (unit % n > i ? 1 : 0); };
    const auto first = units_.first_of(prefix), last = first + offset / unit_size;
    return (before(last) - before(first)) * unit_size + (last % count == index ? offset % unit_size : 0);
  }
  [[nodiscard]] std::uint64_t count_addresses() const {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < units_.prefixes().size(); ++i) {
      const auto& prefix = units_.prefixes()[i];
      out += of_shard(i, offset_in(prefix, last_of(prefix)) + 1);
      for (const auto& [first, last] : opt_out_.within(prefix)) out -= of_shard(i, offset_in(prefix, last) + 1) - of_shard(i, offset_in(prefix, first));
    }
    return out;
  }

  RangeOptions options_;
  Units units_;
  OptOut opt_out_;
  const Skip* skip_;
  std::uint64_t count_, drawn_ = 0, total_ = 0;  // units of this shard
  Permutation order_;
  std::uint64_t random_;
  std::vector<Open> open_;
};

}  // namespace

base::Expected<std::unique_ptr<Targets>> make_ranges(const std::vector<net::Prefix>& prefixes, const RangeOptions& options, resolver::Bulk*,
                                                     const Skip* skip) {
  auto units = Units::of(prefixes);
  if (!units) return std::unexpected(std::move(units.error()));
  return std::make_unique<Ranges>(*std::move(units), options, skip);
}

}  // namespace fcrdns::sweep
