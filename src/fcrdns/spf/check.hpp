// check_host() of RFC 7208 4, from left to right, as far as the answers reach.
#pragma once

#include <optional>

#include "fcrdns/spf/policy.hpp"

namespace fcrdns::spf {

/// Empty: `known` wants answers first.
[[nodiscard]] std::optional<Outcome> check(const Query& query, const Limits& limits, Known& known);

}  // namespace fcrdns::spf
