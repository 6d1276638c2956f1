// Advice that people paste along with a bounce, and that does not help: what many how-tos get wrong.
#pragma once

#include <string_view>
#include <vector>

namespace fcrdns::bounce {

/// What is wrong with what the text advises, a sentence each; empty for most texts. The sentences live as long as the
/// program. Linear in the text.
[[nodiscard]] std::vector<std::string_view> bad_advice(std::string_view text);

}  // namespace fcrdns::bounce
