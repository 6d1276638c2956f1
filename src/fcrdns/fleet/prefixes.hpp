// Counts per prefix, as fine as a few hundred prefixes allow: IPv4 by /24, IPv6 by /64; where there are too many, those
// with the fewest rows are joined into the next shorter one (/16, /8; /48, /32, /16), which then counts all of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::fleet {

class Prefixes {
 public:
  using Cells = std::array<std::uint64_t, 8>;
  struct Entry {
    net::Prefix prefix;
    Cells cells{};
    [[nodiscard]] std::uint64_t sum() const;
  };
  static constexpr std::size_t most = 512;

  Prefixes() : keys_(slot_count), cells_(slot_count) {}
  void add(const net::Address& address, std::size_t cell);
  /// By address; disjoint.
  [[nodiscard]] std::vector<Entry> entries() const;
  /// The same, joined bit by bit until there are at most `count`. A family that has any keeps one at least.
  [[nodiscard]] std::vector<Entry> entries(std::size_t count) const;

 private:
  /// The first 64 bits, host bits zero. Level 0 is the finest of a family; no level: the slot is free.
  struct Key {
    std::uint64_t bits = 0;
    net::Family family = net::Family::v4;
    std::uint8_t level = free;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  static constexpr std::uint8_t free = 255;
  static constexpr std::size_t slot_count = 2048;  // a power of two, four times as many as are used

  static Key key_of(std::uint64_t bits, net::Family family, std::uint8_t level);
  [[nodiscard]] std::size_t find(const Key& key) const;
  void join();

  std::vector<Key> keys_;     ///< an open table; apart from the counts, so that looking for one stays in few cache lines
  std::vector<Cells> cells_;
  std::size_t used_ = 0;
  std::array<std::uint8_t, 2> coarsest_{};  ///< per family: the coarsest level in use
};

}  // namespace fcrdns::fleet
