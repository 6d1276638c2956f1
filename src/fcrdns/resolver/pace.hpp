// How fast may one resolver be asked? The rate follows what it delivers, not what it loses: a resolver that is asked beyond
// its limit delivers no more for it, one behind a lossy line delivers more the more it is asked (the idea of BBR, without
// its round trips). Time is cut into epochs; of each it is known how much was sent and how much came back well.
#pragma once

#include <array>
#include <cstdint>

#include "fcrdns/base/time.hpp"

namespace fcrdns::resolver {

class Pace {
 public:
  /// `cap`: packets a second never to be passed; 0: none.
  Pace(base::SteadyTime now, double cap) : cap_(cap), epoch_begun_(now), last_(now) {}

  /// Packets that may leave now.
  [[nodiscard]] std::uint32_t allowed(base::SteadyTime now);
  void sent(std::uint32_t packets) { allowance_ -= packets, epoch_.sent += packets; }
  void answered() { ++epoch_.good; }   ///< a definite answer, or trouble that is the zone's own
  void refused() { ++epoch_.bad; }     ///< SERVFAIL or REFUSED that may be the resolver's own trouble
  void timed_out() { ++epoch_.lost; }
  /// What could have been sent and was not, for want of questions: an epoch that proves nothing about the limit.
  void starved() { epoch_.starved = true; }
  [[nodiscard]] double rate() const { return rate_; }

 private:
  struct Epoch {
    std::uint32_t sent = 0, good = 0, bad = 0, lost = 0;
    bool starved = false;
  };
  void end_epoch(base::SteadyTime now);

  static constexpr base::Milliseconds length{50};
  static constexpr double least = 200;          ///< packets a second: it must stay possible to see that things are better

  double cap_, rate_ = 4'000, allowance_ = 0;
  bool starting_ = true;                        ///< doubling until the limit is met
  std::array<double, 12> delivered_{};          ///< packets a second, of the last epochs
  std::size_t epochs_ = 0;
  unsigned phase_ = 0, full_ = 0;
  double before_ = 0;
  Epoch epoch_;
  base::SteadyTime epoch_begun_, last_;
  double loss_ = 0;                             ///< share of packets that stay unanswered whatever the rate, of timeouts only
};

}  // namespace fcrdns::resolver
