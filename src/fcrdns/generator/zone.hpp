// What records are made for: a zone of which all is written, or a part of one that exists.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fcrdns/dns/record.hpp"

namespace fcrdns::generator {

struct Zone {
  dns::Name apex;
  std::uint32_t ttl = 3600;             ///< seconds; what a record without one of its own gets
  std::vector<dns::Name> nameservers;   ///< with some, the whole zone is written: SOA and NS first. Empty: records only
  dns::Soa soa;                         ///< of a whole zone
  std::string comment;                  ///< one line for people, above the zone; printable ASCII; may be empty
  friend bool operator==(const Zone&, const Zone&) = default;
};

}  // namespace fcrdns::generator
