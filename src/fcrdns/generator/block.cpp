#include "fcrdns/generator/block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

unsigned bits_of(const net::Prefix& prefix) { return (prefix.base.is_v4() ? 32U : 128U) - prefix.length; }

/// The part of the prefix that lies in the zone: the smaller of the two.
const net::Prefix& overlap(const net::Prefix& prefix, const net::Prefix& zone) { return prefix.length > zone.length ? prefix : zone; }

}  // namespace

std::uint64_t size_of(const net::Prefix& prefix) {
  const auto bits = bits_of(prefix);
  return bits >= 64 ? std::numeric_limits<std::uint64_t>::max() : std::uint64_t{1} << bits;
}

net::Address address_at(const net::Prefix& prefix, std::uint64_t index) {
  base::Octets octets(prefix.base.octets().begin(), prefix.base.octets().end());
  for (auto octet = octets.rbegin(); octet != octets.rend() && index != 0; ++octet, index >>= 8U)
    *octet = static_cast<std::uint8_t>(*octet | (index & 0xffU));
  return *net::Address::from_octets(octets);
}

base::Expected<void> write_ptrs(const net::Prefix& prefix, const NameTemplate& names, const ZoneHead& head, Writer& out) {
  if (size_of(prefix) > most_addresses)
    return base::fault(fmt::format("{}: too many addresses to name each one; give {} or a longer prefix", prefix.text(),
                                   prefix.base.is_v4() ? "a /8" : "a /104"));
  const bool whole = !prefix.base.is_v4() || prefix.length <= 24;
  for (const auto& block : net::covering_zones(prefix)) {
    Zone zone{*dns::Name::parse(net::reverse_zone_name(block)), head.ttl, {}, head.soa, {}};
    if (whole) zone.nameservers = head.nameservers;
    out.begin_zone(zone);
    const auto& part = overlap(prefix, block);
    for (std::uint64_t i = 0; i < size_of(part) && !out.stopped(); ++i) {
      const auto address = address_at(part, i);
      out.record({*dns::Name::parse(net::reverse_name(address)), dns::Type::ptr, dns::Class::in, head.ttl, names.name_of(address)});
    }
    out.end_zone();
    if (out.stopped()) break;
  }
  return {};
}

base::Expected<std::vector<dns::Record>> delegations(const net::Prefix& prefix, const ZoneHead& head) {
  if (prefix.base.is_v4() && prefix.length > 24)
    return base::fault(fmt::format("{} is a part of the zone {} and cannot be handed on as a zone; --classless does it (RFC 2317)",
                                   prefix.text(), net::reverse_zone_name(net::zone_of(prefix.base, 24))));
  if (prefix.length == 0) return base::fault("the whole address space is nobody's to hand on; give a longer prefix");
  std::vector<dns::Record> out;
  for (const auto& block : net::covering_zones(prefix))
    for (const auto& server : head.nameservers)
      out.push_back({*dns::Name::parse(net::reverse_zone_name(block)), dns::Type::ns, dns::Class::in, head.ttl, server});
  return out;
}

}  // namespace fcrdns::generator
