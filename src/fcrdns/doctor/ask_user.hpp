// A question before something is done; where nobody is there to be asked, that is a no.
#pragma once

#include <string_view>

namespace fcrdns::doctor {

enum class Reply { yes, no, nobody };
/// `text`: what would be done, whole lines. With `yes` nobody is asked.
[[nodiscard]] Reply ask_user(std::string_view text, bool yes);

}  // namespace fcrdns::doctor
