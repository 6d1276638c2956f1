// What a server's own reply says to who walks down the tree (RFC 1034 4.3.2, RFC 2181 5.4.1): referrals, aliases, and
// the start of the zone it speaks for. Only what lies in the bailiwick of the zone asked counts.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "fcrdns/dns/message.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::resolver {

/// A zone cut: who serves the zone below it, as the zone above says.
struct Delegation {
  dns::Name apex;
  std::vector<dns::Name> nameservers;  ///< in the order of the reply, each once, at most `limit`
  std::map<dns::Name, std::vector<net::Address>> glue;
  std::size_t left_out = 0;            ///< nameservers beyond the limit
};

/// The delegation in a reply of `zone`'s server to a question about `name`, when it leads down: strictly below `zone`,
/// above `name` or at it. Upward and sideways referrals are none.
[[nodiscard]] std::optional<Delegation> referral_in(const dns::Message& reply, const dns::Name& zone,
                                                    const dns::Name& name, std::size_t limit);
/// The same from the answer to an NS question at `apex`, put to a server of the zone above, `zone`, that serves both.
[[nodiscard]] std::optional<Delegation> nameservers_in(const dns::Message& reply, const dns::Name& zone,
                                                       const dns::Name& apex, std::size_t limit);

/// An alias at a name: its CNAME, or the DNAME above it.
struct Alias {
  dns::Record record;
  dns::Name target;
};
/// Empty when there is none, or more than one.
[[nodiscard]] std::optional<Alias> alias_in(const dns::Message& reply, const dns::Name& name);

/// The SOA of the zone that `name` is in, from an authoritative reply to any question about it.
[[nodiscard]] std::optional<dns::Record> soa_in(const dns::Message& reply, const dns::Name& name);

}  // namespace fcrdns::resolver
