// Unpredictable numbers, handed in so that tests can hand in predictable ones.
#pragma once

#include <cstdint>

namespace fcrdns::base {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint32_t u32() = 0;
  /// Uniform in 0..bound-1, without modulo bias; bound > 0.
  std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t limit = UINT32_MAX - UINT32_MAX % bound;
    for (;;)
      if (const auto value = u32(); value < limit) return value % bound;
  }
};

/// The kernel's CSPRNG (getrandom), buffered; ends the process if the kernel has none. One per thread.
[[nodiscard]] Random& secure_random();

}  // namespace fcrdns::base
