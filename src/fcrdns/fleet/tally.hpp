// What very many rows come to: counts in all, per prefix and per zone, in memory that does not grow with them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fcrdns/net/address.hpp"
#include "fcrdns/sweep/row.hpp"

namespace fcrdns::fleet {

/// The lines of the summary.
enum class Class : std::uint8_t { own_name, default_name, no_ptr, mismatch, undetermined, bad_input };
inline constexpr std::size_t classes = 6;
[[nodiscard]] Class class_of(const sweep::Row& row);

using Counts = std::array<std::uint64_t, classes>;

class Tally {
 public:
  void add(const sweep::Row& row);

  [[nodiscard]] const Counts& all() const { return all_; }
  [[nodiscard]] std::uint64_t total() const;
  /// By detail word.
  [[nodiscard]] const std::array<std::uint64_t, 32>& details() const { return details_; }
  /// Counts per prefix for the chart and for where trouble gathers: at most a few hundred, joined as they grow too many.
  [[nodiscard]] const std::map<std::string, Counts>& prefixes() const { return prefixes_; }

 private:
  Counts all_{};
  std::array<std::uint64_t, 32> details_{};
  std::map<std::string, Counts> prefixes_;
};

}  // namespace fcrdns::fleet
