#include "fcrdns/bounce/claim.hpp"

#include <algorithm>
#include <iterator>

namespace fcrdns::bounce {
namespace {

constexpr std::string_view causes[] = {"no_ptr",      "fcrdns_mismatch", "no_ptr_or_mismatch", "generic_ptr", "dns_tempfail",
                                       "ipv6_policy", "helo",            "authentication",     "reputation",  "other"};
constexpr std::string_view directions[] = {"outbound", "inbound", "unknown"};
constexpr std::string_view certainties[] = {"literal", "words", "code"};
constexpr std::string_view sources[] = {"reply", "log", "received", "reporting_mta", "option", "none"};

}  // namespace

std::string_view to_word(Direction direction) { return directions[static_cast<std::size_t>(direction)]; }
std::string_view to_word(Cause cause) { return causes[static_cast<std::size_t>(cause)]; }
std::string_view to_word(Certainty certainty) { return certainties[static_cast<std::size_t>(certainty)]; }
std::string_view to_word(AddressSource source) { return sources[static_cast<std::size_t>(source)]; }

std::optional<Cause> parse_cause(std::string_view word) {
  const auto* found = std::ranges::find(causes, word);
  if (found == std::end(causes)) return std::nullopt;
  return static_cast<Cause>(found - std::begin(causes));
}

}  // namespace fcrdns::bounce
