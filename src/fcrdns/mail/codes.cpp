#include "fcrdns/mail/codes.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::mail {
namespace {

/// One to three digits; -1 when there are none or more.
int number_at(std::string_view text, std::size_t& at) {
  int value = 0, digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (++digits > 3) return -1;
    value = value * 10 + (text[at] - '0');
  }
  return digits == 0 ? -1 : value;
}

/// What servers answer that refuse: RFC 5321, RFC 4954, RFC 7504, RFC 7505, and what receivers made up.
constexpr std::array refusals{421, 422, 431, 432, 441, 442, 446, 447, 449, 450, 451, 452, 453, 454, 455, 458, 459, 471, 500,
                              501, 502, 503, 504, 505, 510, 511, 512, 513, 515, 517, 521, 523, 525, 530, 534, 535, 538, 540,
                              541, 544, 547, 550, 551, 552, 553, 554, 555, 556, 557, 560, 570, 571, 572, 573, 577, 578, 579};

}  // namespace

int code_at(std::string_view text, std::size_t at) {
  if (at + 3 > text.size()) return 0;
  if (text[at] < '2' || text[at] > '5' || !is_digit(text[at + 1]) || !is_digit(text[at + 2])) return 0;
  if (at + 3 < text.size() && is_digit(text[at + 3])) return 0;
  return (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
}

std::optional<EnhancedAt> enhanced_at(std::string_view text, std::size_t at) {
  if (at + 5 > text.size() || text[at + 1] != '.' || (text[at] != '2' && text[at] != '4' && text[at] != '5')) return std::nullopt;
  EnhancedAt found{.code = {.kind = static_cast<std::uint16_t>(text[at] - '0')}};
  at += 2;
  const int subject = number_at(text, at);
  if (subject < 0 || at >= text.size() || text[at] != '.') return std::nullopt;
  ++at;
  const int detail = number_at(text, at);
  if (detail < 0) return std::nullopt;
  const auto next = [&](std::size_t ahead) { return at + ahead < text.size() ? text[at + ahead] : ' '; };
  // A fourth number, "5.7.1-2" or "5.7.1rc2": a version or an address.
  if (next(0) == '_' || (next(0) >= 'a' && next(0) <= 'z') || (next(0) == '.' && is_digit(next(1))) || (next(0) == '-' && is_digit(next(1)))) return std::nullopt;
  found.code.subject = static_cast<std::uint16_t>(subject);
  found.code.detail = static_cast<std::uint16_t>(detail);
  found.end = at;
  return found;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

bool is_refusal(int code) { return std::ranges::binary_search(refusals, code); }

std::string EnhancedCode::text() const {
  return std::to_string(kind) + '.' + std::to_string(subject) + '.' + std::to_string(detail);
}

std::optional<EnhancedCode> parse_enhanced_code(std::string_view text) {
  const auto found = enhanced_at(text, 0);
  if (!found || found->end != text.size()) return std::nullopt;
  return found->code;
}

}  // namespace fcrdns::mail
