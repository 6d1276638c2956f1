// The blocks that a scan of prefixes is cut into, and their numbers: the /24s (IPv6: /120s) of each prefix one after the
// other, a smaller prefix as a whole. Neither the numbers nor the blocks are kept: both are counted out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::sweep {

[[nodiscard]] constexpr std::uint8_t unit_length(net::Family family) { return family == net::Family::v4 ? 24 : 120; }
[[nodiscard]] constexpr std::uint8_t full_length(net::Family family) { return family == net::Family::v4 ? 32 : 128; }

/// The address that lies so far behind the first of its block. Blocks hold at most 2^32, so the last four octets carry it.
[[nodiscard]] net::Address address_at(const net::Address& first, std::uint64_t offset);
[[nodiscard]] net::Address last_of(const net::Prefix& prefix);
/// How far behind the first of the prefix it lies.
[[nodiscard]] std::uint64_t offset_in(const net::Prefix& prefix, const net::Address& address);

/// The IPv4 prefix that a v4-mapped one stands for (RFC 4291 2.5.5.2): its addresses have IPv4 reverse names. Any other as it is.
[[nodiscard]] net::Prefix unmapped(const net::Prefix& prefix);
/// Sorted, without those that lie in another: no address twice.
[[nodiscard]] std::vector<net::Prefix> disjoint(std::vector<net::Prefix> prefixes);

struct Unit {
  std::uint64_t number = 0;
  std::uint32_t prefix = 0;      ///< index of the prefix it belongs to
  std::uint32_t in_prefix = 0;   ///< its number among those of the prefix
  net::Prefix block;
  std::uint16_t size = 0;        ///< addresses, at most 256
};

class Units {
 public:
  /// The Fault names the prefix that is too large, or says that all of them are too large together.
  [[nodiscard]] static base::Expected<Units> of(const std::vector<net::Prefix>& prefixes);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Unit operator[](std::uint64_t number) const;
  [[nodiscard]] const std::vector<net::Prefix>& prefixes() const { return prefixes_; }
  [[nodiscard]] std::uint64_t first_of(std::size_t prefix) const { return first_[prefix]; }

 private:
  std::vector<net::Prefix> prefixes_;
  std::vector<std::uint64_t> first_;  // unit of each prefix
  std::uint64_t count_ = 0;
};

}  // namespace fcrdns::sweep
