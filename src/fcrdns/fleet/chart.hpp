// Verdicts as bars (inline SVG); what each shows stands in its title as well.
#pragma once

#include <string>

#include "fcrdns/fleet/prefixes.hpp"
#include "fcrdns/fleet/summary.hpp"
#include "fcrdns/fleet/tally.hpp"

namespace fcrdns::fleet {

[[nodiscard]] std::string whole_bar(const Counts& counts);
/// At most 40 bars, the worst first; empty when all is in one prefix.
[[nodiscard]] std::string prefix_chart(const Prefixes& prefixes);

/// What stands behind a line of the table.
[[nodiscard]] std::string to_note(const Summary& summary, Class in);
/// "16,384 addresses in 78 s, ...; nothing lost; ..."
[[nodiscard]] std::string to_sentence(const Summary& summary);

}  // namespace fcrdns::fleet
