// The templates of $GENERATE, as BIND has them: "$" is the number, "${-20,3,d}" the number less 20 in three digits, "\$" a dollar
// sign; the bases n and N are nibbles, the lowest first, for ip6.arpa; their dots count in
// the width.
#include <fmt/core.h>

#include <charconv>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/forward_master.hpp"

namespace fcrdns::generator {
namespace {

constexpr std::size_t most_width = 255, most_text = 1024;

struct Modifier {
  std::int64_t offset = 0;
  std::size_t width = 0;
  char base = 'd';
};

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Modifier> parse_modifier(std::string_view inner) {
  Modifier modifier;
  const auto parts = base::split(inner, ',');
  if (parts.size() > 3 || !read_number(parts[0], modifier.offset)) return std::nullopt;
  if (parts.size() > 1 && (!read_number(parts[1], modifier.width) || modifier.width > most_width)) return std::nullopt;
  if (parts.size() > 2) {
    if (parts[2].size() != 1 || std::string_view("doxXnN").find(parts[2][0]) == std::string_view::npos) return std::nullopt;
    modifier.base = parts[2][0];
  }
  return modifier;
}

std::string nibbles(std::uint64_t value, std::size_t width, bool upper) {
  std::string out;
  for (; value != 0 || out.empty() || out.size() < width; value >>= 4) {
    if (!out.empty()) out += '.';
    out += (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value & 0xf];
  }
  return out;
}

std::optional<std::string> write(std::uint32_t number, const Modifier& modifier) {
  if (modifier.offset < -0x1'0000'0000LL || modifier.offset > 0x1'0000'0000LL) return std::nullopt;
  const auto value = static_cast<std::int64_t>(number) + modifier.offset;
  if (value < 0) return std::nullopt;
  switch (modifier.base) {
    case 'o': return fmt::format("{:0{}o}", value, modifier.width);
    case 'x': return fmt::format("{:0{}x}", value, modifier.width);
    case 'X': return fmt::format("{:0{}X}", value, modifier.width);
    case 'n':
    case 'N': return nibbles(static_cast<std::uint64_t>(value), modifier.width, modifier.base == 'N');
    default: return fmt::format("{:0{}}", value, modifier.width);
  }
}

}  // namespace

std::optional<std::string> put_number(std::string_view text, std::uint32_t number) {
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() <= most_text; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      if (text[at + 1] != '$') out += '\\';
      out += text[++at];
    } else if (text[at] == '$' && text.substr(at + 1).starts_with('$')) {
      out += text[++at];
    } else if (text[at] == '$') {
      Modifier modifier;
      if (text.substr(at + 1).starts_with('{')) {
        const auto close = text.find('}', at);
        const auto parsed = close == std::string_view::npos ? std::nullopt : parse_modifier(text.substr(at + 2, close - at - 2));
        if (!parsed) return std::nullopt;
        modifier = *parsed;
        at = close;
      }
      const auto written = write(number, modifier);
      if (!written) return std::nullopt;
      out += *written;
    } else {
      out += text[at];
    }
  }
  return out.size() <= most_text ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace fcrdns::generator
