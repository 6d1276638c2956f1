// When was a zone changed last? Serials that are a date or a time tell (RFC 1912 2.2).
#pragma once

#include <optional>

#include "fcrdns/base/time.hpp"
#include "fcrdns/resolver/walk.hpp"

namespace fcrdns::resolver {

/// The latest time at which the walk's zone can have come to stand as it does: its serial is seconds since 1970, or
/// YYYYMMDDnn, taken for the end of that day wherever on earth it is written. Empty when the serial is a mere counter, or
/// the servers differ.
[[nodiscard]] std::optional<base::WallTime> changed_at_latest(const Walk& walk, base::WallTime now);

}  // namespace fcrdns::resolver
