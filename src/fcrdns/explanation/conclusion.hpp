// One conclusion from what the bounces say and what is so now.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/explanation/summary.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::explanation {

/// From the one that weighs most.
enum class Conclusion {
  still_broken,      ///< what the bounce blames is so
  other_family,      ///< mail left over the family that is not in order; the other one is
  authentication,    ///< reverse DNS is right, the reply names authentication too
  undetermined,      ///< DNS trouble, or nobody knows which address it was
  fixed_since,       ///< all is right by now
  receiver_side,     ///< all was right before
  not_ours,          ///< somebody else's server, or somebody else's mail
  not_reverse_dns,   ///< nothing here concerns reverse DNS
};
[[nodiscard]] std::string_view to_word(Conclusion conclusion);

/// What the check says about one topic.
[[nodiscard]] Conclusion conclude(const report::Result& result);

struct Explained {
  const Topic* topic = nullptr;
  report::Result result;
  Conclusion conclusion = Conclusion::undetermined;
};

/// Over all topics: the one that weighs most. `unchecked`: topics that could not be checked, for want of an address.
[[nodiscard]] Conclusion conclude(const Summary& summary, const std::vector<Explained>& explained, std::size_t unchecked);
[[nodiscard]] int exit_code(Conclusion conclusion, const Summary& summary);
/// Of --no-check: what was read decides.
[[nodiscard]] int exit_code_unchecked(const Summary& summary);

}  // namespace fcrdns::explanation
