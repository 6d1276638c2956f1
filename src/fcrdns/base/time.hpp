// Clocks come in as parameters: wall time for what people read, steady time for waiting.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::base {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using WallTime = std::chrono::sys_time<Milliseconds>;                                   ///< UTC
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;  ///< since some start; never jumps

[[nodiscard]] inline SteadyTime steady_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}
[[nodiscard]] inline WallTime wall_now() {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

/// RFC 3339 in UTC with whole seconds: "2026-11-21T13:02:00Z".
[[nodiscard]] std::string to_rfc3339(WallTime time);
/// Reads what to_rfc3339 writes (a fraction of up to nine digits is accepted and cut to milliseconds).
[[nodiscard]] Expected<WallTime> parse_rfc3339(std::string_view text);

/// "500ms", "10s", "2min", "1h", "3d"; a bare number is seconds. Greater than zero, at most 30 days.
[[nodiscard]] Expected<Milliseconds> parse_duration(std::string_view text);

}  // namespace fcrdns::base
