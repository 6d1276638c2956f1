// One line of a list: an address in any spelling that check takes, or a prefix. Only the first field counts, so rows of an
// earlier scan (TSV, CSV, NDJSON) and exports of other tools serve as a list.
#pragma once

#include <optional>
#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/scan/span.hpp"

namespace fcrdns::scan {

/// Nothing for a blank line and a comment (# or ;). The Fault says why it is no address.
[[nodiscard]] base::Expected<std::optional<Span>> read_list_line(std::string_view line);
/// The line that comes first in CSV and names the columns.
[[nodiscard]] bool is_header(std::string_view line);

}  // namespace fcrdns::scan
