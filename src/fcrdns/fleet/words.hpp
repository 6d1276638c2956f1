// Figures as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "fcrdns/base/time.hpp"

namespace fcrdns::fleet {

[[nodiscard]] std::string grouped(std::uint64_t number);  ///< "16,777,216"
/// Cut to its first digits: 117,934 is "118,000".
[[nodiscard]] std::string about(double number, int digits = 3);
/// "0.4 s", "78 s", "3 min 12 s", "5 h 12 min", "3 days 4 h"
[[nodiscard]] std::string span(base::Milliseconds time);
/// "62 %"; what is more than nothing and less than all is never shown as these.
[[nodiscard]] std::string share(std::uint64_t part, std::uint64_t whole);

}  // namespace fcrdns::fleet
