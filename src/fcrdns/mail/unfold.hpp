// Joins the lines of a reply: blanks single, quote marks at the begin of lines gone, the codes that every line repeats
// taken out.
#pragma once

#include <string>
#include <string_view>

#include "fcrdns/mail/reply.hpp"

namespace fcrdns::mail {

/// The codes a reply began with, as its further lines repeat them.
struct Repeated {
  int code = 0;                          ///< 0: none, so nothing is taken out for it
  std::optional<EnhancedCode> enhanced;
  bool more_lines = false;               ///< the first line had a hyphen behind its code (RFC 5321 4.2.1)
};

/// `text` is what stands behind the first line's codes.
[[nodiscard]] std::string unfold(std::string_view text, const Repeated& repeated);

/// Skips "> ", ">> ", "<<< " (Sendmail's transcript) and blanks of the same line.
[[nodiscard]] std::size_t skip_quote_marks(std::string_view text, std::size_t at);

}  // namespace fcrdns::mail
