// How many questions are worth having under way: as many as make it faster, no more. What is above that stands in queues,
// the resolver's and the kernel's, and in memory that no cache holds any more. So where the window is what holds the scan up it
// is now and then doubled, which stays so only if more answers come.
//
// Much that is asked again for long is a reason to try less, too: a resolver whose queue is full drops what comes, however slowly it
// comes, until the queue is shorter. No rate tells that, only fewer questions at once do: the window is halved, which stays so
// if as many answers come.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fcrdns/base/time.hpp"

namespace fcrdns::resolver {

class Window {
 public:
  static constexpr std::size_t first = 2048, least = 128;  ///< for each resolver

  /// Begins with `first` for each of `resolvers`; never more than `most`, never less than `least` for each but for that.
  Window(std::size_t most, std::size_t resolvers, base::SteadyTime now);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// To be called every turn: how many questions are under way, how many have ended so far, how often one was asked again.
  void turn(base::SteadyTime now, std::size_t under_way, std::uint64_t ended, std::uint64_t again);

 private:
  struct Period {
    double rate;             // of what ended
    bool full, lossy;
    std::size_t under_way;   // in the mean
  };
  void judge(const Period& period);

  std::size_t most_, least_, size_;
  // Of the period that is running:
  base::SteadyTime begun_;
  std::uint64_t ended_ = 0, again_ = 0;                  // before it
  std::uint64_t turns_ = 0, full_ = 0, under_way_ = 0;   // full_: turns that found the window full; under_way_: the sum of all turns
  unsigned lossy_ = 0;             // periods up to now in which much was asked again
  // A try: what it was before.
  bool trying_ = false, fewer_ = false;
  std::size_t size_before_ = 0;
  double rate_before_ = 0;
  unsigned wait_ = 0, next_wait_ = 1;  // periods until the next try
};

}  // namespace fcrdns::resolver
