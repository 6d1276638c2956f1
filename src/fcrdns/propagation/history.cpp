// From sights to times. Nothing is asked here.
#include <algorithm>

#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::propagation {
namespace {

bool is_right(const Sight& sight, Side side) { return side == Side::forward ? sight.forward_right : sight.reverse_right; }
std::uint32_t hold_seen(const Sight& sight, Side side) { return side == Side::forward ? sight.forward_hold : sight.reverse_hold; }
const Before& before_of(const Sight& sight, Side side) { return side == Side::forward ? sight.forward_before : sight.reverse_before; }

/// Proven wrong: some server says otherwise, or what was seen can be held. A look into the void is neither.
bool is_wrong(const Sight& sight, Side side) {
  if (is_right(sight, side)) return false;
  const bool open = side == Side::forward ? sight.forward_open : sight.reverse_open;
  return hold_seen(sight, side) > 0 || !open || std::ranges::any_of(sight.holders, [&](const Holder& holder) {
    return holder.side == side && !holder.cache && (holder.holds == Holds::absent || holder.holds == Holds::other);
  });
}

/// A resolver counts whole seconds and may serve a record until the next one begins; never told too early.
base::WallTime after(base::WallTime from, base::Seconds held) {
  return std::chrono::ceil<base::Seconds>(from + held + base::Seconds{1});
}

}  // namespace

void History::add(const Sight& sight) {
  add(forward_, Side::forward, sight);
  add(reverse_, Side::reverse, sight);
  last_ = sight;
}

void History::add(Past& past, Side side, const Sight& sight) const {
  if (is_right(sight, side)) {
    if (past.since) return;
    past.before = before_of(sight, side);
    // The last server may have turned right as late as the sight's end; one seen wrong before has turned since.
    past.since = sight.end();
    past.known = Known::seen;
    if (past.wrong_here || !changed_ || *changed_ >= *past.since) return;
    past.since = changed_;
    past.known = Known::told;
    return;
  }
  if (!is_wrong(sight, side)) return;
  past.seen_wrong = past.wrong_here = true;
  past.since.reset();
  past.hold = std::max(past.hold, hold_seen(sight, side));
  for (const auto& alias : sight.aliases) {
    if (alias.side != side) continue;
    const auto known = std::ranges::find_if(past.aliases, [&](const Alias& a) { return a.owner == alias.owner && a.target == alias.target; });
    if (known == past.aliases.end()) past.aliases.push_back(alias);
    else known->ttl = std::max(known->ttl, alias.ttl);
  }
}

void History::remember(std::uint32_t forward_hold, std::uint32_t reverse_hold) {
  const auto take = [](Past& past, std::uint32_t hold) {
    past.seen_wrong = past.seen_wrong || hold > 0;
    past.hold = std::max(past.hold, hold);
  };
  take(forward_, forward_hold);
  take(reverse_, reverse_hold);
}

std::uint32_t History::forward_hold() const {
  auto hold = forward_.hold;
  for (const auto& alias : forward_.aliases) hold = std::max(hold, alias.ttl);
  return hold;
}

/// An alias that is there no more may be held as well; one that still leads the way is not what was wrong.
std::uint32_t History::hold_of(const Past& past, Side side) const {
  // What had no PTR until now, or another one, was not asked for under this name.
  if (!past.seen_wrong) return forward_.seen_wrong || reverse_.seen_wrong ? past.before.absence : past.before.hold;
  auto hold = past.hold;
  for (const auto& alias : past.aliases) {
    const bool leads_on = std::ranges::any_of(last_->aliases, [&](const Alias& now) {
      return now.side == side && now.owner == alias.owner && now.target == alias.target;
    });
    if (!leads_on) hold = std::max(hold, alias.ttl);
  }
  return hold;
}

std::optional<base::WallTime> History::right_since() const {
  if (!forward_.since || !reverse_.since) return std::nullopt;
  return std::max(*forward_.since, *reverse_.since);
}

std::optional<Safe> History::safe() const {
  const auto since = right_since();
  if (!since) return std::nullopt;
  Safe out{.earliest = after(*since, {}),
           .latest = std::max(after(*forward_.since, base::Seconds{hold_of(forward_, Side::forward)}),
                              after(*reverse_.since, base::Seconds{hold_of(reverse_, Side::reverse)}))};
  for (const auto& holder : last_->holders) {
    if (!holder.cache || (holder.holds != Holds::absent && holder.holds != Holds::other)) continue;
    // What does not say how long it is held may be held in full.
    out.earliest = std::max(out.earliest, holder.left ? after(last_->end(), *holder.left) : out.latest);
  }
  out.latest = std::max(out.latest, out.earliest);
  return out;
}

}  // namespace fcrdns::propagation
