#include "fcrdns/owner/owner.hpp"

namespace fcrdns::owner {

std::string_view to_word(Registration::Outcome) { return ""; }
std::optional<Registration::Outcome> parse_outcome(std::string_view) { return std::nullopt; }
std::string_view to_word(Source) { return ""; }
std::string_view to_word(Certainty) { return ""; }
std::vector<Candidate> candidates(const ReverseFacts&) { return {}; }

}  // namespace fcrdns::owner
