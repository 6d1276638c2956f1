// Addresses that follow one another: what one line of a list, or one prefix, stands for.
#pragma once

#include <cstdint>

#include "fcrdns/net/address.hpp"

namespace fcrdns::scan {

struct Span {
  net::Address first;
  std::uint64_t count = 1;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The address that many behind; within its family's space.
[[nodiscard]] net::Address plus(const net::Address& address, std::uint64_t many);
/// The addresses of a prefix, v4-mapped ones as IPv4; count is 0 when there are more than sweep::most_addresses.
[[nodiscard]] Span span_of(const net::Prefix& prefix);

}  // namespace fcrdns::scan
