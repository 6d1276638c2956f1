// A permutation of 0..size-1 without memory: a Feistel network over the next even number of bits, walked on until the
// result falls below size (cycle walking; Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). It spreads,
// it does not hide: the rounds are a mixing function, no cipher.
#include <bit>

#include "fcrdns/sweep/permutation.hpp"

namespace fcrdns::sweep {
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

Permutation::Permutation(std::uint64_t size, std::uint64_t key)
    : size_(size), key_(key), half_bits_(size < 2 ? 0 : (static_cast<unsigned>(std::bit_width(size - 1)) + 1) / 2) {}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
  if (half_bits_ == 0) return index;
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  do {
    auto left = index >> half_bits_, right = index & mask;
    for (unsigned round = 0; round < 4; ++round) {
      const auto next = left ^ (mix(key_ ^ mix(right << 8 | round)) & mask);
      left = right;
      right = next;
    }
    index = left << half_bits_ | right;
  } while (index >= size_);
  return index;
}

}  // namespace fcrdns::sweep
