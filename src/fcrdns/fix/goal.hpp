// What the two words of `fcrdns fix` and `fcrdns wait` mean.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::fix {

/// ADDRESS in any spelling of one address, HOSTNAME a name that can be a host's. A Fault says what is wrong with which.
[[nodiscard]] base::Expected<propagation::Goal> parse_goal(const std::vector<std::string>& words);

}  // namespace fcrdns::fix
