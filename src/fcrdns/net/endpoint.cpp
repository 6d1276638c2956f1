// Where a server listens; an IPv6 address with a port stands in brackets (RFC 3986 3.2.2, RFC 5952 6).
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::net {
namespace {

base::Expected<std::uint16_t> parse_port(std::string_view digits, std::string_view whole) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0 || port > 65535)
    return base::fault(fmt::format("\"{}\": a port is a number from 1 to 65535", base::escape(whole, 64)));
  return static_cast<std::uint16_t>(port);
}

base::Expected<Endpoint> make(std::string_view address_text, std::string_view port_text, std::uint16_t default_port,
                              std::string_view whole) {
  const auto address = Address::parse(address_text);
  if (!address) return std::unexpected(address.error());
  if (port_text.empty()) return Endpoint{*address, default_port};
  const auto port = parse_port(port_text.substr(1), whole);
  if (!port) return std::unexpected(port.error());
  return Endpoint{*address, *port};
}

}  // namespace

base::Expected<Endpoint> Endpoint::parse(std::string_view text, std::uint16_t default_port) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    const auto rest = close == text.npos ? std::string_view{} : text.substr(close + 1);
    if (close == text.npos || (!rest.empty() && rest[0] != ':'))
      return base::fault(fmt::format("\"{}\": write an IPv6 server as [ADDRESS] or [ADDRESS]:PORT", base::escape(text, 64)));
    return make(text.substr(1, close - 1), rest, default_port, text);
  }
  // More than one colon is an IPv6 address without a port; a port behind it would be ambiguous without brackets.
  if (std::ranges::count(text, ':') == 1) {
    const auto colon = text.find(':');
    return make(text.substr(0, colon), text.substr(colon), default_port, text);
  }
  return make(text, {}, default_port, text);
}

std::string Endpoint::text() const {
  return address.is_v6() ? fmt::format("[{}]:{}", address.text(), port) : fmt::format("{}:{}", address.text(), port);
}

}  // namespace fcrdns::net
