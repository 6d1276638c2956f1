// An order that looks random and needs no memory.
#pragma once

#include <cstdint>

namespace fcrdns::sweep {

/// A permutation of 0..size-1; the same for the same key.
class Permutation {
 public:
  Permutation(std::uint64_t size, std::uint64_t key);
  [[nodiscard]] std::uint64_t operator()(std::uint64_t index) const;

 private:
  std::uint64_t size_, key_;
  unsigned half_bits_;
};

/// Spreads a number over all 64 bits (splitmix64).
[[nodiscard]] std::uint64_t mix(std::uint64_t value);

}  // namespace fcrdns::sweep
