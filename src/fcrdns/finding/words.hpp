// The words of every finding, apart from its logic: what catalogue.cpp fills in.
#pragma once

#include <span>
#include <string_view>

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::finding {

/// {key} is filled with the argument of that name; a list is joined with commas.
struct Words {
  Id id;
  std::string_view form;  ///< of the argument "form"; a row without one serves every other form
  std::string_view title, detail;
};
[[nodiscard]] std::span<const Words> all_words();
/// What a code among the arguments "faults", "reasons" and "why" means in plain words; any other text as it is.
[[nodiscard]] std::string_view phrase(std::string_view code);

}  // namespace fcrdns::finding
