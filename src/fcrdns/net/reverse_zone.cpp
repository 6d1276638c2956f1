// Names of reverse zones both ways: RFC 1035 3.5 (in-addr.arpa), RFC 3596 2.5 (ip6.arpa), RFC 4159 (ip6.int is gone).
#include "fcrdns/net/reverse_zone.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "fcrdns/base/text.hpp"

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

base::Expected<Prefix> parse_v4_zone(std::string_view lower, const std::string& quoted) {
  std::array<std::uint8_t, 4> octets{};
  const auto labels = labels_from_tail(lower, v4_tail);
  for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 4); ++i) {
    const auto octet = octet_of(labels[i]);
    if (!octet)
      return base::fault(fmt::format("{}: \"{}\" is not a number from 0 to 255 without leading zeros{}", quoted,
                                     base::escape(labels[i], 32),
                                     i == 3 && labels[i].find_first_of("-/") != std::string_view::npos
                                         ? " (a classless child zone, RFC 2317?); give the address or the prefix instead"
                                         : ""));
    octets[i] = *octet;
  }
  if (labels.size() > 4)
    return base::fault(fmt::format("{}: the reverse name of an IPv4 address has four numbers; this has {} labels in front of "
                                   "in-addr.arpa (a classless child zone, RFC 2317?); give the address instead",
                                   quoted, labels.size()));
  return Prefix{Address::v4(octets), static_cast<std::uint8_t>(8 * labels.size())};
}

base::Expected<Prefix> parse_v6_zone(std::string_view lower, const std::string& quoted) {
  std::array<std::uint8_t, 16> octets{};
  const auto labels = labels_from_tail(lower, v6_tail);
  for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 32); ++i) {
    const auto nibble = nibble_of(labels[i]);
    if (!nibble)
      return base::fault(fmt::format("{}: \"{}\" is not one hexadecimal digit; every digit is a label of its own", quoted,
                                     base::escape(labels[i], 32)));
    octets[i / 2] = static_cast<std::uint8_t>(octets[i / 2] | (i % 2 == 0 ? *nibble << 4 : *nibble));
  }
  if (labels.size() > 32)
    return base::fault(fmt::format("{}: the reverse name of an IPv6 address has 32 digits; this has {}", quoted, labels.size()));
  return Prefix{Address::v6(octets), static_cast<std::uint8_t>(4 * labels.size())};
}

/// The address with every bit behind `length` set to zero, and `add` added to the last octet or nibble in front of it.
Address stepped(const Address& address, unsigned length, unsigned add) {
  base::Octets octets(address.octets().begin(), address.octets().end());
  for (unsigned i = 0; i < octets.size(); ++i) {
    const auto kept = length <= 8 * i ? 0 : std::min(length - 8 * i, 8U);
    octets[i] = static_cast<std::uint8_t>(octets[i] & (0xff00U >> kept));
  }
  if (add != 0) {
    auto& last = octets[(length - 1) / 8];
    last = static_cast<std::uint8_t>(last + (add << (length % 8 == 0 ? 0 : 8 - length % 8)));
  }
  return *Address::from_octets(octets);
}

}  // namespace

Prefix zone_of(const Address& address, std::uint8_t length) { return {stepped(address, length, 0), length}; }

std::vector<Prefix> covering_zones(const Prefix& prefix) {
  const bool v4 = prefix.base.is_v4();
  if (v4 && prefix.length > 24) return {zone_of(prefix.base, 24)};
  const unsigned step = v4 ? 8 : 4;
  const auto length = static_cast<std::uint8_t>((prefix.length + step - 1) / step * step);
  std::vector<Prefix> zones;
  for (unsigned i = 0; i < 1U << (length - prefix.length); ++i) zones.push_back({stepped(prefix.base, length, i), length});
  return zones;
}

std::string reverse_zone_name(const Prefix& zone) {
  const auto name = reverse_name(zone.base);
  const unsigned dropped = zone.base.is_v4() ? 4 - zone.length / 8U : 32 - zone.length / 4U;
  std::size_t at = 0;
  for (unsigned i = 0; i < dropped; ++i) at = name.find('.', at) + 1;
  return name.substr(at);
}

bool looks_like_reverse_name(std::string_view name) {
  const auto lower = lowered_without_dot(name);
  return ends_with_zone(lower, v4_tail) || ends_with_zone(lower, v6_tail) || ends_with_zone(lower, old_v6_tail);
}

base::Expected<Prefix> parse_reverse_zone(std::string_view name) {
  const auto quoted = '"' + base::escape(name, 80) + '"';
  if (name.size() > 255) return base::fault(fmt::format("{}: a name has at most 255 characters", quoted));
  const auto lower = lowered_without_dot(name);
  if (ends_with_zone(lower, v4_tail)) return parse_v4_zone(lower, quoted);
  if (ends_with_zone(lower, v6_tail)) return parse_v6_zone(lower, quoted);
  if (ends_with_zone(lower, old_v6_tail))
    return base::fault(fmt::format("{}: ip6.int was given up in 2005 (RFC 4159); the zone is ip6.arpa", quoted));
  return base::fault(fmt::format("{}: a reverse name ends in in-addr.arpa or ip6.arpa", quoted));
}

}  // namespace fcrdns::net
