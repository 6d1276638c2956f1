// Addresses from text and to text. RFC 4291 2.2 (IPv6 spellings read), RFC 5952 4 and 5 (the one written).
// IPv4 is read strictly: C libraries read "010" as 8 and "127.1" as 127.0.0.1, so who means what is a guess.
#include "fcrdns/net/address.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/decimal.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::net {
namespace {

constexpr std::size_t shown = 64;  // octets of a bad input that a fault quotes

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

base::Expected<std::uint8_t> parse_octet(std::string_view part, std::string_view quoted) {
  if (part.empty()) return base::fault(fmt::format("{}: a number is missing between the dots", quoted));
  if (part.size() > 1 && (part[1] == 'x' || part[1] == 'X'))
    return base::fault(fmt::format("{}: hexadecimal is not taken; write four decimal numbers", quoted));
  if (!std::ranges::all_of(part, is_digit))
    return base::fault(fmt::format("{}: not an IPv4 address; write four decimal numbers, like 203.0.113.5", quoted));
  if (part.size() > 1 && part[0] == '0')
    return base::fault(fmt::format(
        "{}: a leading zero means octal to some programs and decimal to others; write the number without it", quoted));
  unsigned value = 0;
  for (const char c : part.substr(0, 4)) value = value * 10 + static_cast<unsigned>(c - '0');
  if (value > 255) return base::fault(fmt::format("{}: each number of an IPv4 address is at most 255", quoted));
  return static_cast<std::uint8_t>(value);
}

base::Expected<std::array<std::uint8_t, 4>> parse_quad(std::string_view text) {
  const auto quoted = '"' + base::escape(text, shown) + '"';
  const auto parts = base::split(text, '.');
  if (parts.size() != 4)
    return base::fault(fmt::format("{}: an IPv4 address is four numbers with dots, like 203.0.113.5; this has {}", quoted,
                                   parts.size()));
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto octet = parse_octet(parts[i], quoted);
    if (!octet) return std::unexpected(octet.error());
    octets[i] = *octet;
  }
  return octets;
}

/// The 16-bit groups of one side of "::", with a dotted quad allowed at the very end.
base::Expected<base::Octets> parse_groups(std::string_view text, bool quad_allowed, std::string_view quoted) {
  base::Octets octets;
  if (text.empty()) return octets;
  const auto parts = base::split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = parts[i];
    if (part.find('.') != part.npos) {
      if (!quad_allowed || i + 1 != parts.size())
        return base::fault(fmt::format("{}: an embedded IPv4 address may only stand at the end", quoted));
      const auto quad = parse_quad(part);
      if (!quad) return std::unexpected(quad.error());
      base::put(octets, *quad);
      continue;
    }
    if (part.empty()) return base::fault(fmt::format("{}: a lone \":\"; zeros are left out with \"::\"", quoted));
    if (part.size() > 4) return base::fault(fmt::format("{}: a group has at most four hexadecimal digits", quoted));
    unsigned value = 0;
    for (const char c : part) {
      if (hex_value(c) < 0)
        return base::fault(fmt::format("{}: not an IPv6 address; a group holds only hexadecimal digits", quoted));
      value = value << 4 | static_cast<unsigned>(hex_value(c));
    }
    base::put_u16(octets, static_cast<std::uint16_t>(value));
  }
  return octets;
}

base::Expected<Address> parse_v6(std::string_view text) {
  const auto quoted = '"' + base::escape(text, shown) + '"';
  if (text.find('%') != text.npos)
    return base::fault(fmt::format("{}: leave out the zone behind \"%\"; it means something on one machine only", quoted));
  const auto gap = text.find("::");
  const bool has_gap = gap != text.npos;
  if (has_gap && text.find("::", gap + 1) != text.npos)
    return base::fault(fmt::format("{}: \"::\" may stand only once in an IPv6 address", quoted));
  const auto front = parse_groups(has_gap ? text.substr(0, gap) : text, !has_gap, quoted);
  if (!front) return std::unexpected(front.error());
  const auto back = parse_groups(has_gap ? text.substr(gap + 2) : std::string_view{}, true, quoted);
  if (!back) return std::unexpected(back.error());

  const auto given = front->size() + back->size();
  if (has_gap ? given > 14 : given != 16)
    return base::fault(fmt::format("{}: an IPv6 address has eight groups; this has {}{}", quoted, given / 2,
                                   has_gap ? " beside \"::\", which stands for at least one more" : ""));
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(*front, octets.begin());
  std::ranges::copy_backward(*back, octets.end());
  return Address::v6(octets);
}

}  // namespace

base::Expected<Address> Address::parse(std::string_view text) {
  if (text.size() > 128) return base::fault("an address has at most 45 characters; this is longer");
  const auto colons = std::ranges::count(text, ':');
  if (colons == 1)
    return base::fault(fmt::format("\"{}\": not an address; an IPv6 address has at least two colons, and a port does not "
                                   "belong here", base::escape(text, shown)));
  if (colons > 1) return parse_v6(text);
  const auto quad = parse_quad(text);
  if (!quad) return std::unexpected(quad.error());
  return v4(*quad);
}

base::Expected<Address> Address::from_octets(base::OctetView octets) {
  if (octets.size() == 4) {
    std::array<std::uint8_t, 4> quad{};
    std::ranges::copy(octets, quad.begin());
    return v4(quad);
  }
  if (octets.size() == 16) {
    std::array<std::uint8_t, 16> all{};
    std::ranges::copy(octets, all.begin());
    return v6(all);
  }
  return base::fault(fmt::format("an address has 4 or 16 octets, not {}", octets.size()));
}

bool Address::is_v4_mapped() const {
  return is_v6() && std::all_of(octets_.begin(), octets_.begin() + 10, [](auto octet) { return octet == 0; }) &&
         octets_[10] == 0xff && octets_[11] == 0xff;
}

Address Address::unmapped() const {
  return is_v4_mapped() ? v4({octets_[12], octets_[13], octets_[14], octets_[15]}) : *this;
}

std::string Address::text() const {
  if (is_v4()) {
    std::array<char, 16> text;
    auto* at = text.data();
    for (const auto octet : octets()) at = base::put_decimal(at, octet), *at++ = '.';
    return std::string(text.data(), at - 1);
  }
  if (is_v4_mapped()) return "::ffff:" + unmapped().text();  // RFC 5952 5

  const auto group = [this](std::size_t i) { return octets_[2 * i] << 8 | octets_[2 * i + 1]; };
  // RFC 5952 4.2: "::" for the longest run of at least two zero groups, the first one when two are as long.
  std::size_t gap = 8, gap_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && group(i + length) == 0) ++length;
    if (length > gap_length) gap = i, gap_length = length;
    i += length;
  }
  std::string out;
  for (std::size_t i = 0; i < 8;) {
    if (i == gap) {
      out += "::";
      i += gap_length;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", group(i));
    ++i;
  }
  return out;
}

}  // namespace fcrdns::net
