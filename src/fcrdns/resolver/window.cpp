#include "fcrdns/resolver/window.hpp"

#include <algorithm>
#include <utility>

namespace fcrdns::resolver {
namespace {

constexpr base::Milliseconds period_least{200};
constexpr unsigned round_trips = 3;     // that a period lasts at least: a larger window shows one round trip later
constexpr double faster = 1.08, as_fast = 0.95;  // than before: what a larger one, and a smaller one, must be to stay
constexpr double lossy = 0.03;          // share that is asked again
constexpr unsigned longest_wait = 16;   // periods

}  // namespace

Window::Window(std::size_t most, std::size_t resolvers, base::SteadyTime now)
    : most_(std::max<std::size_t>(most, 1)),
      least_(std::min(most_, least * std::max<std::size_t>(resolvers, 1))),
      size_(std::min(most_, first * std::max<std::size_t>(resolvers, 1))),
      begun_(now) {}

void Window::turn(base::SteadyTime now, std::size_t under_way, std::uint64_t ended, std::uint64_t again) {
  ++turns_;
  under_way_ += under_way;
  if (under_way >= size_) ++full_;
  const auto lasted = now - begun_;
  if (lasted < period_least) return;
  const auto done = static_cast<double>(ended - ended_);
  if (done < static_cast<double>(round_trips * std::min(under_way, size_))) return;  // as many are under way as end in one (Little)
  judge({.rate = done / std::chrono::duration<double>(lasted).count(),
         .full = full_ >= turns_ - turns_ / 8,
         .lossy = static_cast<double>(again - again_) > lossy * done,
         .under_way = under_way_ / turns_});
  begun_ = now;
  ended_ = ended;
  again_ = again;
  turns_ = full_ = under_way_ = 0;
}

void Window::judge(const Period& period) {
  if (std::exchange(trying_, false)) {
    if (period.rate > rate_before_ * (upward_ ? faster : as_fast)) {
      next_wait_ = 1;
      return;
    }
    size_ = size_before_;
    upward_ = !upward_;
    wait_ = next_wait_;
    next_wait_ = std::min(next_wait_ * 2, longest_wait);
    return;
  }
  if (!period.full && !period.lossy) return;
  if (wait_ > 0) {
    --wait_;
    return;
  }
  size_before_ = size_;
  rate_before_ = period.rate;
  size_ = next_size(period);
  trying_ = size_ != size_before_;
  if (!trying_) upward_ = !upward_;
}

std::size_t Window::next_size(const Period& period) {
  upward_ = upward_ && period.full;
  return upward_ ? std::min(size_ * 2, most_) : std::max(std::min(size_, period.under_way) / 2, least_);
}

}  // namespace fcrdns::resolver
