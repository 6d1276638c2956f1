// Claims of one message or one pasted text: what is told twice (in a DSN's fields and its prose, in a heading and in the
// quotation below it) becomes one, the fullest of them.
#pragma once

#include <cstddef>
#include <vector>

#include "fcrdns/bounce/claim.hpp"

namespace fcrdns::bounce {

/// Distinct claims that are kept of one message or text.
inline constexpr std::size_t max_claims = 10'000;
/// Of these, claims without a recipient: they are compared with each other.
inline constexpr std::size_t max_loose_claims = 100;

/// Same code (or one reply is a piece of the other), and nothing that tells them apart: recipient, quoted address, or two
/// texts of the catalogue that mean different things.
[[nodiscard]] bool alike(const Claim& a, const Claim& b);

class Gathered {
 public:
  /// Strings are cut to what claim.hpp promises. Of two alike claims the fuller reply stays, and what only one knows.
  void put(Claim claim);
  [[nodiscard]] std::vector<Claim>& claims() { return claims_; }
  [[nodiscard]] bool is_cut() const { return cut_; }

 private:
  std::vector<Claim> claims_;
  std::size_t loose_ = 0;
  bool cut_ = false;
};

}  // namespace fcrdns::bounce
