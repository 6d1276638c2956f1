// How far the word of each reverse zone can be believed when it says that a name and all below it do not exist.
//
// RFC 8020 says: NXDOMAIN for a name means nothing below it either. Old and broken servers say NXDOMAIN for a name that
// has no records itself but names below it (an empty non-terminal, RFC 4592 2.2.2), and in a reverse tree the name of
// every block is such a one. So a zone is watched:
//
//   it says NODATA for the name of a block that it holds itself      it knows empty non-terminals: a proof of honesty
//   it says NXDOMAIN for its own apex, or again for a proven name    it lies
//   there is anything below a name that it said NXDOMAIN for         it lies
//
// and the fewer proofs there are, the more addresses below its NXDOMAINs are asked about all the same.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::sweep {

struct PrefixHash {
  std::size_t operator()(const net::Prefix& prefix) const noexcept { return std::hash<net::Address>{}(prefix.base) * 31 + prefix.length; }
};

struct Zone {
  std::uint32_t cleared = 0;   ///< blocks it has said NXDOMAIN for
  std::uint32_t samples = 0;   ///< addresses below them that were or will be asked about
  std::uint32_t proofs = 0;    ///< of honesty
  bool lies = false;
};

class Zones {
 public:
  /// Most zones that are kept. What lies in a further zone is asked about in full.
  static constexpr std::size_t most = 100'000;
  /// So many proofs, and the zone is sampled thinly.
  static constexpr std::uint32_t enough_proofs = 3;

  /// Null when there is no room for a new one. Valid until the next call.
  [[nodiscard]] Zone* at(const net::Prefix& zone);
  [[nodiscard]] bool lies(const net::Prefix& zone) const;
  void lied(const net::Prefix& zone);
  [[nodiscard]] std::vector<net::Prefix> liars() const;

  /// One more block is cleared by it: how many addresses of that block to ask about. In all `samples` for each block and
  /// some more for the first; of a zone with proofs only as many as the root of their number comes to.
  [[nodiscard]] static std::uint32_t cleared_one(Zone& zone, std::uint32_t samples);

 private:
  std::unordered_map<net::Prefix, Zone, PrefixHash> zones_;
};

}  // namespace fcrdns::sweep
