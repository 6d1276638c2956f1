// DNSSEC for the zones of a world (RFC 4034, RFC 4035): fresh ECDSA P-256 keys (RFC 6605), NSEC, made when the server
// starts and never stored. ldns does the cryptography.
#pragma once

#include <map>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::authority {

struct SignedZone {
  std::map<std::pair<dns::Name, dns::Type>, std::vector<dns::Record>> signatures;  ///< RRSIGs by what they cover
  std::map<dns::Name, dns::Record> nsec;                                           ///< the chain, in canonical order
  std::vector<dns::Record> dnskeys;
  std::vector<dns::Record> ds;                                                     ///< for the parent
};

/// Signs `records`, which are all of the zone: its own, and the NS and DS of the zones below. Signatures run from an
/// hour ago for a month; for Signing::expired they ended a month ago, for Signing::bogus those of the data are damaged.
/// A Fault says which step ldns refused.
[[nodiscard]] base::Expected<SignedZone> sign(const world::Zone& zone, const std::vector<dns::Record>& records,
                                              base::WallTime now);

/// A world with every key, signature and DS in it.
struct SignedWorld {
  world::World world;                        ///< DNSKEY, DS and NSEC are ordinary records of its zones
  std::map<dns::Name, SignedZone> zones;     ///< by apex; the signed ones only
  [[nodiscard]] std::string trust_anchor() const;  ///< the root's DNSKEY as a line of text; empty when it is unsigned
};
[[nodiscard]] base::Expected<SignedWorld> sign(world::World world, base::WallTime now);

}  // namespace fcrdns::authority
