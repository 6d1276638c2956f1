// The addresses that receivers quote in refusals, as a mail server's own log keeps them: what they saw, whatever stands in
// between.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/finding/host_rules.hpp"

namespace fcrdns::doctor {

/// Octets read in all, from the ends of the logs.
inline constexpr std::uint64_t most_of_logs = 64ULL << 20;

/// Newest log first. Logs that are not there are passed over; why others could not be read goes to `unseen`.
[[nodiscard]] std::vector<finding::Quoted> quoted_in_logs(const std::vector<std::string>& paths, base::WallTime now, std::vector<std::string>& unseen);

/// "41 bounces, 12:40 UTC"; with the day when it is not today's.
[[nodiscard]] std::string in_words(const finding::Quoted& quoted, base::WallTime now);

}  // namespace fcrdns::doctor
