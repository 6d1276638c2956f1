// How many questions are worth having under way: as many as make it faster, no more. What is above that stands in queues,
// the resolver's and the kernel's, and in memory that no cache holds any more. So where the window is what holds the scan up it
// is now and then doubled, which stays so only if more answers come, and halved, which stays so if as many come: a resolver
// that drops what it has no place for answers more when it is asked less at once.
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
  /// To be called every turn: how many questions are under way, and how many have ended so far.
  void turn(base::SteadyTime now, std::size_t under_way, std::uint64_t ended);

 private:
  void judge(double rate, bool was_full);

  std::size_t most_, least_, size_;
  // Of the period that is running:
  base::SteadyTime begun_;
  std::uint64_t ended_ = 0;        // before it
  unsigned turns_ = 0, full_ = 0;  // full_: turns that found the window full
  // A try: what it was before.
  bool trying_ = false, upward_ = true;
  std::size_t size_before_ = 0;
  double rate_before_ = 0;
  unsigned wait_ = 0, next_wait_ = 1;  // periods until the next try
};

}  // namespace fcrdns::resolver
