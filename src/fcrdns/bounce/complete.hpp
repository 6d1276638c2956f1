// What every claim gets, whatever it was read from: its meaning, an address where the reply quoted none, the filters.
#pragma once

#include "fcrdns/bounce/claim.hpp"
#include "fcrdns/bounce/read.hpp"

namespace fcrdns::bounce {

/// Where the claims of one message or piece of text stand.
struct Place {
  const std::string& source;
  std::size_t line = 1;  ///< of its first line, counted from 1
};

/// Classifies claim.reply, takes --address where there is no address, and hands the claim to the sink unless a filter
/// of the options leaves it out.
void complete(Claim& claim, const Options& options, Sink& sink);

/// Its two halves, for whoever classifies by itself in between: whether --since leaves it out, and the rest.
[[nodiscard]] bool is_too_old(const Claim& claim, const Options& options);
void hand_over(Claim& claim, const Options& options, Sink& sink);

}  // namespace fcrdns::bounce
