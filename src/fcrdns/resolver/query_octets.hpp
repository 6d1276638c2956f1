// A query to a zone's own server, written straight into the place it is sent from: RD=0, EDNS with 1232 octets or without
// (RFC 1035 4.1, RFC 6891 6.1.2).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fcrdns/dns/message.hpp"

namespace fcrdns::resolver {

inline constexpr std::array<std::uint8_t, 11> query_opt{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};

[[nodiscard]] inline std::size_t query_length(const dns::Question& question, bool edns) {
  return 12 + question.name.wire().size() + 4 + (edns ? query_opt.size() : 0);
}

inline void write_query(std::uint8_t* at, std::uint16_t id, const dns::Question& question, bool edns) {
  const auto put16 = [&](std::uint16_t value) {
    *at++ = static_cast<std::uint8_t>(value >> 8);
    *at++ = static_cast<std::uint8_t>(value);
  };
  for (const std::uint16_t word : {id, std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{edns}}) put16(word);
  const auto name = question.name.wire();
  std::memcpy(at, name.data(), name.size());
  at += name.size();
  put16(static_cast<std::uint16_t>(question.type));
  put16(static_cast<std::uint16_t>(question.klass));
  if (edns) std::memcpy(at, query_opt.data(), query_opt.size());
}

}  // namespace fcrdns::resolver
