#include "fcrdns/scan/span.hpp"

#include <algorithm>
#include <array>

#include "fcrdns/sweep/ranges.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::scan {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> added(base::OctetView octets, std::uint64_t many) {
  std::array<std::uint8_t, size> sum{};
  std::ranges::copy(octets, sum.begin());
  for (std::size_t i = size; i-- > 0 && many > 0; many >>= 8) {
    many += sum[i];
    sum[i] = static_cast<std::uint8_t>(many);
  }
  return sum;
}

}  // namespace

net::Address plus(const net::Address& address, std::uint64_t many) {
  return address.is_v4() ? net::Address::v4(added<4>(address.octets(), many)) : net::Address::v6(added<16>(address.octets(), many));
}

Span span_of(const net::Prefix& given) {
  const auto prefix = sweep::unmapped(given);
  const unsigned bits = (prefix.base.is_v4() ? 32U : 128U) - prefix.length;
  const bool too_many = bits >= 64 || std::uint64_t{1} << bits > sweep::most_addresses;
  return {prefix.base, too_many ? 0 : std::uint64_t{1} << bits};
}

}  // namespace fcrdns::scan
