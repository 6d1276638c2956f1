// What the zones' own servers show of one side, and what a cache does. Pure: answers in, holders out.
#pragma once

#include <span>

#include "fcrdns/propagation/propagation.hpp"
#include "fcrdns/resolver/walk.hpp"

namespace fcrdns::propagation {

[[nodiscard]] dns::Question question_of(const Goal& goal, Side side);

/// A server that says there is an alias, whose TTL matters as the side is not right. Ask it for the CNAME itself.
struct AliasSeen {
  Alias alias;
  net::Address server;
  bool leads_on = false;  ///< the way goes through it; else others do not have it (any more)
};
struct Shown {
  std::vector<Holder> servers;
  bool right = false, open = false;
  std::uint32_t hold = 0;
  Before before;
  std::vector<AliasSeen> aliases;
  std::string problem;  ///< why a walk ended early
};
/// `walks`: of the side's question, then of where each alias leads. `complete`: the last one leads no further. `port` is
/// that of all servers.
[[nodiscard]] Shown judge(const Goal& goal, Side side, std::span<const resolver::Walk> walks, bool complete, std::uint16_t port);

/// What a cache said to the side's question, asked without recursion. `way`: the aliases as the authority has them.
[[nodiscard]] Holder judge(const Goal& goal, Side side, const net::Endpoint& cache, const resolver::ServerAnswer& said,
                           std::span<const Alias> way);

}  // namespace fcrdns::propagation
