// Reverse names both ways: RFC 1035 3.5 (in-addr.arpa), RFC 3596 2.5 (ip6.arpa, 32 nibbles), RFC 4159 (ip6.int is gone).
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::net {
namespace {

constexpr std::string_view v4_tail = "in-addr.arpa", v6_tail = "ip6.arpa", old_v6_tail = "ip6.int";

bool ends_with_zone(std::string_view lower, std::string_view tail) {
  return lower.ends_with(tail) &&
         (lower.size() == tail.size() || lower[lower.size() - tail.size() - 1] == '.');
}

std::string lowered_without_dot(std::string_view name) {
  auto lower = base::to_lower(name);
  if (lower.ends_with('.')) lower.pop_back();
  return lower;
}

/// The labels in front of the tail, the nearest to the tail first: the order an address is written in.
std::vector<std::string_view> labels_from_tail(std::string_view lower, std::string_view tail) {
  if (lower.size() == tail.size()) return {};
  auto labels = base::split(lower.substr(0, lower.size() - tail.size() - 1), '.');
  std::ranges::reverse(labels);
  return labels;
}

std::optional<std::uint8_t> octet_of(std::string_view label) {
  if (label.empty() || label.size() > 3 || (label.size() > 1 && label[0] == '0')) return std::nullopt;
  unsigned value = 0;
  for (const char c : label) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value > 255 ? std::nullopt : std::optional(static_cast<std::uint8_t>(value));
}

std::optional<std::uint8_t> nibble_of(std::string_view label) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto at = label.size() == 1 ? digits.find(label[0]) : digits.npos;
  return at == digits.npos ? std::nullopt : std::optional(static_cast<std::uint8_t>(at));
}

base::Expected<Address> parse_v4_name(std::string_view lower, const std::string& quoted) {
  std::array<std::uint8_t, 4> octets{};
  const auto labels = labels_from_tail(lower, v4_tail);
  for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 4); ++i) {
    const auto octet = octet_of(labels[i]);
    if (!octet)
      return base::fault(fmt::format("{}: \"{}\" is not a number from 0 to 255 without leading zeros", quoted,
                                     base::escape(labels[i], 32)));
    octets[i] = *octet;
  }
  if (labels.size() < 4)
    return base::fault(fmt::format("{}: this is the reverse zone of {}/{}, not one address; put {} more number{} in front",
                                   quoted, Address::v4(octets).text(), 8 * labels.size(), 4 - labels.size(),
                                   labels.size() == 3 ? "" : "s"));
  if (labels.size() > 4)
    return base::fault(fmt::format("{}: the reverse name of an IPv4 address has four numbers; this has {} labels in front of "
                                   "in-addr.arpa (a classless child zone, RFC 2317?); give the address instead",
                                   quoted, labels.size()));
  return Address::v4(octets);
}

base::Expected<Address> parse_v6_name(std::string_view lower, const std::string& quoted) {
  std::array<std::uint8_t, 16> octets{};
  const auto labels = labels_from_tail(lower, v6_tail);
  for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 32); ++i) {
    const auto nibble = nibble_of(labels[i]);
    if (!nibble)
      return base::fault(fmt::format("{}: \"{}\" is not one hexadecimal digit; every digit is a label of its own", quoted,
                                     base::escape(labels[i], 32)));
    octets[i / 2] = static_cast<std::uint8_t>(octets[i / 2] | (i % 2 == 0 ? *nibble << 4 : *nibble));
  }
  if (labels.size() != 32)
    return base::fault(fmt::format("{}: the reverse name of an IPv6 address has 32 digits; this has {}{}", quoted, labels.size(),
                                   labels.size() < 32 ? fmt::format(" (the reverse zone of {}/{})", Address::v6(octets).text(),
                                                                    4 * labels.size())
                                                      : std::string()));
  return Address::v6(octets);
}

}  // namespace

std::string reverse_name(const Address& address) {
  std::string out;
  const auto octets = address.octets();
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet)
    out += address.is_v4() ? fmt::format("{}.", *octet) : fmt::format("{:x}.{:x}.", *octet & 0xf, *octet >> 4);
  out += address.is_v4() ? v4_tail : v6_tail;
  return out + ".";
}

bool looks_like_reverse_name(std::string_view name) {
  const auto lower = lowered_without_dot(name);
  return ends_with_zone(lower, v4_tail) || ends_with_zone(lower, v6_tail) || ends_with_zone(lower, old_v6_tail);
}

base::Expected<Address> parse_reverse_name(std::string_view name) {
  const auto quoted = '"' + base::escape(name, 80) + '"';
  if (name.size() > 255) return base::fault(fmt::format("{}: a name has at most 255 characters", quoted));
  const auto lower = lowered_without_dot(name);
  if (ends_with_zone(lower, v4_tail)) return parse_v4_name(lower, quoted);
  if (ends_with_zone(lower, v6_tail)) return parse_v6_name(lower, quoted);
  if (ends_with_zone(lower, old_v6_tail))
    return base::fault(fmt::format("{}: ip6.int was given up in 2005 (RFC 4159); the zone is ip6.arpa", quoted));
  return base::fault(fmt::format("{}: a reverse name ends in in-addr.arpa or ip6.arpa", quoted));
}

}  // namespace fcrdns::net
