#include "fcrdns/resolver/window.hpp"

#include <algorithm>
#include <utility>

namespace fcrdns::resolver {
namespace {

constexpr base::Milliseconds period_least{200};
constexpr unsigned round_trips = 3;     // that a period lasts at least: a larger window shows one round trip later
constexpr double faster = 1.08, as_fast = 0.95;  // than before: what a larger one, and a smaller one, must be to stay
constexpr double much = 0.15;           // asked again, of what ends; the pace's own tries of more come to less
constexpr unsigned lasting = 3;         // periods, after which the pace has not mended it
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
  lossy_ = static_cast<double>(again - again_) > much * done ? lossy_ + 1 : 0;
  judge({.rate = done / std::chrono::duration<double>(lasted).count(),
         .full = full_ >= turns_ - turns_ / 8,
         .lossy = lossy_ >= lasting,
         .under_way = under_way_ / turns_});
  begun_ = now;
  ended_ = ended;
  again_ = again;
  turns_ = full_ = under_way_ = 0;
}

void Window::judge(const Period& period) {
  if (std::exchange(trying_, false)) {
    if (period.rate > rate_before_ * (fewer_ ? as_fast : faster)) {
      next_wait_ = 1;
      return;
    }
    size_ = size_before_;
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
  fewer_ = period.lossy && !(fewer_ && period.full);  // in turn where both may be right
  size_ = fewer_ ? std::max(std::min(size_, period.under_way) / 2, least_) : std::min(size_ * 2, most_);
  trying_ = size_ != size_before_;
}

}  // namespace fcrdns::resolver
