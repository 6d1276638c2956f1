#include "fcrdns/fleet/prefixes.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>
#include <utility>

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

Prefixes::Slot& Prefixes::slot(const Key& key) {
  for (auto at = hash(key.bits, static_cast<unsigned>(key.family), key.level);; ++at) {
    auto& slot = slots_[at % slot_count];
    if (slot.key.level == free || slot.key == key) return slot;
  }
}

void Prefixes::add(const net::Address& address, std::size_t cell) {
  const auto bits = first_bits(address);
  const auto family = address.family();
  for (auto level = coarsest_[static_cast<std::size_t>(family)];; --level) {
    const auto key = key_of(bits, family, level);
    auto& found = slot(key);
    if (found.key.level == free && level > 0) continue;
    if (found.key.level == free) {
      found.key = key;
      ++used_;
    }
    ++found.cells[cell];
    break;
  }
  if (used_ > most) join();
}

std::vector<Prefixes::Slot> Prefixes::used() const {
  std::vector<Slot> out;
  for (const auto& slot : slots_)
    if (slot.key.level != free) out.push_back(slot);
  return out;
}

std::vector<Prefixes::Slot> Prefixes::joined(std::vector<Slot> slots, std::size_t count) {
  struct Group {
    std::vector<std::size_t> members;
    std::uint64_t rows = 0;
  };
  for (std::uint8_t level = 1; level < std::size(v6_lengths) && slots.size() > count; ++level) {
    std::map<Key, Group> by_key;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const auto& key = slots[i].key;
      if (key.level > level || level >= lengths(key.family).size()) continue;
      auto& group = by_key[key_of(key.bits, key.family, level)];
      group.members.push_back(i);
      group.rows += std::accumulate(slots[i].cells.begin(), slots[i].cells.end(), std::uint64_t{0});
    }
    std::vector<std::pair<Key, Group>> groups(by_key.begin(), by_key.end());
    std::ranges::stable_sort(groups, {}, [](const auto& group) { return group.second.rows; });
    auto left = slots.size();
    for (const auto& [key, group] : groups) {
      if (left <= count) break;
      if (group.members.size() < 2) continue;
      Slot whole{key};
      for (const auto i : group.members) {
        for (std::size_t cell = 0; cell < whole.cells.size(); ++cell) whole.cells[cell] += slots[i].cells[cell];
        slots[i].key.level = free;
      }
      slots[group.members.front()] = whole;
      left -= group.members.size() - 1;
    }
    std::erase_if(slots, [](const Slot& slot) { return slot.key.level == free; });
  }
  return slots;
}

void Prefixes::join() {
  const auto fewer = joined(used(), most * 3 / 4);
  std::ranges::fill(slots_, Slot{});
  for (const auto& each : fewer) {
    slot(each.key) = each;
    auto& coarsest = coarsest_[static_cast<std::size_t>(each.key.family)];
    coarsest = std::max(coarsest, each.key.level);
  }
  used_ = fewer.size();
}

std::vector<Prefixes::Entry> Prefixes::entries_of(const std::vector<Slot>& slots) {
  std::vector<Entry> out;
  for (const auto& [key, cells] : slots) out.push_back({{address_of(key.bits, key.family), lengths(key.family)[key.level]}, cells});
  std::ranges::sort(out, {}, [](const Entry& entry) { return entry.prefix.base; });
  return out;
}

std::vector<Prefixes::Entry> Prefixes::entries() const { return entries_of(used()); }
std::vector<Prefixes::Entry> Prefixes::entries(std::size_t count) const { return entries_of(joined(used(), count)); }

}  // namespace fcrdns::fleet
