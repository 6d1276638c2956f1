// The address of the sending server from Received fields (RFC 5321 4.4), where the reply quotes none. Only a hop between
// two servers counts that another server than the sending one wrote down; the address of whoever submitted a mail never does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/net/address.hpp"

namespace fcrdns::bounce {

struct Hop {
  std::string helo, name;              ///< "from HELO (NAME [ADDRESS])"; empty: not told
  std::optional<net::Address> address;
  std::string by;
  bool submitted = false;              ///< by an authenticated client, locally, or over HTTP
};
[[nodiscard]] Hop parse_received(std::string_view value);

/// Of a bounce's own header: the hop in which `sending_host`, which wrote the bounce, handed it to another server.
[[nodiscard]] std::optional<net::Address> address_of_reporter(std::string_view header, std::string_view sending_host);

struct LastHop {
  std::string from;  ///< the sending server
  net::Address address;
};
/// Of the returned mail's header: its last hop, when the server `refuser` took it from another server (which itself has a
/// Received field there).
[[nodiscard]] std::optional<LastHop> hop_into(std::string_view header, std::string_view refuser);

/// An address that the Internet can see: not private, not loopback, not link-local.
[[nodiscard]] bool is_public(const net::Address& address);

}  // namespace fcrdns::bounce
