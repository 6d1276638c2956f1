// A block of addresses that need not be a prefix, as registrations tell it: "203.0.113.0 - 203.0.113.255".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/net/address.hpp"

namespace fcrdns::owner {

/// Both ends belong to it and are of one family; first <= last.
struct Range {
  net::Address first, last;

  [[nodiscard]] static std::optional<Range> parse(std::string_view text);
  /// Of the two ends as a registry writes them.
  [[nodiscard]] static std::optional<Range> between(std::string_view first, std::string_view last);
  [[nodiscard]] std::string text() const { return first.text() + " - " + last.text(); }
  [[nodiscard]] bool contains(const net::Address& address) const { return first <= address && address <= last; }
};

}  // namespace fcrdns::owner
