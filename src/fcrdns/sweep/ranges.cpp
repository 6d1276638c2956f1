// Units in the order of a permutation, many of them open at once, their addresses mixed. With pruning there are two
// passes over the units: the first asks for the names of blocks and about the addresses of what is there, and leaves out
// what is said not to exist. When all answers are in, and it is known which zones lie, the second hands out what was left
// out: as cleared, or, below the word of a zone that lies, to be asked about after all.
#include "fcrdns/sweep/ranges.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "fcrdns/sweep/opt_out.hpp"
#include "fcrdns/sweep/permutation.hpp"
#include "fcrdns/sweep/pruning.hpp"
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
  Ranges(Units units, const RangeOptions& options, resolver::Bulk* bulk, const Skip* skip)
      : options_(options), units_(std::move(units)), opt_out_(options.opt_out), skip_(skip),
        count_((units_.count() + options.shard.count - 1 - options.shard.index) / options.shard.count),
        order_(count_, options.key), random_(mix(options.key)) {
    if (options_.in_order) options_.open_units = 1;
    if (options_.prune && bulk) pruning_.emplace(units_, opt_out_, options_, *bulk);
    total_ = count_addresses();
  }

  Next next(Target& target) override {
    if (!second_pass_) {
      if (pruning_) pruning_->ask_samples();
      for (std::size_t drawn = 0; drawn < most_drawn;) {
        drawn += open_more();
        if (open_.empty() || (pruning_ && !pruning_->has_room())) break;  // names may have taken the last place
        if (take_any(target)) return Next::target;
      }
      if (drawn_ < count_ || !open_.empty() || (pruning_ && !(pruning_->idle() && pruning_->released().empty()))) return Next::not_yet;
      if (!pruning_) return Next::end;
      second_pass_ = true;
      drawn_ = 0;
    }
    return next_of_rest(target);
  }
  void answered(std::uint64_t token, const dns::Reply& reply) override {
    if (pruning_) pruning_->answered(token, reply);
  }
  using Targets::answered;
  [[nodiscard]] std::uint64_t total() const override { return total_; }
  [[nodiscard]] std::vector<net::Prefix> lying_zones() const override {
    return pruning_ ? pruning_->zones().liars() : std::vector<net::Prefix>();
  }

 private:
  /// The next unit in order; nothing when it is left out.
  std::optional<Unit> draw() {
    const auto at = options_.in_order ? drawn_ : order_(drawn_);
    ++drawn_;
    const auto unit = units_[options_.shard.index + at * options_.shard.count];
    if ((skip_ && skip_->unit(unit.number)) || opt_out_.block(unit.block) == OptOut::Of::all) return {};
    return unit;
  }
  [[nodiscard]] Open opened(const Unit& unit) const {
    const auto salt = options_.in_order ? 0 : mix(options_.key ^ mix(unit.number));
    return {unit, 0, static_cast<std::uint8_t>(salt), static_cast<std::uint8_t>(salt >> 8 | 1)};
  }

  /// How many units it has looked at.
  std::size_t open_more() {
    std::size_t drawn = 0;
    for (; open_.size() < options_.open_units && drawn < most_drawn; ++drawn) {
      if (pruning_ && !pruning_->may_consider()) break;
      std::optional<Unit> unit;
      if (pruning_ && !pruning_->released().empty()) {
        unit = units_[pruning_->released().front()];
        pruning_->released().pop_front();
      } else if (drawn_ < count_) {
        unit = draw();
      } else {
        break;
      }
      if (unit && (!pruning_ || pruning_->consider(*unit) == Pruning::Now::ask)) open_.push_back(opened(*unit));
    }
    return drawn;
  }

  /// A target of any of the units that are open.
  bool take_any(Target& target) {
    while (!open_.empty()) {
      const auto which = options_.in_order ? 0 : below(open_.size());
      if (take(open_[which], target)) return true;
      open_[which] = open_.back();
      open_.pop_back();
    }
    return false;
  }

  /// The second pass: cleared units as a whole, and between them as many targets of those that were taken back.
  Next next_of_rest(Target& target) {
    for (std::size_t drawn = 0; drawn < most_drawn;) {
      if (cleared_ && turn_ == 0) {
        if (take(*cleared_, target)) {
          target.cleared = true;
          return Next::target;
        }
        cleared_.reset();
        turn_ = unit_size;
      }
      if (turn_ > 0 || drawn_ == count_ || open_.size() >= options_.open_units) {
        if (take_any(target)) {
          if (turn_ > 0) --turn_;
          return Next::target;
        }
        turn_ = 0;
        if (!cleared_ && drawn_ == count_) return Next::end;
      }
      if (cleared_ || drawn_ == count_) continue;
      ++drawn;
      const auto unit = draw();
      if (!unit) continue;
      switch (pruning_->what_of(*unit)) {
        case Pruning::Was::asked: break;
        case Pruning::Was::cleared: cleared_ = opened(*unit); break;
        case Pruning::Was::taken_back: open_.push_back(opened(*unit)); break;
      }
    }
    return Next::not_yet;
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

  static constexpr std::size_t most_drawn = 4096;  // in one call

  RangeOptions options_;
  Units units_;
  OptOut opt_out_;
  const Skip* skip_;
  std::uint64_t count_, drawn_ = 0, total_ = 0;  // units of this shard
  Permutation order_;
  std::uint64_t random_;
  std::optional<Pruning> pruning_;
  std::vector<Open> open_;
  bool second_pass_ = false;
  std::optional<Open> cleared_;
  std::size_t turn_ = 0;  // of those taken back, before the next cleared unit
};

}  // namespace

base::Expected<std::unique_ptr<Targets>> make_ranges(const std::vector<net::Prefix>& prefixes, const RangeOptions& options, resolver::Bulk* bulk,
                                                     const Skip* skip) {
  auto units = Units::of(prefixes);
  if (!units) return std::unexpected(std::move(units.error()));
  return std::make_unique<Ranges>(*std::move(units), options, bulk, skip);
}

}  // namespace fcrdns::sweep
