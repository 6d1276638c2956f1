// Reply codes (RFC 5321 4.2.1) and enhanced codes (RFC 3463) where they stand in text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "fcrdns/mail/reply.hpp"

namespace fcrdns::mail {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// Line ends too: a reply may be folded anywhere.
[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Three digits 200..599 at `at` and no fourth; 0: none.
[[nodiscard]] int code_at(std::string_view text, std::size_t at);

/// An enhanced code at `at` and where it ends.
struct EnhancedAt {
  EnhancedCode code;
  std::size_t end = 0;
};
/// Nothing when digits or dots go on behind it: "5.7.25.1" holds none, "5.7.25." at a sentence's end does.
[[nodiscard]] std::optional<EnhancedAt> enhanced_at(std::string_view text, std::size_t at);

/// First octet at or behind `at` that is no blank.
[[nodiscard]] std::size_t skip_blanks(std::string_view text, std::size_t at);

/// A code that servers refuse with. Ports (465, 587) and other numbers are none.
[[nodiscard]] bool is_refusal(int code);

}  // namespace fcrdns::mail
