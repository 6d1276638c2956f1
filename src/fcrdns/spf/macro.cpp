#include "fcrdns/spf/macro.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::spf {
namespace {

constexpr std::size_t longest_name = 253;    // octets, without the final dot (7.3)
constexpr std::size_t most_parts = 1'000'000;  // a number of parts is read no further than this
constexpr std::string_view delimiters = ".-+,/_=";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alphanumeric(char c) { return is_alpha(c) || is_digit(c); }

/// toplabel of 7.1: letters, digits and inner hyphens, not all digits.
bool is_toplabel(std::string_view label) {
  return !label.empty() && is_alphanumeric(label.front()) && is_alphanumeric(label.back()) && !std::ranges::all_of(label, is_digit) &&
         std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// The inside of "%{...}": letter, digits, "r", delimiters.
base::Expected<MacroPart> parse_part(std::string_view inside, MacroPlace place) {
  const auto bad = [inside](const char* what) {
    return base::fault(fmt::format("%{{{}}}: {}", base::escape(inside, 40), what));
  };
  if (inside.empty()) return bad("a letter is missing");
  const auto letters = place == MacroPlace::domain ? std::string_view("slodipvh") : "slodipvhcrt";
  MacroPart part{.letter = base::to_lower(inside.substr(0, 1))[0], .escaped = inside[0] >= 'A' && inside[0] <= 'Z'};
  if (letters.find(part.letter) == letters.npos) return bad("no such macro here");
  inside.remove_prefix(1);
  const bool counted = !inside.empty() && is_digit(inside[0]);
  for (; !inside.empty() && is_digit(inside[0]); inside.remove_prefix(1))
    part.keep = std::min(part.keep * 10 + static_cast<std::size_t>(inside[0] - '0'), most_parts);
  if (counted && part.keep == 0) return bad("0 parts are none");
  if (!inside.empty() && (inside[0] == 'r' || inside[0] == 'R')) {
    part.reversed = true;
    inside.remove_prefix(1);
  }
  if (inside.find_first_not_of(delimiters) != inside.npos) return bad("not a delimiter");
  if (!inside.empty()) part.delimiters = inside;
  return part;
}

std::string transformed(const MacroPart& part, const std::string& value) {
  std::vector<std::string_view> parts;
  const std::string_view view = value;
  for (std::size_t begin = 0;;) {
    const auto end = view.find_first_of(part.delimiters, begin);
    parts.push_back(view.substr(begin, end == view.npos ? end : end - begin));
    if (end == view.npos) break;
    begin = end + 1;
  }
  if (part.reversed) std::ranges::reverse(parts);
  if (part.keep != 0 && part.keep < parts.size()) parts.erase(parts.begin(), parts.end() - static_cast<std::ptrdiff_t>(part.keep));
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += '.';
    out += parts[i];
  }
  return out;
}

/// All but the unreserved characters of RFC 3986 2.3.
std::string url_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string expanded(const MacroPart& part, const MacroValue& value) {
  if (part.letter == 0) return part.literal;
  const auto text = transformed(part, value(part.letter));
  return part.escaped ? url_escaped(text) : text;
}

}  // namespace

base::Expected<MacroString> parse_macro(std::string_view text, MacroPlace place) {
  MacroString macro;
  const auto add = [&macro](std::string_view literal) {
    if (macro.empty() || macro.back().letter != 0) macro.emplace_back();
    macro.back().literal += literal;
  };
  bool ends_in_macro = false;  // "%%" and its like count as such (7.1: macro-expand)
  for (auto rest = text; !rest.empty();) {
    const char c = rest[0];
    ends_in_macro = c == '%';
    if (c != '%') {
      const bool fits = c == ' ' ? place == MacroPlace::explanation : c > ' ' && c <= '~';
      if (!fits) return base::fault("holds a character that may not stand there");
      add(rest.substr(0, 1));
      rest.remove_prefix(1);
      continue;
    }
    const auto sign = rest.substr(0, 2);
    if (sign == "%{") {
      const auto end = rest.find('}');
      if (end == rest.npos) return base::fault("a \"%{\" is not closed");
      auto part = parse_part(rest.substr(2, end - 2), place);
      if (!part) return std::unexpected(part.error());
      macro.push_back(std::move(*part));
      rest.remove_prefix(end + 1);
      continue;
    }
    if (sign == "%%") add("%");
    else if (sign == "%_") add(" ");
    else if (sign == "%-") add("%20");
    else return base::fault("a \"%\" that begins no macro");
    rest.remove_prefix(2);
  }
  if (place == MacroPlace::domain && !ends_in_macro && !ends_in_toplabel(text)) return base::fault("not a domain name");
  return macro;
}

bool ends_in_toplabel(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  const auto dot = domain.rfind('.');
  return dot != domain.npos && is_toplabel(domain.substr(dot + 1));
}

std::string expand_text(const MacroString& macro, const MacroValue& value, std::size_t limit) {
  std::string out;
  for (const auto& part : macro) {
    out += expanded(part, value);
    if (out.size() > limit) break;
  }
  return out.substr(0, limit);
}

std::string expand_domain(const MacroString& macro, const MacroValue& value) {
  // From the right: what would be cut is never made. One octet more than fits, and one for a final dot, tell enough.
  std::string out;
  for (auto part = macro.rbegin(); part != macro.rend() && out.size() < longest_name + 2; ++part)
    out.insert(0, expanded(*part, value));
  if (out.ends_with('.')) out.pop_back();
  if (out.size() <= longest_name) return out;
  const auto dot = out.find('.', out.size() - longest_name - 1);
  return dot == out.npos ? out : out.substr(dot + 1);
}

bool uses(const MacroString& macro, char letter) {
  return std::ranges::any_of(macro, [letter](const MacroPart& part) { return part.letter == letter; });
}

std::optional<dns::Name> name_of(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || domain.size() > longest_name) return std::nullopt;
  base::Octets wire;
  for (const auto label : base::split(domain, '.')) {
    if (label.empty() || label.size() > 63) return std::nullopt;
    if (std::ranges::any_of(label, [](char c) { return static_cast<unsigned char>(c) > 0x7f; })) return std::nullopt;
    base::put_u8(wire, static_cast<std::uint8_t>(label.size()));
    base::put(wire, base::octets_of(label));
  }
  base::put_u8(wire, 0);
  const auto name = dns::Name::from_wire(wire);
  return name ? std::optional(*name) : std::nullopt;
}

}  // namespace fcrdns::spf
