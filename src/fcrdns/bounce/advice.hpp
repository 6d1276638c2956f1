// Advice that people paste along with a bounce, and that does not help: what many how-tos get wrong.
#pragma once

#include <string_view>
#include <vector>

#include "fcrdns/bounce/read.hpp"

namespace fcrdns::bounce {

/// What the text advises that does not help; empty for most texts. Linear in the text.
[[nodiscard]] std::vector<Advice> bad_advice(std::string_view text);

}  // namespace fcrdns::bounce
