// Does a name hold the address it belongs to? In decimal or hexadecimal, in any order, whole or in good part.
#pragma once

#include <string_view>

#include "fcrdns/generic/tokens.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::generic {

/// The part of the name that tells, or empty. `tokens` are those of `name`; the view lives as long as the name.
///   IPv4: all four octets anywhere; three or the last two side by side, forward or backward; run together; padded to
///   three digits each; eight hexadecimal digits; the address as one number.
///   IPv6: as written by RFC 5952 with dashes; a half of its 32 digits or more, or its last eight, forward or backward,
///   separated or not; three or more of its groups side by side, or the last two.
/// A part counts only when it is long enough not to be a coincidence.
[[nodiscard]] std::string_view address_in_name(const provider::PlainName& name, const Tokens& tokens,
                                               const net::Address& address);

}  // namespace fcrdns::generic
