// The two records that make an address and a host name confirm each other, and what panels call them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "fcrdns/dns/record.hpp"

namespace fcrdns::generator {

/// The PTR, then the A or AAAA (RFC 1035 3.5, RFC 3596).
[[nodiscard]] std::array<dns::Record, 2> record_pair(const net::Address& address, const dns::Name& host, std::uint32_t ttl);

/// A name as it is entered in a zone: "5" in 113.0.203.in-addr.arpa., "@" for the zone's own name.
struct Relative {
  dns::Name zone;
  std::string name;
};
/// The name must be within the zone.
[[nodiscard]] std::string relative_name(const dns::Name& name, const dns::Name& zone);
/// In each zone that the reverse name may lie in, the smallest first: /24 /16 /8; of IPv6 each nibble from /64 to /32.
[[nodiscard]] std::vector<Relative> in_reverse_zones(const net::Address& address);
/// In each zone that a host may lie in, the smallest first: itself, then each parent, down to two labels.
[[nodiscard]] std::vector<Relative> in_forward_zones(const dns::Name& host);

}  // namespace fcrdns::generator
