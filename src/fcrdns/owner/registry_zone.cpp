#include "fcrdns/owner/registry_zone.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "fcrdns/owner/range.hpp"

namespace fcrdns::owner {
namespace {

dns::Name name(std::string_view text) { return *dns::Name::parse(text); }

/// The first and the last address of the block, as the reverse zone at `bits` spans it.
std::pair<net::Address, net::Address> span_of(const net::Address& address, std::size_t bits) {
  base::Octets first(address.octets().begin(), address.octets().end()), last = first;
  for (std::size_t bit = bits; bit < first.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> bit % 8);
    first[bit / 8] &= static_cast<std::uint8_t>(~mask);
    last[bit / 8] |= mask;
  }
  return {*net::Address::from_octets(first), *net::Address::from_octets(last)};
}

bool covers(const Registration* registration, const net::Address& address, std::size_t bits) {
  const auto range = registration ? Range::parse(registration->range) : std::nullopt;
  if (!range) return false;
  const auto [first, last] = span_of(address, bits);
  return range->contains(first) && range->contains(last);
}

/// How many bits the registries' own zones go down at most. IANA handed out /8 of IPv4 and, since 2006, /12 of IPv6;
/// before that /23 in 2001::/16 and in parts of 2600::/12, which make zones of /24.
std::size_t registry_bits(const net::Address& address) {
  if (address.is_v4()) return 8;
  static const std::array old{*net::Prefix::parse("2001::/16"), *net::Prefix::parse("2610::/16"),
                              *net::Prefix::parse("2620::/16")};
  return std::ranges::any_of(old, [&](const auto& prefix) { return prefix.contains(address); }) ? 24 : 12;
}

}  // namespace

bool is_registry_server(const dns::Name& nameserver) {
  static const std::array domains{name("ripe.net"),    name("arin.net"),  name("apnic.net"), name("lacnic.net"),
                                  name("afrinic.net"), name("iana.org"), name("icann.org"), name("arpa")};
  return std::ranges::any_of(domains, [&](const auto& domain) { return nameserver.is_within(domain); });
}

bool is_registry_zone(const dns::Name& apex, std::span<const dns::Name> nameservers, const net::Address& address,
                      const Registration* registration) {
  if (apex.label_count() < 2) return true;
  static const auto arpa = name("arpa");
  if (!apex.is_within(arpa)) return false;  // an alias led out of the reverse tree: somebody's own zone
  if (apex.label_count() == 2) return true;
  const auto bits = (apex.label_count() - 2) * (address.is_v4() ? 8 : 4);
  // Legacy space: a registry keeps the /16 zone of many holders on its own servers.
  const bool shared = bits <= (address.is_v4() ? 16U : 24U) && !nameservers.empty() &&
                      std::ranges::all_of(nameservers, is_registry_server);
  return (bits <= registry_bits(address) || shared) && !covers(registration, address, bits);
}

}  // namespace fcrdns::owner
