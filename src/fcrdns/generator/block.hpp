// Whole blocks: the reverse zones of a prefix, handed on to servers or filled with a PTR for each address.
#pragma once

#include <cstdint>

#include "fcrdns/generator/name_template.hpp"
#include "fcrdns/generator/writer.hpp"

namespace fcrdns::generator {

/// As many PTRs as are made for one block: an IPv4 /8, an IPv6 /104.
constexpr std::uint64_t most_addresses = 1U << 24;
/// 2^64 and more are 2^64 - 1.
[[nodiscard]] std::uint64_t size_of(const net::Prefix& prefix);
/// The address that is `index` behind the first one; index < size_of(prefix).
[[nodiscard]] net::Address address_at(const net::Prefix& prefix, std::uint64_t index);

/// What the zones of a block have in common.
struct ZoneHead {
  std::uint32_t ttl = 3600;            ///< seconds
  std::vector<dns::Name> nameservers;
  dns::Soa soa;
};

/// A PTR for each address, zone by zone, whole zones when there are name servers. A part of a zone (an IPv4 prefix longer
/// than /24) is records only. A Fault beyond most_addresses, before anything is written.
[[nodiscard]] base::Expected<void> write_ptrs(const net::Prefix& prefix, const NameTemplate& names, const ZoneHead& head, Writer& out);
/// The NS records that hand on each covering zone, each in the zone above it, to be entered by whoever keeps that.
/// A Fault for a part of a zone: only classless delegation (classless.hpp) hands that on.
[[nodiscard]] base::Expected<std::vector<dns::Record>> delegations(const net::Prefix& prefix, const ZoneHead& head);

}  // namespace fcrdns::generator
