// What stands now between one address and one name, as the plan needs it: what is done already, and how long caches may
// hold what is wrong (RFC 2308 5, RFC 1035 3.2.1).
#pragma once

#include <optional>

#include "fcrdns/finding/finding.hpp"
#include "fcrdns/remedy/records.hpp"

namespace fcrdns::remedy {

struct FixFacts {
  const evidence::AddressEvidence* at = nullptr;    ///< null: the evidence holds no such address
  const evidence::NameLook* look = nullptr;         ///< the name as it was looked up; null: it was not
  dns::Name canonical;                              ///< where its address records stand, behind its aliases
  bool aliased = false;                             ///< `canonical` is another name
  bool dangling = false;                            ///< and it has no address record of either family
  bool leads_elsewhere = false;                     ///< it has other addresses of the same family
  bool other_family = false, takes_mail = false;    ///< it has addresses of the other family; it is an MX
  bool forward_done = false, ptr_done = false;      ///< by every server that answers, where walks exist; else by the resolver
  bool forward_absent = false;                      ///< some resolver's cache was seen to hold that the name does not lead here
  base::Seconds forward_held{}, ptr_held{};         ///< what is wrong now, in caches, at most
  Place place;                                      ///< of the PTR; `who` empty
  bool classless = false;                           ///< the reverse name is an alias: the PTR goes elsewhere (RFC 2317)
  std::vector<dns::Name> other_names;               ///< what the PTR names beside the name, or instead of it
};

/// Borrows from the evidence.
[[nodiscard]] FixFacts fix_facts(const finding::Considered& considered, const net::Address& address, const dns::Name& hostname);

}  // namespace fcrdns::remedy
