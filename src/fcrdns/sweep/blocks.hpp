// What is known of the names of blocks, for all blocks of all prefixes at once: half an octet each. A block is cut into
// blocks of one octet more (IPv6: one nibble) down to the unit, as names are cut into labels.
#pragma once

#include <cstdint>
#include <vector>

#include "fcrdns/sweep/units.hpp"

namespace fcrdns::sweep {

/// A block of a prefix: the first level has the name nearest to the prefix, the last level are the units.
struct Block {
  std::uint32_t prefix = 0;
  std::uint8_t level = 0;
  std::uint32_t index = 0;  ///< among those of its level

  friend bool operator==(const Block&, const Block&) = default;
};

/// What became of a block's name.
class Known {
 public:
  static constexpr Known unknown() { return Known(0); }
  static constexpr Known asking() { return Known(1); }
  /// The name exists, or nobody knows: its addresses are asked about, or its parts.
  static constexpr Known open() { return Known(2); }
  /// NXDOMAIN, said by the zone at this level, or by one above the prefix.
  static constexpr Known cleared_from_above() { return Known(3); }
  static constexpr Known cleared_by(std::uint8_t level) { return Known(static_cast<std::uint8_t>(4 + level)); }

  [[nodiscard]] constexpr bool is_cleared() const { return value_ > 2; }
  [[nodiscard]] constexpr bool is_from_above() const { return value_ == 3; }
  [[nodiscard]] constexpr std::uint8_t by() const { return static_cast<std::uint8_t>(value_ - 4); }
  friend constexpr bool operator==(Known, Known) = default;

 private:
  friend class Blocks;
  explicit constexpr Known(std::uint8_t value) : value_(value) {}
  std::uint8_t value_;  // below 16
};

class Blocks {
 public:
  explicit Blocks(const Units& units);

  /// Levels of this prefix; 0 when it is smaller than a unit and nothing is known of it.
  [[nodiscard]] std::uint8_t levels(std::uint32_t prefix) const;
  /// The block of this level that holds the unit.
  [[nodiscard]] Block around(const Unit& unit, std::uint8_t level) const;
  [[nodiscard]] net::Prefix prefix_of(const Block& block) const;
  /// The length of a name at this level, in bits.
  [[nodiscard]] std::uint8_t length(std::uint32_t prefix, std::uint8_t level) const;

  [[nodiscard]] Known operator[](const Block& block) const;
  void set(const Block& block, Known known);
  /// One number for each block of all prefixes.
  [[nodiscard]] std::uint64_t number(const Block& block) const;

 private:
  const Units& units_;
  std::vector<std::uint64_t> first_;  // number of the first block of each prefix
  std::vector<std::uint8_t> known_;   // two in each octet
};

}  // namespace fcrdns::sweep
