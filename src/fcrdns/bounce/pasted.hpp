// Claims of text that lost its form: pasted replies and pieces of reports, bounces quoted or forwarded inside another mail.
#pragma once

#include <string_view>

#include "fcrdns/bounce/gathered.hpp"

namespace fcrdns::bounce {

/// Which text it is: one that a person hands over because of the reply in it, or any mail, in which only what stands there
/// as a bounce counts and talk about codes does not.
enum class Trust { handed_over, any_mail };

/// `frame.line` is the line of the text's begin; with `count_lines` each claim gets the line where its reply stands.
void gather_pasted(std::string_view text, const Claim& frame, Trust trust, bool count_lines, Gathered& to);

}  // namespace fcrdns::bounce
