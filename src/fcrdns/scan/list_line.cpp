#include "fcrdns/scan/list_line.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "fcrdns/base/text.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::scan {
namespace {

bool ends_field(char c) { return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '#' || c == '\r'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

std::string_view without_blanks_in_front(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

/// What stands between the quotes of "address":"..." (an NDJSON row); addresses need no escapes.
std::string_view address_member(std::string_view line) {
  constexpr std::string_view key = "\"address\"";
  const auto at = line.find(key);
  if (at == line.npos) return {};
  const auto open = line.find_first_not_of(" \t:", at + key.size());
  if (open == line.npos || line[open] != '"') return {};
  const auto close = line.find('"', open + 1);
  return close == line.npos ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

std::string_view first_field(std::string_view line) {
  if (line.starts_with('{')) return address_member(line);
  if (line.starts_with('"')) {
    const auto close = line.find('"', 1);
    return close == line.npos ? std::string_view{} : base::trim(line.substr(1, close - 1));
  }
  return {line.begin(), std::ranges::find_if(line, ends_field)};
}

/// Four numbers, without a zero in front.
std::optional<net::Address> quick_v4(std::string_view field) {
  std::array<std::uint8_t, 4> octets{};
  std::size_t number = 0, digits = 0;
  unsigned value = 0;
  for (const char c : field) {
    if (c == '.') {
      if (digits == 0 || number == 3) return {};
      octets[number++] = static_cast<std::uint8_t>(value);
      value = digits = 0;
      continue;
    }
    if (c < '0' || c > '9' || (digits > 0 && value == 0)) return {};
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (++digits > 3 || value > 255) return {};
  }
  if (digits == 0 || number != 3) return {};
  octets[3] = static_cast<std::uint8_t>(value);
  return net::Address::v4(octets);
}

/// The canonical spellings, quickly: nearly every line of a list of millions. As strict as net::Address::parse.
std::optional<net::Address> quick(std::string_view field) {
  if (const auto address = quick_v4(field)) return address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (field.size() >= text.size() || field.find('\0') != field.npos) return {};
  std::memcpy(text.data(), field.data(), field.size());
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET6, text.data(), octets.data()) != 1) return {};
  return net::Address::v6(octets).unmapped();
}

base::Expected<std::optional<Span>> prefix(std::string_view field) {
  const auto parsed = net::Prefix::parse(field);
  if (!parsed) return std::unexpected(parsed.error());
  const auto span = span_of(*parsed);
  if (span.count == 0) return base::fault(base::escape(field, 64) + ": more addresses than a scan takes (2^32); give a part of it");
  return span;
}

}  // namespace

bool is_header(std::string_view line) {
  return base::equals_ignoring_case(first_field(without_blanks_in_front(line)), "address");
}

base::Expected<std::optional<Span>> read_list_line(std::string_view line) {
  line = without_blanks_in_front(line);
  if (line.empty() || line.front() == '#' || line.front() == ';') return std::optional<Span>{};
  const auto field = first_field(line);
  if (field.empty()) return base::fault("no address at its beginning");
  if (const auto address = quick(field)) return Span{*address, 1};
  if (field.find('/') != field.npos) return prefix(field);
  const auto subject = subject::parse(field);
  if (!subject) return std::unexpected(subject.error());
  if (!subject->address) return base::fault("\"" + base::escape(field, 64) + "\" is no address");
  return Span{*subject->address, 1};
}

}  // namespace fcrdns::scan
