// HTML notices (Exchange, Gmail) as text: one pass forward, nothing is nested and nothing is kept.
#include <algorithm>
#include <charconv>
#include <iterator>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/part_text.hpp"

namespace fcrdns::bounce {
namespace {

/// Tags at which a screen begins a new line; all others make none. Table cells make a blank.
constexpr std::string_view new_line_tags[] = {"br", "p",  "div", "tr", "table", "h1", "h2", "h3", "h4",  "h5",         "h6",
                                              "li", "ul", "ol",  "hr", "dt",    "dd", "dl", "pre", "blockquote", "body", "html"};
constexpr std::string_view blank_tags[] = {"td", "th"};
/// Tags whose content is no text.
constexpr std::string_view hidden_tags[] = {"style", "script", "head"};

struct Entity {
  std::string_view name, text;
};
constexpr Entity entities[] = {{"amp", "&"},  {"lt", "<"},    {"gt", ">"},   {"quot", "\""}, {"apos", "'"}, {"nbsp", " "},
                               {"zwnj", ""}, {"ndash", "-"}, {"mdash", "-"}, {"lsquo", "'"}, {"rsquo", "'"}};

template <std::size_t N>
bool is_one_of(const std::string_view (&names)[N], std::string_view name) {
  return std::ranges::any_of(names, [&](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

std::string_view tag_name(std::string_view tag) {  // of what stands between < and >
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const auto end = std::ranges::find_if(tag, [](char c) { return c == ' ' || c == '/' || c == '\t' || c == '\r' || c == '\n'; });
  return tag.substr(0, static_cast<std::size_t>(end - tag.begin()));
}

bool is_tag_begin(std::string_view rest) {  // behind '<'
  if (rest.empty()) return false;
  const char c = rest.starts_with('/') && rest.size() > 1 ? rest[1] : rest[0];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '!' || c == '?';
}

/// "<user@example.com>" is an address that somebody forgot to escape.
bool is_address(std::string_view tag) {
  const auto name = tag_name(tag);
  return name.size() == tag.size() && name.find('@') != std::string_view::npos;
}

/// The entity at the begin of `rest`, behind '&'; octets used, 0 when it is none.
std::size_t put_entity(std::string_view rest, std::string& out) {
  const auto end = rest.substr(0, 12).find(';');
  if (end == std::string_view::npos) return 0;
  const auto name = rest.substr(0, end);
  if (name.starts_with('#')) {
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const auto digits = name.substr(hex ? 2 : 1);
    unsigned value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return 0;
    out += value >= 0x20 && value < 0x7f ? static_cast<char>(value) : value == 10 || value == 13 ? '\n' : ' ';
    return end + 1;
  }
  const auto* found = std::ranges::find(entities, name, &Entity::name);
  if (found == std::end(entities)) return 0;
  out += found->text;
  return end + 1;
}

/// Passes over what stands inside a hidden tag, its end included.
std::string_view skip_hidden(std::string_view rest, std::string_view name) {
  for (auto at = rest.find("</"); at != std::string_view::npos; at = rest.find("</", at + 2)) {
    const auto inner = rest.substr(at + 2);
    if (!base::equals_ignoring_case(inner.substr(0, name.size()), name)) continue;
    const auto end = inner.find('>');
    return end == std::string_view::npos ? std::string_view{} : inner.substr(end + 1);
  }
  return {};
}

}  // namespace

bool looks_like_html(std::string_view text) {
  const auto begin = base::to_lower(base::trim(text.substr(0, 4096)));
  if (begin.starts_with("<!doctype") || begin.starts_with("<html") || begin.starts_with("<head")) return true;
  constexpr std::string_view tags[] = {"<br", "<p>", "<div", "<td", "<span", "<pre", "</"};
  return std::ranges::count_if(tags, [&](std::string_view tag) { return begin.find(tag) != std::string::npos; }) >= 2;
}

std::string strip_html(std::string_view html) {
  std::string out;
  out.reserve(html.size() / 2);
  bool preformatted = false;
  while (!html.empty()) {
    const auto special = std::min(html.find_first_of("<&\r\n\t "), html.size());
    out.append(html.substr(0, special));
    html.remove_prefix(special);
    if (html.empty()) break;
    const char c = html.front();
    html.remove_prefix(1);
    if (c == '&') {
      const auto used = put_entity(html, out);
      if (used == 0) out += c;
      html.remove_prefix(used);
    } else if (c != '<') {
      if (preformatted) out += c;
      else if (!out.empty() && out.back() != ' ' && out.back() != '\n') out += ' ';
    } else if (html.starts_with("!--")) {
      const auto end = html.find("-->");
      html.remove_prefix(end == std::string_view::npos ? html.size() : end + 3);
    } else if (!is_tag_begin(html)) {
      out += c;
    } else {
      const auto end = html.find_first_of("<>");
      if (end == std::string_view::npos || html[end] == '<') {  // no tag: the next one begins before this one ends
        out += c;
        continue;
      }
      const auto tag = html.substr(0, end);
      if (is_address(tag)) {
        out += c;
        continue;
      }
      html.remove_prefix(end + 1);
      const auto name = tag_name(tag);
      if (base::equals_ignoring_case(name, "pre")) preformatted = !tag.starts_with('/');
      if (is_one_of(hidden_tags, name) && !tag.starts_with('/')) html = skip_hidden(html, name);
      else if (is_one_of(new_line_tags, name)) out += '\n';
      else if (is_one_of(blank_tags, name)) out += ' ';
    }
  }
  return out;
}

}  // namespace fcrdns::bounce
