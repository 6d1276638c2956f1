#include "fcrdns/sweep/units.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "fcrdns/sweep/ranges.hpp"

namespace fcrdns::sweep {
namespace {

unsigned host_bits(const net::Prefix& prefix) { return full_length(prefix.base.family()) - prefix.length; }
unsigned unit_bits(const net::Prefix& prefix) { return std::min(8U, host_bits(prefix)); }

std::uint32_t last_four(const net::Address& address) {
  const auto octets = address.octets().last(4);
  return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 | std::uint32_t{octets[2]} << 8 | octets[3];
}

}  // namespace

net::Address address_at(const net::Address& first, std::uint64_t offset) {
  std::array<std::uint8_t, 16> octets{};
  const auto from = first.octets();
  std::ranges::copy(from, octets.begin());
  const auto low = last_four(first) | static_cast<std::uint32_t>(offset);
  for (std::size_t i = 0; i < 4; ++i) octets[from.size() - 1 - i] = static_cast<std::uint8_t>(low >> (8 * i));
  if (first.is_v4()) return net::Address::v4({octets[0], octets[1], octets[2], octets[3]});
  return net::Address::v6(octets);
}

net::Address last_of(const net::Prefix& prefix) {
  std::array<std::uint8_t, 16> octets{};
  const auto from = prefix.base.octets();
  std::ranges::copy(from, octets.begin());
  for (std::size_t bit = prefix.length; bit < 8 * from.size(); ++bit) octets[bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
  if (prefix.base.is_v4()) return net::Address::v4({octets[0], octets[1], octets[2], octets[3]});
  return net::Address::v6(octets);
}

std::uint64_t offset_in(const net::Prefix& prefix, const net::Address& address) { return last_four(address) - last_four(prefix.base); }

net::Prefix unmapped(const net::Prefix& prefix) {
  constexpr std::uint8_t mapped = 96;
  if (prefix.length < mapped || !prefix.base.is_v4_mapped()) return prefix;
  return {prefix.base.unmapped(), static_cast<std::uint8_t>(prefix.length - mapped)};
}

std::vector<net::Prefix> disjoint(std::vector<net::Prefix> prefixes) {
  std::ranges::sort(prefixes, [](const net::Prefix& a, const net::Prefix& b) { return a.base != b.base ? a.base < b.base : a.length < b.length; });
  std::vector<net::Prefix> out;
  for (const auto& prefix : prefixes)
    if (out.empty() || !out.back().contains(prefix.base)) out.push_back(prefix);
  return out;
}

base::Expected<Units> Units::of(const std::vector<net::Prefix>& prefixes) {
  Units out;
  out.prefixes_ = prefixes;
  std::ranges::transform(out.prefixes_, out.prefixes_.begin(), unmapped);
  out.first_.reserve(prefixes.size());
  std::uint64_t addresses = 0;
  for (const auto& prefix : out.prefixes_) {
    const auto bits = host_bits(prefix);
    if (bits > 32)
      return base::fault(fmt::format("{} holds 2^{} addresses, too many to ask about one by one (at most 2^32): give a prefix of /96 or longer, "
                                     "or a list of the addresses that are in use", prefix.text(), bits));
    addresses += std::uint64_t{1} << bits;
    if (addresses > most_addresses)
      return base::fault(fmt::format("the prefixes up to {} hold more than {} addresses together: scan them in parts", prefix.text(), most_addresses));
    out.first_.push_back(out.count_);
    out.count_ += std::uint64_t{1} << (bits - unit_bits(prefix));
  }
  return out;
}

Unit Units::operator[](std::uint64_t number) const {
  const auto index = static_cast<std::size_t>(std::ranges::upper_bound(first_, number) - first_.begin()) - 1;
  const auto& prefix = prefixes_[index];
  const auto bits = unit_bits(prefix);
  const auto in_prefix = number - first_[index];
  return {number, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(in_prefix),
          {address_at(prefix.base, in_prefix << bits), static_cast<std::uint8_t>(full_length(prefix.base.family()) - bits)},
          static_cast<std::uint16_t>(1U << bits)};
}

}  // namespace fcrdns::sweep
