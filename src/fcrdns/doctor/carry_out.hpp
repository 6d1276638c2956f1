// What doctor does, and not only tells: one test mail (--observe), the first change (--write). Each after a question.
#pragma once

#include <functional>
#include <optional>

#include "fcrdns/doctor/story.hpp"

namespace fcrdns::doctor {

/// Hands over the mail and fills in story.observation. An exit code when it was not to be, else empty.
[[nodiscard]] std::optional<int> observe(Story& story, Reached& reached, const Options& options, const std::function<bool()>& stop);

/// Makes the first proposed change that can be made by an edit. Returns the exit code of the whole.
[[nodiscard]] int carry_out(const Story& story, Reached& reached, const Options& options);

}  // namespace fcrdns::doctor
