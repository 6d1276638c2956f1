#include "fcrdns/resolver/paces.hpp"

#include <algorithm>
#include <tuple>

namespace fcrdns::resolver {

Paces::Paces(base::SteadyTime now, std::size_t resolvers, double cap) : each_(resolvers, One{Pace(now)}), cap_(cap), last_(now) {}

void Paces::turn(base::SteadyTime now) {
  allowed_ = 0;
  for (auto& one : each_) allowed_ += one.allowed = one.pace.allowed(now);
  // On a busy machine a turn may come late; what was missed is caught up, as far as each pace allows.
  left_ = std::min(left_ + cap_ * std::chrono::duration<double>(now - last_).count(), std::clamp(cap_ * 0.04, 1.0, 2048.0));
  last_ = now;
}

void Paces::at_most(std::uint16_t resolver, std::uint32_t packets) {
  auto& allowed = each_[resolver].allowed;
  const auto fewer = std::min(allowed, packets);
  allowed_ -= allowed - fewer;
  allowed = fewer;
}

std::uint32_t Paces::room() const {
  return cap_ > 0 ? std::min(allowed_, static_cast<std::uint32_t>(std::max(left_, 0.0))) : allowed_;
}

std::uint16_t Paces::choose(std::uint16_t last) const {
  const auto rank = [&](std::uint16_t i) {
    return std::tuple(each_[i].allowed > 0, last == nobody || !each_[i].pace.dark(), i != last, each_[i].allowed);
  };
  std::uint16_t best = 0;
  for (std::uint16_t i = 1; i < each_.size(); ++i)
    if (rank(i) > rank(best)) best = i;
  return best;
}

Sent Paces::sent(std::uint16_t resolver, base::SteadyTime now) {
  auto& one = each_[resolver];
  if (one.allowed > 0) --one.allowed, --allowed_;
  left_ -= 1;
  return one.pace.sent(now);
}

base::Milliseconds Paces::rest(unsigned tries) { return base::Milliseconds{50} * (1 << std::clamp(static_cast<int>(tries) - 1, 0, 4)); }

}  // namespace fcrdns::resolver
