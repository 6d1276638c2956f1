// Where an HTTP request may go: the rules that stand between a hostile redirect and the machines behind our firewall.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

/// The server a URL names (RFC 6454 4). Two URLs of one origin lead to the same server.
struct Origin {
  std::string scheme, host;  ///< lower case
  std::uint16_t port = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// Empty when it is no absolute URL; any scheme is read.
[[nodiscard]] std::optional<Origin> origin_of(const std::string& url);

/// Why this URL may not be asked; empty: it may. `from` is the URL that redirected here, empty for none.
/// http and https only, never from https down to http (RFC 7480 7), no user name or password, at most 2,000 octets.
[[nodiscard]] std::string why_forbidden(const std::string& url, const std::string& from);

/// Whether a server of the public internet can stand there: none of the special-purpose blocks, IPv6 only in 2000::/3.
/// An address of 64:ff9b::/96 (RFC 6052) counts as the IPv4 address inside.
[[nodiscard]] bool is_global(const net::Address& address);

}  // namespace fcrdns::transport
