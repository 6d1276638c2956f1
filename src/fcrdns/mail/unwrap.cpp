#include "fcrdns/mail/unwrap.hpp"

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/mail/codes.hpp"

namespace fcrdns::mail {
namespace {

constexpr std::size_t max_tag = 512;  // octets of one tag; a "<" without its ">" is text

/// What was read at one place: how many octets, and what stands for them.
struct Piece {
  std::size_t length = 0;  ///< 0: nothing known here
  std::string_view text;
};

struct Tag {
  std::string_view name, text;
};
/// Unknown names stay: <localhost> and <a@example.com> are part of many replies.
constexpr std::array<Tag, 41> tags{{
    {"br", "\n"},   {"p", "\n"},     {"div", "\n"}, {"tr", "\n"},   {"li", "\n"},   {"hr", "\n"},         {"pre", "\n"},
    {"ul", "\n"},   {"ol", "\n"},    {"h1", "\n"},  {"h2", "\n"},   {"h3", "\n"},   {"h4", "\n"},         {"h5", "\n"},
    {"h6", "\n"},   {"table", "\n"}, {"tbody", ""}, {"td", " "},    {"th", " "},    {"blockquote", "\n"}, {"html", ""},
    {"head", ""},   {"body", ""},    {"span", ""},  {"font", ""},   {"a", ""},      {"b", ""},            {"i", ""},
    {"u", ""},      {"em", ""},      {"strong", ""}, {"code", ""},  {"tt", ""},     {"small", ""},        {"center", "\n"},
    {"section", "\n"}, {"wbr", ""},  {"img", ""},   {"meta", ""},   {"title", "\n"}, {"o:p", ""},
}};

struct Entity {
  std::string_view name, text;
};
constexpr std::array<Entity, 12> entities{{
    {"&nbsp;", " "}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}, {"&apos;", "'"},
    {"&#39;", "'"}, {"&#34;", "\""}, {"&#60;", "<"}, {"&#62;", ">"}, {"&#160;", " "}, {"&#10;", "\n"},
}};

/// Exim writes a line end as two characters. "\name" of a Windows path is none.
Piece backslash(std::string_view rest) {
  if (rest.size() < 2 || (rest[1] != 'n' && rest[1] != 'r' && rest[1] != 't')) return {};
  if (rest.size() > 2 && rest[2] >= 'a' && rest[2] <= 'z') return {};
  return {2, rest[1] == 't' ? " " : "\n"};
}

/// rsyslog writes control octets as # and three octal digits.
Piece octal(std::string_view rest) {
  if (rest.starts_with("#012") || rest.starts_with("#015")) return {4, "\n"};
  if (rest.starts_with("#011")) return {4, " "};
  return {};
}

Piece tag(std::string_view rest) {
  std::size_t at = 1;
  if (at < rest.size() && rest[at] == '/') ++at;
  const auto begin = at;
  while (at < rest.size() && at < 16 && (is_letter(rest[at]) || is_digit(rest[at]) || rest[at] == ':')) ++at;
  if (at == begin || at >= rest.size() || (rest[at] != '>' && rest[at] != '/' && !is_blank(rest[at]))) return {};
  const auto name = rest.substr(begin, at - begin);
  const auto known = std::ranges::find_if(tags, [&](const Tag& t) { return base::equals_ignoring_case(t.name, name); });
  if (known == tags.end()) return {};
  const auto end = rest.substr(0, max_tag).find('>', at);
  if (end == rest.npos) return {};
  return {end + 1, known->text};
}

Piece entity(std::string_view rest) {
  for (const auto& [name, text] : entities)
    if (rest.starts_with(name)) return {name.size(), text};
  return {};
}

Piece piece_at(std::string_view rest) {
  switch (rest.front()) {
    case '\\': return backslash(rest);
    case '#': return octal(rest);
    case '<': return tag(rest);
    case '&': return entity(rest);
    case '\xc2': return rest.starts_with("\xc2\xa0") ? Piece{2, " "} : Piece{};  // no-break space, UTF-8
    default: return {};
  }
}

constexpr std::array<bool, 256> begins = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c : {'\\', '#', '<', '&', '\xc2'}) table[c] = true;
  return table;
}();

/// Octets up to the next one that may begin a piece.
std::size_t plain_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && !begins[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

}  // namespace

bool is_wrapped(std::string_view text) {
  for (;;) {
    text.remove_prefix(plain_length(text));
    if (text.empty()) return false;
    if (piece_at(text).length != 0) return true;
    text.remove_prefix(1);
  }
}

std::string unwrap(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain = plain_length(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (const auto piece = piece_at(text); piece.length != 0) {
      out += piece.text;
      text.remove_prefix(piece.length);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace fcrdns::mail
