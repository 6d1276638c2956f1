// Prefixes that are never asked about and get no row: sorted once, looked up by halving.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::sweep {

class OptOut {
 public:
  explicit OptOut(const std::vector<net::Prefix>& prefixes);

  enum class Of { none, some, all };
  [[nodiscard]] Of block(const net::Prefix& block) const;
  [[nodiscard]] bool contains(const net::Address& address) const;
  /// The parts of this prefix that are left out, first and last address each, in order.
  [[nodiscard]] std::vector<std::pair<net::Address, net::Address>> within(const net::Prefix& prefix) const;
  [[nodiscard]] bool empty() const { return spans_.empty(); }

 private:
  using Span = std::pair<net::Address, net::Address>;
  /// The first that ends at or behind this address.
  [[nodiscard]] std::vector<Span>::const_iterator from(const net::Address& address) const;
  std::vector<Span> spans_;  // in order, neither overlapping nor adjoining
};

}  // namespace fcrdns::sweep
