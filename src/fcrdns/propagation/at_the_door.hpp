// What the doors `fix` and `wait` share: the goal as it is typed, the caches to look into, a pause that can be interrupted.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fcrdns/propagation/propagation.hpp"
#include "fcrdns/resolver/options.hpp"

namespace fcrdns::propagation {

/// ADDRESS in any spelling of one address, HOSTNAME a name that can be a host's. A Fault says what is wrong with which.
[[nodiscard]] base::Expected<Goal> parse_goal(const std::vector<std::string>& words);

/// The resolvers that are asked, those that were named, and, when recursion is built in, the system's: what the mail
/// server on this host most likely asks. Each once.
[[nodiscard]] std::vector<net::Endpoint> caches_to_see(const resolver::Resolver& resolver, std::vector<net::Endpoint> named,
                                                       const resolver::Options& options);

/// Lets the resolver work meanwhile. False: `stop` said so.
[[nodiscard]] bool pause(resolver::Resolver& resolver, base::Milliseconds how_long, const std::function<bool()>& stop);

}  // namespace fcrdns::propagation
