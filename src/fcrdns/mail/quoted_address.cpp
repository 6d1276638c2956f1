// The address of the sender that a reply quotes. Several may stand there (a relay's, a name server's, what a name
// resolves to), and version numbers look like them: every candidate gets points for where it stands; the first of the best
// is taken.
#include <algorithm>
#include <array>
#include <cstring>

#include "fcrdns/mail/codes.hpp"
#include "fcrdns/mail/reply.hpp"
#include "fcrdns/mail/unfold.hpp"

namespace fcrdns::mail {
namespace {

constexpr std::size_t max_inside = 64;  // octets between [ and ]
constexpr std::size_t window = 44;      // octets in front of an address that are looked at
constexpr int rejected = -1000;

struct Candidate {
  net::Address address;
  std::size_t begin = 0, end = 0;  ///< octets of the text, the brackets included
  bool in_brackets = false;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
bool is_word(char c) { return is_digit(c) || is_letter(c) || c == '_'; }

/// Four numbers at `at`; the end, or 0.
std::size_t quad_at(std::string_view text, std::size_t at, net::Address& address) {
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto begin = at;
    unsigned value = 0;
    for (; at < text.size() && is_digit(text[at]) && at - begin < 4; ++at) value = value * 10 + static_cast<unsigned>(text[at] - '0');
    if (at == begin || at - begin > 3 || value > 255 || (at - begin > 1 && text[begin] == '0')) return 0;
    octets[i] = static_cast<std::uint8_t>(value);
    if (i < 3 && (at >= text.size() || text[at++] != '.')) return 0;
  }
  address = net::Address::v4(octets);
  return at;
}

/// Hexadecimal groups at `at`; the end, or 0.
std::size_t groups_at(std::string_view text, std::size_t at, net::Address& address) {
  auto end = at;
  int colons = 0;
  bool gap = false;
  for (; end < text.size() && end - at < 46 && (is_hex(text[end]) || text[end] == ':' || text[end] == '.'); ++end)
    if (text[end] == ':') ++colons, gap |= end > at && text[end - 1] == ':';
  while (end > at && (text[end - 1] == '.' || (text[end - 1] == ':' && end - at > 1 && text[end - 2] != ':'))) {
    if (text[end - 1] == ':') --colons;
    --end;
  }
  if (colons < 2 || colons > 8 || (!gap && colons < 6) || end - at < 3) return 0;
  const auto parsed = net::Address::parse(text.substr(at, end - at));
  if (!parsed) return 0;
  address = *parsed;
  return end;
}

/// "[192.0.2.25]", "[IPv6:2001:db8::25]", "[2001:db8::\n 25]"; Gmail pads: "[192.0.2.25      19]".
std::optional<Candidate> in_brackets(std::string_view text, std::size_t at) {
  std::array<char, max_inside> inside{};
  std::size_t size = 0, end = at + 1, first = 0;  // `first`: octets in front of the first blank
  for (; end < text.size() && text[end] != ']'; ++end) {
    if (end - at > max_inside - 1) return std::nullopt;
    if (!is_blank(text[end])) inside[size++] = lower(text[end]);
    else if (first == 0) first = size;
  }
  if (end >= text.size()) return std::nullopt;
  std::string_view plain(inside.data(), size);
  for (const auto tag : {"ipv6:", "ipv4:", "ip:", "ip="})
    if (plain.starts_with(tag)) {
      plain.remove_prefix(std::strlen(tag));
      first -= std::min(first, std::strlen(tag));
    }
  Candidate found{.begin = at, .end = end + 1, .in_brackets = true};
  const auto whole = [&](std::size_t stop) { return stop != 0 && stop == plain.size(); };
  // What is complete in front of a blank is the address; what is not was broken there.
  if (first > 0 && first < plain.size() && plain[first - 1] != ':' && plain[first] != ':' && plain[first] != '.') {
    const auto front = plain.substr(0, first);
    if (quad_at(front, 0, found.address) == first || groups_at(front, 0, found.address) == first) return found;
  }
  if (whole(quad_at(plain, 0, found.address)) || whole(groups_at(plain, 0, found.address))) return found;
  return std::nullopt;
}

/// What follows must not make it a longer number, a name or a version. A capital may: lines glued together.
bool may_end(std::string_view text, std::size_t end) {
  const auto next = [&](std::size_t ahead) { return end + ahead < text.size() ? text[end + ahead] : ' '; };
  if (is_digit(next(0)) || (next(0) >= 'a' && next(0) <= 'z') || next(0) == '_') return false;
  return !((next(0) == '.' || next(0) == '-') && (is_digit(next(1)) || (next(1) >= 'a' && next(1) <= 'z')));
}

/// An address that begins at `at`, where a word begins.
std::optional<Candidate> bare(std::string_view text, std::size_t at) {
  const char before = at == 0 ? ' ' : text[at - 1];
  if (before == '.' || before == '-' || before == '@' || before == ':') return std::nullopt;
  // "IP:192.0.2.25", "IPv6:2001:db8::1"; but "Net::SMTP" holds no address.
  if (text[at] == ':' && is_word(before)) {
    if (++at >= text.size() || text[at] == ':') return std::nullopt;
  }
  Candidate found{.begin = at};
  found.end = quad_at(text, at, found.address);
  if (found.end == 0) found.end = groups_at(text, at, found.address);
  return found.end != 0 && may_end(text, found.end) ? std::optional(found) : std::nullopt;
}

struct Word {
  std::string_view text;
  int points;
};
constexpr std::array words{
    Word{"sending", 20}, Word{"client", 20},     Word{"connecting", 20}, Word{"your ", 15},       Word{"sender", 10},
    Word{"from ", 8},    Word{"for ", 8},        Word{"address", 8},     Word{"host", 5},         Word{" ip", 10},
    Word{"server", 4},   Word{"is not ", 8},     Word{"remote", 8},      Word{" at ", 4},         Word{"resolves to", -25},
    Word{"points to", -25}, Word{"relay=", -15}, Word{"name server", -20}, Word{"nameserver", -20}, Word{"a record", -15},
};

/// Points for the words in front of it; more for the ones that name it outright.
int context(std::string_view text, const Candidate& found) {
  std::array<char, window + 1> before{};
  before[0] = ' ';
  const auto length = std::min(found.begin, window);
  for (std::size_t i = 0; i < length; ++i) {
    const char c = lower(text[found.begin - length + i]);
    before[i + 1] = is_blank(c) || c == '(' || c == ',' ? ' ' : c;
  }
  std::string_view seen(before.data(), length + 1);
  // Words in front of another address belong to that one.
  if (const auto other = seen.find_last_of("];"); other != seen.npos && other + 1 < seen.size()) seen = seen.substr(other);
  int points = 0;
  for (const auto& word : words)
    if (seen.find(word.text) != seen.npos) points += word.points;
  if (seen.ends_with("ip=") || seen.ends_with("ip:") || seen.ends_with("ip: ") || seen.ends_with("addr=")) points += 50;
  return points;
}

/// Loopback, unspecified, link-local and multicast: nobody sends mail through the internet from there.
bool is_no_sender(const net::Address& address) {
  const auto o = address.octets();
  if (address.is_v4()) return o[0] == 127 || o[0] == 0 || o[0] >= 224 || (o[0] == 169 && o[1] == 254);
  if (o[0] == 0xff || (o[0] == 0xfe && (o[1] & 0xc0) == 0x80)) return true;
  for (std::size_t i = 0; i < 15; ++i)
    if (o[i] != 0) return false;
  return true;
}

/// Four numbers that may be a code or a version: "5.7.25.1", "4.16.55.1" (Yahoo's own marks).
bool looks_like_code(std::string_view text, const Candidate& found) {
  if (!found.address.is_v4() || found.in_brackets) return false;
  const auto o = found.address.octets();
  if (o[0] != 2 && o[0] != 4 && o[0] != 5) return false;
  const bool mark = found.end < text.size() && text[found.end] == ';' && found.begin >= 2 && text[found.begin - 2] == '-';
  return o[1] <= 7 || mark;
}

int points_of(std::string_view text, const Candidate& found) {
  const auto next = [&](std::size_t ahead) { return found.end + ahead < text.size() ? text[found.end + ahead] : ' '; };
  const int near = context(text, found);
  if (near <= 0 && looks_like_code(text, found)) return rejected;
  int points = near + (found.in_brackets ? 30 : 0);
  if (next(0) == '/' && is_digit(next(1))) points -= 60;  // a prefix
  if (is_no_sender(found.address)) points -= 200;
  return points;
}

std::optional<net::Address> best_of(std::string_view text) {
  std::optional<net::Address> best;
  int best_points = rejected;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    std::optional<Candidate> found;
    if (c == '[') found = in_brackets(text, at);
    else if (is_hex(c) || c == ':') found = bare(text, at);
    if (!found) {
      // To the end of the word: an address does not begin inside one.
      if (is_word(c)) while (at < text.size() && is_word(text[at])) ++at;
      else ++at;
      continue;
    }
    found->address = found->address.unmapped();
    if (const int points = points_of(text, *found); points > best_points) best = found->address, best_points = points;
    at = found->end;
  }
  return best;
}

}  // namespace

std::optional<net::Address> quoted_address(std::string_view text) {
  text = text.substr(0, max_reply);
  if (text.find('\n') == text.npos) return best_of(text);
  return best_of(unfold(text, {}));
}

}  // namespace fcrdns::mail
