// A query of a scan, written straight to where it leaves from (RFC 1035 4.1, RFC 6891 6.1): what dns::write_message would
// write, without the message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fcrdns/dns/message.hpp"

namespace fcrdns::resolver {

struct BulkQuery {
  const dns::Question& question;
  std::uint16_t id = 0;
  bool edns = true;               ///< with an OPT that offers 1232 octets
  bool recursive = true;          ///< to a resolver: RD, and AD for what it has validated; else to a zone's own server
  bool checking_disabled = false;

  [[nodiscard]] std::size_t length() const { return header + question.name.wire().size() + 4 + (edns ? sizeof opt : 0); }

  /// Exactly length() octets.
  void write(std::uint8_t* at) const {
    const auto high = [](unsigned value) { return static_cast<std::uint8_t>(value >> 8); };
    const auto low = [](unsigned value) { return static_cast<std::uint8_t>(value); };
    const auto name = question.name.wire();
    const auto type = static_cast<unsigned>(question.type), klass = static_cast<unsigned>(question.klass);
    const auto rd = static_cast<std::uint8_t>(recursive ? 1 : 0);
    const auto ad_cd = static_cast<std::uint8_t>((recursive ? 0x20 : 0) | (checking_disabled ? 0x10 : 0));
    const std::uint8_t front[header] = {high(id), low(id), rd, ad_cd, 0, 1, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(edns ? 1 : 0)};
    const std::uint8_t behind[4] = {high(type), low(type), high(klass), low(klass)};
    std::memcpy(at, front, sizeof front);
    std::memcpy(at += sizeof front, name.data(), name.size());
    std::memcpy(at += name.size(), behind, sizeof behind);
    if (edns) std::memcpy(at + sizeof behind, opt, sizeof opt);
  }

 private:
  static constexpr std::size_t header = 12;
  static constexpr std::uint8_t opt[11] = {0, 0, 41, 1232 >> 8, 1232 & 0xff, 0, 0, 0, 0, 0, 0};
};

}  // namespace fcrdns::resolver
