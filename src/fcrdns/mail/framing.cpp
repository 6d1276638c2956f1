#include "fcrdns/mail/framing.hpp"

#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/mail/codes.hpp"
#include "fcrdns/mail/unfold.hpp"

namespace fcrdns::mail {
namespace {

constexpr int max_frames = 8;           // inside each other
constexpr std::size_t max_type = 24;    // octets of a diagnostic type ("smtp", "x-postfix")

/// Words in front of a reply; any case.
constexpr std::array<std::string_view, 13> openings{
    "diagnostic-code:", "remote server returned:", "remote server returned", "remote host said:", "remote mta said:",
    "server said:",     "the response was:",       "response was:",          "(reason:",          "reason:",
    "smtp error:",      "error:",                  "said:"};

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && base::equals_ignoring_case(text.substr(0, word.size()), word);
}

/// "smtp;", "x-unix;": the diagnostic type of RFC 3464 2.3.6. Octets of it; 0: none.
std::size_t diagnostic_type(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && at < max_type && (is_letter(text[at]) || text[at] == '-' || is_digit(text[at]))) ++at;
  const auto type = text.substr(0, at);
  const auto behind = skip_blanks(text, at);
  if (behind >= text.size() || text[behind] != ';') return 0;
  for (const auto known : {"smtp", "esmtp", "lmtp", "unix", "x400"})
    if (base::equals_ignoring_case(type, known)) return behind + 1;
  return begins_with(type, "x-") ? behind + 1 : 0;
}

std::size_t opening(std::string_view text) {
  if (text.empty() || !(is_letter(text.front()) || text.front() == '(')) return 0;
  if (const auto length = diagnostic_type(text)) return length;
  for (const auto word : openings)
    if (begins_with(text, word)) return word.size();
  return 0;
}

void drop_end(std::string_view& text, std::string_view end) {
  text = base::trim(text);
  if (text.size() > end.size() && begins_with(text.substr(text.size() - end.size()), end)) text.remove_suffix(end.size());
}

/// Takes one frame off both ends; false: there is none (any more).
bool unframe(Framed& framed) {
  auto& text = framed.text;
  const auto inner = skip_blanks(text, 1);
  const auto next = inner < text.size() ? text[inner] : ' ';
  if (const auto length = opening(text)) {
    if (text.front() == '(') drop_end(text, ")");
    text.remove_prefix(length);
    return true;
  }
  if (const auto found = enhanced_at(text, 0)) {  // "5.7.25 smtp;550 5.7.25 ..."
    const auto behind = text.substr(skip_blanks(text, found->end));
    const auto length = diagnostic_type(behind);
    if (length == 0) return false;
    framed.outside = found->code;
    text = behind.substr(length);
    return true;
  }
  switch (text.front()) {
    case '\'':
    case '"': drop_end(text, text.substr(0, 1)); break;
    case '`': drop_end(text, "'"); break;
    case '<':
      if (!is_digit(next) && next != '#') return false;
      drop_end(text, "#SMTP#");
      drop_end(text, ">");
      break;
    case '#':
      if (!is_digit(next) && next != '<') return false;
      drop_end(text, "#SMTP#");
      break;
    default: return false;
  }
  text.remove_prefix(1);
  return true;
}

}  // namespace

Framed without_frame(std::string_view text) {
  Framed framed{base::trim(text), std::nullopt};
  for (int i = 0; i < max_frames; ++i) {
    framed.text = base::trim(framed.text.substr(skip_quote_marks(framed.text, 0)));
    if (framed.text.empty() || !unframe(framed)) break;
  }
  return framed;
}

}  // namespace fcrdns::mail
