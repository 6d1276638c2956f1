// Where an update goes: the zone a name is in, and the servers to ask, the primary first (RFC 2136 4.3).
#pragma once

#include <string>
#include <vector>

#include "fcrdns/apply/backend.hpp"

namespace fcrdns::apply {

struct Server {
  std::string who;  ///< "primary ns1.example.net.", for the sentences; empty: the one that the user named
  net::Endpoint endpoint;
};
struct Place {
  dns::Name zone;               ///< root: the one that `servers` say (see --set server)
  std::vector<Server> servers;  ///< at most max_servers, never empty
  static constexpr std::size_t max_servers = 8;
};

/// By the settings "server" and "zone", else by the delegations; where no root server can be reached, by the resolver.
[[nodiscard]] Outcome<Place> find_place(const Context& context, const dns::Question& record);

}  // namespace fcrdns::apply
