// The back ends that speak HTTP: PowerDNS and the providers.
#pragma once

#include <vector>

#include "fcrdns/apply/backend.hpp"

namespace fcrdns::apply {

[[nodiscard]] std::vector<BackendRow> http_backends();

}  // namespace fcrdns::apply
