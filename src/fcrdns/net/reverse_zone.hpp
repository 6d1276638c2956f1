// Reverse zones as prefixes: which ones cover a block, and which block a zone's name stands for (RFC 1035 3.5, RFC 3596
// 2.5). Zones are cut at octets (IPv4) and nibbles (IPv6) only; what lies between is classless delegation (generator).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::net {

/// The zones that together cover exactly this prefix: those of the next octet or nibble boundary (a /61 is eight, a /35
/// two, an IPv4 /23 two), in order of addresses; never more than 128. An IPv4 prefix between /24 and /32 covers only a
/// part of a zone: the one zone of its /24.
[[nodiscard]] std::vector<Prefix> covering_zones(const Prefix& prefix);
/// "113.0.203.in-addr.arpa." of 203.0.113.0/24; the length must be a multiple of 8, or 4 for IPv6.
[[nodiscard]] std::string reverse_zone_name(const Prefix& zone);
/// The zone of this length that the address lies in: 203.0.113.0/24 of 203.0.113.5 and 24.
[[nodiscard]] Prefix zone_of(const Address& address, std::uint8_t length);
/// The block that the name of a reverse zone stands for ("113.0.203.in-addr.arpa", any case, final dot optional; a whole
/// reverse name is a /32 or /128), or a Fault that says what is off.
[[nodiscard]] base::Expected<Prefix> parse_reverse_zone(std::string_view name);

}  // namespace fcrdns::net
