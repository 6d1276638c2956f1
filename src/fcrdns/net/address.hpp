// One address type for both families (RFC 791, RFC 4291); text per RFC 5952.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"

namespace fcrdns::net {

enum class Family : std::uint8_t { v4, v6 };

class Address {
 public:
  /// 0.0.0.0
  constexpr Address() = default;
  static constexpr Address v4(std::array<std::uint8_t, 4> octets) {
    Address a;
    for (std::size_t i = 0; i < 4; ++i) a.octets_[i] = octets[i];
    return a;
  }
  static constexpr Address v6(std::array<std::uint8_t, 16> octets) {
    Address a;
    a.family_ = Family::v6;
    a.octets_ = octets;
    return a;
  }
  /// Strict text: dotted quad without leading zeros (an octal reading is a trap), or RFC 4291 2.2 without zone.
  /// A v4-mapped address stays v6 here; see unmapped().
  static base::Expected<Address> parse(std::string_view text);
  /// 4 or 16 octets in network order.
  static base::Expected<Address> from_octets(base::OctetView octets);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::v4; }
  [[nodiscard]] constexpr bool is_v6() const { return family_ == Family::v6; }
  /// Network order; 4 or 16 octets.
  [[nodiscard]] base::OctetView octets() const { return {octets_.data(), is_v4() ? 4U : 16U}; }
  [[nodiscard]] bool is_v4_mapped() const;  ///< ::ffff:0:0/96, RFC 4291 2.5.5.2
  /// The v4 address inside a v4-mapped one; any other address as it is.
  [[nodiscard]] Address unmapped() const;
  [[nodiscard]] std::string text() const;  ///< canonical, RFC 5952

  friend constexpr bool operator==(const Address&, const Address&) = default;
  friend constexpr auto operator<=>(const Address&, const Address&) = default;

 private:
  Family family_ = Family::v4;
  std::array<std::uint8_t, 16> octets_{};  // v4 uses the first four, the rest stay zero
};

/// A block of addresses: address/length, host bits zero.
struct Prefix {
  Address base;
  std::uint8_t length = 0;  ///< 0..32 or 0..128

  static base::Expected<Prefix> parse(std::string_view text);
  [[nodiscard]] bool contains(const Address& address) const;  ///< same family only
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Prefix&, const Prefix&) = default;
};

/// Where a server listens.
struct Endpoint {
  Address address;
  std::uint16_t port = 53;

  /// "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353".
  static base::Expected<Endpoint> parse(std::string_view text, std::uint16_t default_port = 53);
  [[nodiscard]] std::string text() const;  ///< "192.0.2.53:53", "[2001:db8::53]:53"
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// The absolute reverse name: "5.113.0.203.in-addr.arpa." (RFC 1035 3.5), 32 nibbles under ip6.arpa. (RFC 3596 2.5).
[[nodiscard]] std::string reverse_name(const Address& address);
/// The address a full reverse name stands for (final dot optional, any case), or a Fault that says what is off
/// (too few labels, 28 nibbles, ip6.int, an octet above 255 ...).
[[nodiscard]] base::Expected<Address> parse_reverse_name(std::string_view name);
/// Whether the text is written like a reverse name at all (ends in in-addr.arpa, ip6.arpa or ip6.int).
[[nodiscard]] bool looks_like_reverse_name(std::string_view name);

}  // namespace fcrdns::net

template <>
struct std::hash<fcrdns::net::Address> {
  std::size_t operator()(const fcrdns::net::Address& address) const noexcept {
    const auto octets = address.octets();
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(octets.data()), octets.size()});
  }
};
