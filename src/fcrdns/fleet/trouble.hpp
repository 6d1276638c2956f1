// Where the addresses without a verdict gather, and what the servers there say.
#pragma once

#include <span>
#include <string>

#include "fcrdns/fleet/tally.hpp"
#include "fcrdns/resolver/bulk.hpp"

namespace fcrdns::fleet {

/// "all in 40.18.198.in-addr.arpa: both servers REFUSED"; as little as is known: "REFUSED", or nothing.
[[nodiscard]] std::string where_undetermined(const Tally& tally, const resolver::BulkCounts& counts,
                                             std::span<const resolver::ServerHealth> servers);

/// One server in a few words: "ok", "slow", "refuses", "silent".
[[nodiscard]] std::string_view state_of(const resolver::ServerHealth& server);

}  // namespace fcrdns::fleet
