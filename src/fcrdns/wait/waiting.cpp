#include "fcrdns/wait/waiting.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fcrdns::wait {
namespace {

using base::Milliseconds;
using base::Seconds;
using propagation::Sight;

constexpr Milliseconds longest_look{30'000};
constexpr Milliseconds shortest_look{500};
constexpr int most_blind_looks = 3;  // from the begin on; who has seen something once goes on through an outage

class Waiting {
 public:
  Waiting(const Patience& patience, Surroundings& around) : patience_(patience), around_(around), begun_(around.now()) {
    state_.history = propagation::History(patience.since);
    state_.history.remember(patience.remembered.first, patience.remembered.second);
    state_.until = patience.until;
  }

  State run() {
    around_.show(state_);
    while (state_.result == Result::waiting) {
      look();
      if (state_.result == Result::waiting) sit_out(around_.now() + (patience_.interval ? *patience_.interval : pause_after(same_, hold())));
    }
    return std::move(state_);
  }

 private:
  void look() {
    auto budget = longest_look;
    if (patience_.longest) budget = std::clamp(std::chrono::ceil<Milliseconds>(begun_ + *patience_.longest - around_.now()), shortest_look, longest_look);
    auto sight = around_.look(state_.sight ? &*state_.sight : nullptr, budget);
    if (around_.interrupted()) {  // cut short: it says nothing
      state_.result = Result::interrupted;
      return;
    }
    same_ = state_.sight && shows_same(*state_.sight, sight) ? same_ + 1 : 0;
    state_.silent_looks = sight.right() && sight.open() ? state_.silent_looks + 1 : 0;
    blind_looks_ = sight.blind && (blind_looks_ > 0 || !state_.sight) ? blind_looks_ + 1 : 0;
    state_.history.add(sight);
    state_.sight = std::move(sight);
    settle();
    around_.show(state_);
  }

  /// Until the next look is due, or all is over.
  void sit_out(base::WallTime next_look) {
    while (state_.result == Result::waiting) {
      const auto now = around_.now();
      if (now >= next_look) return;
      auto until = std::min(next_look, now + Seconds{1});
      if (const auto target = safe_at(); target && *target > now) until = std::min(until, *target);
      if (patience_.longest) until = std::min(until, begun_ + *patience_.longest);
      if (!around_.pause(std::max(Milliseconds{1}, until - now))) {
        state_.result = Result::interrupted;
        return;
      }
      settle();
      around_.show(state_);
    }
  }

  void settle() {
    const auto now = around_.now();
    const auto target = safe_at();
    if (target && *target <= now && state_.sight->right() && state_.is_silence_believed()) state_.result = Result::safe;
    else if (blind_looks_ >= most_blind_looks) state_.result = Result::blind;
    else if (patience_.longest && now >= begun_ + *patience_.longest) state_.result = Result::timeout;
  }

  [[nodiscard]] std::optional<base::WallTime> safe_at() const {
    const auto safe = state_.history.safe();
    if (!safe) return std::nullopt;
    return patience_.until == Until::earliest ? safe->earliest : safe->latest;
  }
  [[nodiscard]] std::uint32_t hold() const { return std::max(state_.history.forward_hold(), state_.history.reverse_hold()); }

  const Patience& patience_;
  Surroundings& around_;
  const base::WallTime begun_;
  int blind_looks_ = 0;
  int same_ = 0;  // looks in a row that showed nothing new
  State state_;
};

}  // namespace

std::string_view to_word(Result result) {
  constexpr std::array<std::string_view, 5> words{"waiting", "safe", "timeout", "interrupted", "blind"};
  return words[static_cast<std::size_t>(result)];
}

State wait_for(const Patience& patience, Surroundings& around) { return Waiting(patience, around).run(); }

Milliseconds pause_after(int looks, std::uint32_t hold) {
  const auto longest = hold == 0 ? Milliseconds{30'000} : std::clamp(Milliseconds{hold * std::int64_t{100}}, Milliseconds{1000}, Milliseconds{30'000});
  const Milliseconds backing_off{std::lround(5000 * std::pow(1.5, std::min(looks, 10)))};
  return std::min(backing_off, longest);
}

bool shows_same(const Sight& a, const Sight& b) {
  return a.forward_right == b.forward_right && a.reverse_right == b.reverse_right && a.problem == b.problem &&
         std::ranges::equal(a.holders, b.holders, [](const auto& one, const auto& other) {
           return one.side == other.side && one.cache == other.cache && one.endpoint == other.endpoint && one.server == other.server &&
                  one.zone == other.zone && one.holds == other.holds && one.said == other.said;
         });
}

}  // namespace fcrdns::wait
