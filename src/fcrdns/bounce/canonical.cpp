#include "fcrdns/bounce/canonical.hpp"

#include <array>

namespace fcrdns::bounce {
namespace {

/// A run of letters and digits this long that holds a digit is an id.
constexpr std::size_t shortest_id = 16;

enum Kind : unsigned char { other = 0, letter = 1, digit = 2, join = 4, at_sign = 8, blank = 16, hex = 32, colon = 64 };

struct Octet {
  unsigned char kind = other;
  char lower = 0;
};
constexpr std::array<Octet, 256> octets = [] {
  std::array<Octet, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    auto& octet = table[i];
    octet.lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if (octet.lower >= 'a' && octet.lower <= 'z') octet.kind |= letter;
    if (c >= '0' && c <= '9') octet.kind |= digit | hex;
    if (octet.lower >= 'a' && octet.lower <= 'f') octet.kind |= hex;
    if (c == '.' || c == '-' || c == '_') octet.kind |= join;
    if (c == '@') octet.kind |= at_sign;
    if (c == ':') octet.kind |= colon;
    if (i <= ' ' || i == 0x7f) octet.kind |= blank;
  }
  return table;
}();
const Octet& octet_of(char c) { return octets[static_cast<unsigned char>(c)]; }

/// End of an IPv6 address at `at`; `at` when there is none.
std::size_t end_of_groups(std::string_view text, std::size_t at) {
  auto end = at;
  int colons = 0;
  for (; end < text.size() && end - at < 46; ++end) {
    const auto kind = octet_of(text[end]).kind;
    if (kind & colon) ++colons;
    else if (!(kind & hex) && text[end] != '.') break;
  }
  return colons >= 2 && (end == text.size() || !(octet_of(text[end]).kind & (letter | digit))) ? end : at;
}

}  // namespace

void canonical(std::string_view text, std::string& out) {
  out.clear();
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const auto kind = octet_of(text[at]).kind;
    if (kind & blank) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      ++at;
      continue;
    }
    if (!(kind & (letter | digit))) {
      if (text.substr(at).starts_with("\xe2\x80\x99")) {  // the typographic apostrophe
        out += '\'';
        at += 3;
      } else {
        out += text[at++];
      }
      continue;
    }
    if (kind & hex) {
      if (const auto end = end_of_groups(text, at); end != at) {
        out += '0';
        at = end;
        continue;
      }
    }
    const auto begin = at, written = out.size();
    unsigned char seen = 0;
    for (; at < text.size(); ++at) {
      const auto& octet = octet_of(text[at]);
      if (!(octet.kind & (letter | digit | join | at_sign))) break;
      seen |= octet.kind;
      out += octet.lower;
    }
    const bool number = (seen & digit) && !(seen & letter);
    const bool id = (seen & digit) && at - begin >= shortest_id;
    if (!number && !id && !(seen & at_sign)) continue;
    // What ends a sentence is not part of it.
    const bool stop = text[at - 1] == '.';
    out.resize(written);
    out += '0';
    if (stop && at - begin > 1) out += '.';
  }
}

}  // namespace fcrdns::bounce
