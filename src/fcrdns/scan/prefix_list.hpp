// A list that has to be right in whole: what is to be queued, what is to be left alone.
#pragma once

#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/scan/span.hpp"

namespace fcrdns::scan {

/// All entries that make_lists would hand out. The Fault names the first line that cannot be read, or the file.
[[nodiscard]] base::Expected<std::vector<net::Prefix>> read_prefixes(std::vector<Span> words, std::vector<std::string> files);

}  // namespace fcrdns::scan
