// PowerDNS Authoritative Server by its HTTP API: whole RRsets are read and replaced.
#pragma once

#include "fcrdns/apply/backend.hpp"

namespace fcrdns::apply {

[[nodiscard]] BackendRow powerdns();

}  // namespace fcrdns::apply
