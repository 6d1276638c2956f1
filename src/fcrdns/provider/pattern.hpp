// A provider's default PTR name as a regular expression whose groups are octets of the address.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "fcrdns/net/address.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::provider {

/// RE2's options for all patterns: ASCII, bounded memory, silent.
[[nodiscard]] re2::RE2::Options pattern_options();

class Pattern {
 public:
  explicit Pattern(const std::string& expression);

  /// Empty, or why the expression cannot be used: its syntax, its size, a group that is no octet.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// `plain`: PlainName's text. none: another name, or the groups hold other octets than the address has (an IPv6
  /// address has none). pattern: it fits and no group took part. octets: every group that took part holds its octet,
  /// in decimal, leading zeros or not.
  [[nodiscard]] Fit fit(std::string_view plain, const net::Address& address) const;

 private:
  re2::RE2 expression_;
  std::vector<std::size_t> octets_;  // which octet each group holds, 0 to 3; none for an unnamed group
  std::string problem_;
};

}  // namespace fcrdns::provider
