// Where a record goes: its name, absolute, and relative to the zone that the walk or a negative answer showed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/remedy/remedy.hpp"

namespace fcrdns::remedy {

struct Place {
  std::string name;                 ///< absolute, with final dot; may begin with the literal NAME
  std::optional<dns::Name> zone;    ///< empty: not known
  std::string who;                  ///< runs the zone
};

/// "5" for 5.113.0.203.in-addr.arpa. in 113.0.203.in-addr.arpa.; "@" for the zone itself; "" when it is not in there.
[[nodiscard]] std::string relative_to(std::string_view name, const dns::Name& zone);

/// How many leading bits the addresses of the registered block share: "2001:db8:: - 2001:db8:ffff:..." has 32. Empty when
/// the registry told none.
[[nodiscard]] std::optional<std::size_t> registered_length(const evidence::AddressEvidence& at);

/// Where the PTR of an address stands or should stand: behind the aliases of RFC 2317, when there are such. `who` is
/// left empty.
[[nodiscard]] Place reverse_place(const evidence::AddressEvidence& at);
/// Where the address records of a name go.
[[nodiscard]] Place forward_place(const evidence::Evidence& evidence, const dns::Name& name);

/// The zone to be delegated for an address whose block the registry has no name servers for: the /24 of IPv4; of IPv6
/// the nibble boundary of the block as registered, /48 when that is not known.
[[nodiscard]] dns::Name undelegated_zone(const evidence::AddressEvidence& at);

[[nodiscard]] PlannedRecord record_at(const Place& place, std::string type, std::string data);

}  // namespace fcrdns::remedy
