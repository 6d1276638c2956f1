// What was predicted of a mail, beside what was seen of it. Pure.
#pragma once

#include <vector>

#include "fcrdns/doctor/story.hpp"

namespace fcrdns::doctor {

/// `domain`: of the recipient; `sender`: which of the machine's.
[[nodiscard]] std::vector<Comparison> compare(const Story& story, std::string_view domain, std::size_t sender, const std::vector<Attempt>& attempts);

}  // namespace fcrdns::doctor
