// How prefixes become leases: what is queued already is taken away, the rest is cut along the bits, small pieces go
// together. The same prefixes make the same leases.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::lease {

inline constexpr std::uint64_t default_size = 65'536;      ///< addresses of a lease: a /16, a /112
inline constexpr std::uint64_t largest_size = 262'144;
inline constexpr std::size_t most_prefixes = 256;          ///< of one lease
inline constexpr std::uint64_t most_leases = 262'144;      ///< of one scan

/// How many addresses it holds, as far as that can be counted: 2^63 stands for more.
[[nodiscard]] std::uint64_t addresses_of(const net::Prefix& prefix);
[[nodiscard]] std::uint64_t addresses_of(const std::vector<net::Prefix>& prefixes);

/// What `wanted` holds and `taken` does not, in leases of at most `size` addresses. The Fault says that they are too many.
[[nodiscard]] base::Expected<std::vector<std::vector<net::Prefix>>> cut(const std::vector<net::Prefix>& wanted,
                                                                       const std::vector<net::Prefix>& taken, std::uint64_t size);

/// The name of a lease of these: of letters, digits and dashes. "10-20-0-0-16"; of several the first, how many, and a sum
/// of them all.
[[nodiscard]] std::string id_of(const std::vector<net::Prefix>& prefixes);

}  // namespace fcrdns::lease
