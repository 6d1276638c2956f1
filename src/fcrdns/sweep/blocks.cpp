#include "fcrdns/sweep/blocks.hpp"

#include <algorithm>

namespace fcrdns::sweep {
namespace {

/// Bits of a label.
unsigned step(const net::Prefix& prefix) { return prefix.base.is_v4() ? 8 : 4; }
/// Of the first name inside the prefix. The root of the tree itself is not asked about.
unsigned first_length(const net::Prefix& prefix) { return std::max((prefix.length + step(prefix) - 1) / step(prefix), 1U) * step(prefix); }

}  // namespace

Blocks::Blocks(const Units& units) : units_(units) {
  std::uint64_t count = 0;
  for (std::uint32_t i = 0; i < units.prefixes().size(); ++i) {
    first_.push_back(count);
    for (std::uint8_t level = 0; level < levels(i); ++level) count += std::uint64_t{1} << (length(i, level) - units.prefixes()[i].length);
  }
  known_.resize((count + 1) / 2);
}

std::uint8_t Blocks::levels(std::uint32_t prefix) const {
  const auto& of = units_.prefixes()[prefix];
  const auto last = unit_length(of.base.family()), first = static_cast<std::uint8_t>(first_length(of));
  return first > last ? 0 : static_cast<std::uint8_t>((last - first) / step(of) + 1);
}

std::uint8_t Blocks::length(std::uint32_t prefix, std::uint8_t level) const {
  const auto& of = units_.prefixes()[prefix];
  return static_cast<std::uint8_t>(first_length(of) + level * step(of));
}

Block Blocks::around(const Unit& unit, std::uint8_t level) const {
  return {unit.prefix, level, unit.in_prefix >> (unit_length(unit.block.base.family()) - length(unit.prefix, level))};
}

net::Prefix Blocks::prefix_of(const Block& block) const {
  const auto& of = units_.prefixes()[block.prefix];
  const auto bits = length(block.prefix, block.level);
  return {address_at(of.base, std::uint64_t{block.index} << (full_length(of.base.family()) - bits)), bits};
}

std::uint64_t Blocks::number(const Block& block) const {
  auto out = first_[block.prefix] + block.index;
  for (std::uint8_t level = 0; level < block.level; ++level) out += std::uint64_t{1} << (length(block.prefix, level) - units_.prefixes()[block.prefix].length);
  return out;
}

Known Blocks::operator[](const Block& block) const {
  const auto at = number(block);
  return Known(static_cast<std::uint8_t>(known_[at / 2] >> (4 * (at % 2)) & 15));
}

void Blocks::set(const Block& block, Known known) {
  const auto at = number(block);
  auto& octet = known_[at / 2];
  octet = static_cast<std::uint8_t>((octet & (at % 2 == 0 ? 0xf0 : 0x0f)) | known.value_ << (4 * (at % 2)));
}

}  // namespace fcrdns::sweep
