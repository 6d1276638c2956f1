#include "fcrdns/resolver/pace.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;
using base::SteadyTime;
using Duration = SteadyTime::duration;

// An epoch ends when enough was sent to tell small shares apart; where little is sent, earlier.
constexpr Milliseconds epoch_least{50}, epoch_usual{200}, epoch_most{1'000};
constexpr std::uint32_t sample = 16, good_sample = 1'000, sample_at_start = 200;  // packets: fewer than `sample` say nothing
constexpr double below = 0.98;             // where to stay, of the limit
constexpr double drained = 0.85;           // of that, for the epoch after a cut: what stood in queues goes, and the usual share is seen
constexpr double deepest_cut = 8;
constexpr double first_step = 0.02, step_after_fall = 0.32;  // a fall may have been a moment's
constexpr unsigned holding_least = 4, holding_most = 32;  // epochs
constexpr Milliseconds patience_least{200}, settled_most{500}, slack{20};  // slack: naps, a busy machine

}  // namespace

void RoundTrips::add(Duration took) {
  const auto micros = static_cast<std::uint64_t>(std::max<Duration::rep>(took.count(), 1));
  const auto doublings = static_cast<std::size_t>(std::bit_width(micros)) - 1;
  const auto part = doublings < 2 ? 0 : (micros >> (doublings - 2)) & (steps - 1);
  ++counts_[std::min(doublings * steps + part, counts_.size() - 1)];
  if (++total_ < 8'192) return;
  total_ = 0;
  for (auto& count : counts_) total_ += count /= 2;
}

Duration RoundTrips::quantile(double share, Duration unknown) const {
  if (total_ < 50) return unknown;
  auto left = static_cast<std::int64_t>(total_ * share);
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if ((left -= counts_[i]) < 0) return Duration((steps + i % steps + 1) * (std::uint64_t{1} << (i / steps)) / steps);
  return unknown;
}

std::uint32_t Pace::allowed(SteadyTime now) {
  const auto seconds = std::chrono::duration<double>(now - last_).count();
  last_ = now;
  // Saved up for a few milliseconds only: a burst is what overruns a receive buffer.
  allowance_ = std::min(allowance_ + rate_ * seconds, std::clamp(rate_ * 0.008, 4.0, 2048.0));
  if (is_over(now - open_.begun)) close(now);
  const auto settled = std::min<Duration>(trips_.quantile(0.5, settled_most) * 3 + slack, settled_most);
  while (judged_ != number_ && of({{}, judged_})->ended + settled <= now) judge(*of({{}, judged_++}), now);
  return allowance_ < 1 ? 0 : static_cast<std::uint32_t>(allowance_);
}

bool Pace::is_over(Duration age) const {
  const auto enough = doing_ == Doing::growing && step_ == 1 ? sample_at_start : good_sample;
  return (age >= epoch_least && open_.sent >= enough) || (age >= epoch_usual && open_.sent >= sample) || age >= epoch_most;
}

Pace::Epoch* Pace::of(const Sent& sent) {
  if (sent.epoch == number_) return &open_;
  return number_ - sent.epoch < closed_.size() ? &closed_[sent.epoch % closed_.size()] : nullptr;
}

void Pace::answered(const Sent& sent, SteadyTime now) {
  if (auto* epoch = of(sent)) ++epoch->good;
  trips_.add(now - sent.when);
  if (!dark_) return;
  dark_ = false;
  limit_ = 0;
  doing_ = Doing::growing;
  step_ = 1;
  set(first_rate / 8, now);
}

void Pace::failed(const Sent& sent, SteadyTime now) {
  if (auto* epoch = of(sent)) ++epoch->failed;
  trips_.add(now - sent.when);
}

void Pace::refused(const Sent& sent, SteadyTime now) {
  if (auto* epoch = of(sent)) ++epoch->refused;
  trips_.add(now - sent.when);
}

Duration Pace::patience(unsigned tries, Duration longest) const {
  // Twice what nearly all answers need, half as long again for each further packet: a slow recursion is seldom asked again
  // while it works.
  const auto first = std::max<Duration>(dark_ ? Duration{} : trips_.quantile(0.98, longest) * 2, patience_least);
  return std::min(std::chrono::duration_cast<Duration>(first * std::pow(1.5, tries - 1)), longest);
}

void Pace::begin(SteadyTime now) {
  open_ = {};
  open_.begun = now;
  open_.number = number_;
  open_.version = version_;
}

void Pace::close(SteadyTime now) {
  if (open_.sent > 0) {
    open_.ended = now;
    closed_[number_++ % closed_.size()] = open_;
    if (number_ - judged_ >= closed_.size()) ++judged_;
  }
  begin(now);
}

void Pace::set(double rate, SteadyTime now) {
  rate_ = std::clamp(rate, least_rate, 1e8);
  ++version_;
  close(now);
}

double Pace::doubt(const Epoch& epoch) const {
  return std::max(0.02, 4 * std::sqrt(std::max(usual_ * (1 - usual_), 0.002) / epoch.sent) + 2.0 / epoch.sent);
}

void Pace::judge(const Epoch& epoch, SteadyTime now) {
  if (epoch.sent < sample) return;
  // Sent at the rate that was cut, before it was: how it went on.
  if (doing_ == Doing::checking && epoch.version == suspect_.version && epoch.sent >= good_sample / 8) suspect_ = epoch;
  if (epoch.version != version_) return;
  if (doing_ == Doing::checking) return check(epoch, now);
  if (epoch.share() < usual_ - doubt(epoch)) return cut(epoch, now);
  // In small steps an excess would creep in as usual.
  if (doing_ == Doing::holding || step_ > 0.3) learn(epoch);
  if (epoch.rate() < rate_ * 0.8 || epoch.share() < 0.1) return;  // not made use of: nothing is known of more
  if (doing_ == Doing::holding) {
    if (++held_ < holding_) return;
    doing_ = Doing::growing;
    step_ = deep_ ? step_after_fall : first_step;
  }
  if (rate_ > limit_ * 1.5) limit_ = 0;
  set(rate_ * (1 + step_), now);
  step_ = std::min(step_ * 2, 1.0);
}

void Pace::learn(const Epoch& epoch) {
  const auto weight = epoch.sent / (epoch.sent + 200.0);
  usual_ += (epoch.share() - usual_) * weight * (epoch.share() > usual_ ? 0.5 : 0.1);
}

void Pace::cut(const Epoch& epoch, SteadyTime now) {
  if (doing_ != Doing::checking) before_ = rate_;
  suspect_ = epoch;
  doing_ = Doing::checking;
  dark_ = epoch.good == 0 && epoch.failed == 0 && rate_ < first_rate / 8;
  // Who refuses everything however slowly it is asked has no limit but a rule: no reason to crawl.
  const double dark_rate = epoch.refused > epoch.sent / 2 ? first_rate / 8 : least_rate;
  set(dark_ ? dark_rate : std::max(limit_by(epoch), epoch.rate() / deepest_cut) * below * drained, now);
}

void Pace::check(const Epoch& epoch, SteadyTime now) {
  if (suspect_.share() >= usual_ - doubt(suspect_)) return resume(now);  // over before the cut: it stood still for a moment
  const double same = suspect_.share(), limited = std::min(usual_, same * suspect_.rate() / epoch.rate());
  if (epoch.share() > (same + limited) / 2) {
    before_ = limit_by(suspect_);
    if (epoch.share() < usual_ - 2 * doubt(epoch)) return cut(epoch, now);
    usual_ += std::max(0.0, epoch.share() - usual_) * epoch.sent / (epoch.sent + 200.0);
    return hold(limit_by(suspect_), now);
  }
  // Less was sent, and the share is as bad. If it is worse it is still falling; silence and refusals are never taken for
  // usual altogether.
  if (epoch.share() < same - doubt(epoch) || epoch.good + epoch.failed < epoch.sent / 4) return cut(epoch, now);
  usual_ = epoch.share();
  resume(now);
}

void Pace::resume(SteadyTime now) {
  doing_ = limit_ == 0 ? Doing::growing : Doing::holding;
  step_ = 1;
  set(before_, now);
}

double Pace::limit_by(const Epoch& epoch) const { return epoch.rate() * epoch.share() / std::max(usual_, 0.01); }

void Pace::hold(double limit, SteadyTime now) {
  const bool as_before = std::abs(limit - limit_) < limit_ * 0.1;
  deep_ = limit < limit_ * 0.7;
  holding_ = deep_ ? 1 : as_before ? std::min(holding_ * 2, holding_most) : holding_least;
  limit_ = limit;
  held_ = 0;
  doing_ = Doing::holding;
  set(limit * below, now);
}

}  // namespace fcrdns::resolver
