// The reverse name of an address, straight from its octets (RFC 1035 3.5, RFC 3596 2.5): for who asks about millions.
#pragma once

#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::dns {

/// The same name as net::reverse_name says.
[[nodiscard]] Name reverse_name(const net::Address& address);

}  // namespace fcrdns::dns
