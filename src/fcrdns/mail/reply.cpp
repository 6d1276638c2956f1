#include "fcrdns/mail/reply.hpp"

#include "fcrdns/base/text.hpp"
#include "fcrdns/mail/codes.hpp"
#include "fcrdns/mail/framing.hpp"
#include "fcrdns/mail/unfold.hpp"
#include "fcrdns/mail/unwrap.hpp"

namespace fcrdns::mail {
namespace {

/// The codes in front: "550-5.7.25", "550 #5.7.1", "550:", "5.7.25" alone. Cuts them off `text`.
Repeated take_codes(std::string_view& text) {
  Repeated codes;
  const auto code = code_at(text, 0);
  const char sign = text.size() > 3 ? text[3] : ' ';
  std::size_t at = 0;
  if (code != 0 && (sign == '-' || sign == ':' || sign == '#' || is_blank(sign))) {
    codes.code = code;
    codes.more_lines = sign == '-';
    at = std::min(text.size(), std::size_t{3} + (sign == '-' || sign == ':' ? 1 : 0));
  }
  auto behind = skip_blanks(text, at);
  if (behind < text.size() && text[behind] == '#') ++behind;
  if (const auto enhanced = enhanced_at(text, behind)) {
    codes.enhanced = enhanced->code;
    at = enhanced->end;
    if (at < text.size() && text[at] == ':') ++at;
  }
  text.remove_prefix(at);
  return codes;
}

/// qmail and Exchange end a text with its code: "sorry, no mailbox here by that name. (#5.1.1)".
std::optional<EnhancedCode> code_at_end(std::string_view text) {
  const auto at = text.rfind("(#");
  if (at == text.npos) return std::nullopt;
  const auto found = enhanced_at(text, at + 2);
  return found && found->end < text.size() && text[found->end] == ')' ? std::optional(found->code) : std::nullopt;
}

/// Postfix's own words behind what it quotes.
void cut_in_reply_to(std::string& text) {
  const auto at = text.rfind(" (in reply to ");
  if (at != text.npos && text.ends_with(')')) text.resize(at);
}

Reply parse_plain(std::string_view text) {
  const auto framed = without_frame(text);
  auto rest = framed.text;
  const auto codes = take_codes(rest);
  Reply reply{.code = codes.code, .enhanced = codes.enhanced, .text = unfold(rest, codes)};
  cut_in_reply_to(reply.text);
  if (!reply.enhanced) reply.enhanced = framed.outside;
  if (!reply.enhanced) reply.enhanced = code_at_end(reply.text);
  reply.address = quoted_address(reply.text);
  return reply;
}

}  // namespace

Reply parse_reply(std::string_view text) {
  text = text.substr(0, max_reply);
  return is_wrapped(text) ? parse_plain(unwrap(text)) : parse_plain(text);
}

}  // namespace fcrdns::mail
