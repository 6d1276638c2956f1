// Each address once, however often the input names it: sorted on disk in little memory, then handed out in order.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/scan/entries.hpp"

namespace fcrdns::scan {

/// Reads `from` to its end. What lies in `elsewhere` (prefixes that are scanned anyway) is left out. Bad lines come first.
/// `go_on` saying no ends the reading. The Fault says what the disk would not take.
[[nodiscard]] base::Expected<std::unique_ptr<Entries>> make_unique_entries(std::unique_ptr<Entries> from, const std::vector<net::Prefix>& elsewhere,
                                                                          const std::function<bool()>& go_on);

}  // namespace fcrdns::scan
