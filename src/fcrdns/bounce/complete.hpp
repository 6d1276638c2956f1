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
/// of the options leaves it out. `known`: the cause, where the log tells it and the reply does not.
void complete(Claim& claim, const Options& options, Sink& sink, std::optional<Cause> known = {});

}  // namespace fcrdns::bounce
