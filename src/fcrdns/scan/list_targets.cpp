#include "fcrdns/scan/list_targets.hpp"

#include <algorithm>

namespace fcrdns::scan {

bool ListTargets::leave_out(std::uint64_t unit) const {
  if (unit % shard_.count != shard_.index) return true;
  return skip_ != nullptr && skip_->unit(first_unit_ + unit);
}

sweep::Targets::Next ListTargets::next(sweep::Target& target) {
  for (;;) {
    std::string_view bad;
    const bool begun = span_.count > 0;
    if (!begun) {
      switch (entries_.next(span_, bad)) {
        case Entries::Next::not_yet: return Next::not_yet;
        case Entries::Next::end: return Next::end;
        case Entries::Next::bad: span_ = {.count = 1}; break;
        case Entries::Next::span: break;
      }
    }
    const auto unit = number_ / sweep::unit_size;
    if (unit != checked_) left_out_ = leave_out(checked_ = unit);
    if (left_out_) {  // to the next unit, or as far as the span goes
      const auto step = std::min(span_.count, (unit + 1) * sweep::unit_size - number_);
      number_ += step;
      span_ = {plus(span_.first, step), span_.count - step};
      continue;
    }
    const sweep::Place place{first_unit_ + unit, static_cast<std::uint16_t>(number_ % sweep::unit_size)};
    target = {.address = span_.first, .place = place, .bad_input = bad};
    ++number_;
    if (--span_.count > 0) span_.first = plus(span_.first, 1);
    if (skip_ != nullptr && skip_->target(place)) continue;
    if (bad.empty() && !opt_out_.empty() && opt_out_.contains(target.address)) continue;
    return Next::target;
  }
}

std::uint64_t ListTargets::total() const {
  if (const auto known = entries_.addresses(); known > 0) return known / shard_.count;
  const auto share = entries_.share_read();
  if (share <= 0) return 0;
  const auto all = share >= 1 ? number_ : static_cast<std::uint64_t>(static_cast<double>(number_) / share);
  return (all + span_.count) / shard_.count;
}

sweep::Targets::Next Mixed::next(sweep::Target& target) {
  if (full_ && full_()) return Next::not_yet;
  bool waits = false;
  const auto from = [&](sweep::Targets* part, bool& over) {
    if (part == nullptr || over) return false;
    const auto got = part->next(target);
    over = got == Next::end;
    waits = waits || got == Next::not_yet;
    return got == Next::target;
  };
  if (from(ranges_, ranges_over_) || from(lists_, lists_over_)) return Next::target;
  return waits ? Next::not_yet : Next::end;
}

void Mixed::answered(const sweep::Target& target, const dns::Reply& reply) {
  if (ranges_ != nullptr && target.place.unit < first_list_unit_) ranges_->answered(target, reply);
}

void Mixed::answered(std::uint64_t token, const dns::Reply& reply) {
  if (ranges_ != nullptr) ranges_->answered(token, reply);
}

std::uint64_t Mixed::total() const {
  const auto ranges = ranges_ == nullptr ? 0 : ranges_->total();
  const auto lists = lists_ == nullptr ? 0 : lists_->total();
  const bool unknown = (ranges_ != nullptr && ranges == 0) || (lists_ != nullptr && lists == 0);
  return unknown ? 0 : ranges + lists;
}

std::vector<net::Prefix> Mixed::lying_zones() const { return ranges_ == nullptr ? std::vector<net::Prefix>{} : ranges_->lying_zones(); }

}  // namespace fcrdns::scan
