// The catalogues that are compiled in (data/ in the source tree).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace fcrdns::base {

/// The content of data/NAME as it was at build time; lives as long as the program.
[[nodiscard]] std::optional<std::string_view> data_file(std::string_view name);
/// Names of all compiled-in files below `folder` ("worlds/"), sorted.
[[nodiscard]] std::vector<std::string_view> data_files(std::string_view folder);

}  // namespace fcrdns::base
