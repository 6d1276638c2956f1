// When the caches of receivers have let go of what was wrong (RFC 2308 5, RFC 1035 3.2.1).
#pragma once

#include <optional>
#include <span>

#include "fcrdns/remedy/remedy.hpp"

namespace fcrdns::remedy {

/// Empty when all is right everywhere, and when nothing definite is known.
///
/// Observed: the authority is right now. Earliest: the largest TTL that remains in a cache seen, and one second, as
/// resolvers count whole ones; latest: the full TTL that a cache nobody can see may hold, counted from the last answer
/// of the evidence. Not yet mended: the same spans from the time of the evidence.
[[nodiscard]] std::optional<SafeToResend> safe_to_resend(const finding::Considered& considered,
                                                         std::span<const finding::Finding> findings);

}  // namespace fcrdns::remedy
