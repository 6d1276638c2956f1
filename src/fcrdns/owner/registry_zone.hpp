// Whether a reverse zone is the registries' own: then its servers do not tell who holds the addresses.
#pragma once

#include <span>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/owner/owner.hpp"

namespace fcrdns::owner {

/// A server of IANA or of one of the five regional registries; many of them also serve as secondaries of others.
[[nodiscard]] bool is_registry_server(const dns::Name& nameserver);

/// The zone stands above what the registries hand out: in-addr.arpa and its /8, ip6.arpa down to the registries' blocks,
/// and larger ones on none but registries' servers. Not so when `registration` (null: not known) covers it as a whole:
/// some /8 have one holder.
[[nodiscard]] bool is_registry_zone(const dns::Name& apex, std::span<const dns::Name> nameservers,
                                    const net::Address& address, const Registration* registration);

}  // namespace fcrdns::owner
