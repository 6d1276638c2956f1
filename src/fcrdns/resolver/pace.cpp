#include "fcrdns/resolver/pace.hpp"

#include <algorithm>

namespace fcrdns::resolver {
namespace {

/// In cruise: a little more for one epoch, to see whether more is borne; a little less after it; then as it is.
constexpr std::array<double, 16> gains{1.08, 0.92, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

}  // namespace

std::uint32_t Pace::allowed(base::SteadyTime now) {
  const auto seconds = std::chrono::duration<double>(now - last_).count();
  last_ = now;
  // Saved up for a few milliseconds only: a burst is what overruns a receive buffer.
  allowance_ = std::min(allowance_ + rate_ * seconds, std::max(rate_ * 0.004, 16.0));
  if (now - epoch_begun_ >= length) end_epoch(now);
  return allowance_ < 1 ? 0 : static_cast<std::uint32_t>(allowance_);
}

void Pace::end_epoch(base::SteadyTime now) {
  const auto seconds = std::chrono::duration<double>(now - epoch_begun_).count();
  const double good = epoch_.good / seconds;
  if (epoch_.sent > 0) {
    const double lost = std::min(1.0, static_cast<double>(epoch_.lost) / epoch_.sent);
    loss_ += (lost - loss_) * 0.05;
  }
  delivered_[epochs_++ % delivered_.size()] = good;
  const double best = *std::ranges::max_element(delivered_);
  if (starting_) {
    // Three epochs in which much more was sent and hardly more came back: the limit.
    const bool grew = good > before_ * 1.25;
    if (epoch_.starved || grew) full_ = 0;
    else ++full_;
    if (grew && !epoch_.starved) before_ = good;
    const bool pushed_back = epoch_.bad * 20 > epoch_.sent;
    if (full_ >= 3 || pushed_back) {
      starting_ = false;
      rate_ = std::max(least, best);
    } else if (!epoch_.starved && full_ == 0) {
      rate_ *= 1.5;
    }
  } else {
    phase_ = (phase_ + 1) % gains.size();
    // Where nothing could be proven for want of questions the rate stays; it may be needed again.
    if (!epoch_.starved || epoch_.bad * 20 > epoch_.sent) rate_ = std::max(least, best * gains[phase_] * (1 + std::min(loss_, 0.15)));
  }
  if (cap_ > 0) rate_ = std::min(rate_, cap_);
  epoch_ = {};
  epoch_begun_ = now;
}

}  // namespace fcrdns::resolver
