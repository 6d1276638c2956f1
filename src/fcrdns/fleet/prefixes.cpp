#include "fcrdns/fleet/prefixes.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <ranges>
#include <span>
#include <vector>

#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::fleet {
namespace {

/// Boundaries of reverse zones (RFC 1035 3.5, RFC 3596 2.5), the finest first.
constexpr std::uint8_t v4_lengths[] = {24, 16, 8, 0}, v6_lengths[] = {64, 48, 32, 16, 0};

std::span<const std::uint8_t> lengths(net::Family family) {
  if (family == net::Family::v4) return v4_lengths;
  return v6_lengths;
}

std::uint64_t first_bits(const net::Address& address) {
  const auto octets = address.octets();
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | (i < octets.size() ? octets[i] : 0);
  return bits;
}

net::Address address_of(std::uint64_t bits, net::Family family) {
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = 0; i < 8; ++i) octets[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  if (family == net::Family::v6) return net::Address::v6(octets);
  return net::Address::v4({octets[0], octets[1], octets[2], octets[3]});
}

std::size_t hash(std::uint64_t bits, unsigned family, unsigned level) {
  const auto mixed = (bits ^ family << 7 ^ level) * 0x9e3779b97f4a7c15U;
  return static_cast<std::size_t>(mixed >> 40);
}

}  // namespace

std::uint64_t Prefixes::Entry::sum() const { return std::accumulate(cells.begin(), cells.end(), std::uint64_t{0}); }

Prefixes::Key Prefixes::key_of(std::uint64_t bits, net::Family family, std::uint8_t level) {
  const auto length = lengths(family)[level];
  return {length == 0 ? 0 : bits & ~std::uint64_t{0} << (64 - length), family, level};
}

/// Where the key is, or would be.
std::size_t Prefixes::find(const Key& key) const {
  for (auto at = hash(key.bits, static_cast<unsigned>(key.family), key.level) % slot_count;; at = (at + 1) % slot_count)
    if (keys_[at].level == free || keys_[at] == key) return at;
}

void Prefixes::add(const net::Address& address, std::size_t cell) {
  const auto bits = first_bits(address);
  const auto family = address.family();
  for (auto level = coarsest_[static_cast<std::size_t>(family)];; --level) {
    const auto key = key_of(bits, family, level);
    const auto at = find(key);
    if (keys_[at].level == free && level > 0) continue;
    if (keys_[at].level == free) {
      keys_[at] = key;
      ++used_;
    }
    ++cells_[at][cell];
    break;
  }
  if (used_ > most) join();
}

namespace {

/// Joins what lies in one block, those with the fewest rows first, until there are at most `count`. The blocks grow:
/// `around` tells that of a prefix at a step; nothing for one that is as large already.
template <typename Around>
std::vector<Prefixes::Entry> joined(std::vector<Prefixes::Entry> entries, std::size_t count, std::size_t steps, Around around) {
  struct Group {
    net::Prefix block;
    std::vector<std::size_t> members;
    std::uint64_t rows = 0;
  };
  for (std::size_t step = 1; step <= steps && entries.size() > count; ++step) {
    std::vector<Group> groups;  // entries are in order, so those of a block stand side by side
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const net::Prefix block = around(entries[i].prefix, step);
      if (groups.empty() || groups.back().block != block) groups.push_back({block, {}});
      groups.back().members.push_back(i);
      groups.back().rows += entries[i].sum();
    }
    std::ranges::stable_sort(groups, {}, &Group::rows);
    auto left = entries.size();
    std::vector<bool> gone(entries.size());
    for (const auto& [block, members, rows] : groups) {
      if (left <= count) break;
      if (members.size() < 2) continue;
      auto& whole = entries[members.front()];
      whole.prefix = block;
      for (const auto i : members | std::views::drop(1)) {
        std::ranges::transform(whole.cells, entries[i].cells, whole.cells.begin(), std::plus{});
        gone[i] = true;
      }
      left -= members.size() - 1;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (!gone[i]) entries[kept++] = entries[i];
    entries.resize(kept);
  }
  return entries;
}

}  // namespace

void Prefixes::join() {
  const auto fewer = joined(entries(), most * 3 / 4, std::size(v6_lengths) - 1, [](const net::Prefix& prefix, std::size_t level) {
    const auto of = lengths(prefix.base.family());
    const auto length = of[std::min(level, of.size() - 1)];
    return prefix.length > length ? net::zone_of(prefix.base, length) : prefix;
  });
  std::ranges::fill(keys_, Key{});
  std::ranges::fill(cells_, Cells{});
  for (const auto& [prefix, cells] : fewer) {
    const auto family = prefix.base.family();
    const auto level = static_cast<std::uint8_t>(std::ranges::find(lengths(family), prefix.length) - lengths(family).begin());
    const auto key = key_of(first_bits(prefix.base), family, level);
    const auto at = find(key);
    keys_[at] = key;
    cells_[at] = cells;
    auto& coarsest = coarsest_[static_cast<std::size_t>(family)];
    coarsest = std::max(coarsest, level);
  }
  used_ = fewer.size();
}

std::vector<Prefixes::Entry> Prefixes::entries() const {
  std::vector<Entry> out;
  for (std::size_t at = 0; at < slot_count; ++at)
    if (const auto& key = keys_[at]; key.level != free) out.push_back({{address_of(key.bits, key.family), lengths(key.family)[key.level]}, cells_[at]});
  std::ranges::sort(out, {}, [](const Entry& entry) { return entry.prefix.base; });
  return out;
}

std::vector<Prefixes::Entry> Prefixes::entries(std::size_t count) const {
  return joined(entries(), count, v6_lengths[0], [](const net::Prefix& prefix, std::size_t bits) {
    const auto finest = lengths(prefix.base.family())[0];
    const auto length = static_cast<std::uint8_t>(finest - std::min<std::size_t>(finest, bits));
    return prefix.length > length ? net::zone_of(prefix.base, length) : prefix;
  });
}

}  // namespace fcrdns::fleet
