// What very many rows come to: counts in all, by reason and per prefix, in memory that does not grow with them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fcrdns/fleet/prefixes.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/sweep/row.hpp"

namespace fcrdns::fleet {

/// The lines of the summary.
enum class Class : std::uint8_t {
  own_name,      ///< pass, and no name looks generic
  default_name,  ///< pass, with a name that looks generic
  no_ptr,        ///< permerror
  mismatch,      ///< fail
  undetermined,  ///< temperror
  bad_input,
};
inline constexpr std::size_t classes = 6;
[[nodiscard]] Class class_of(const sweep::Row& row);
/// Of a row that was read back; one without an address is bad input.
[[nodiscard]] Class class_of(const sweep::ReadRow& row);
/// "own name, confirms"
[[nodiscard]] std::string_view to_label(Class in);
[[nodiscard]] constexpr bool is_pass(Class in) { return in == Class::own_name || in == Class::default_name; }
[[nodiscard]] constexpr bool is_broken(Class in) { return in == Class::no_ptr || in == Class::mismatch; }

using Counts = std::array<std::uint64_t, classes>;
[[nodiscard]] std::uint64_t sum(const Counts& counts);

/// What keeps a verdict open, whichever question met it.
enum class Trouble : std::uint8_t { servfail, refused, formerr, lame, timeout, bogus, malformed, loop };
inline constexpr std::size_t troubles = 8;

class Tally {
 public:
  void add(const sweep::Row& row);
  /// The same from its parts, as a row that was read back has them.
  void add(const net::Address& address, Class in, sweep::Detail detail);

  [[nodiscard]] const Counts& all() const { return all_; }
  [[nodiscard]] std::uint64_t total() const { return sum(all_); }
  /// By sweep::Detail.
  [[nodiscard]] const std::array<std::uint64_t, 32>& details() const { return details_; }
  /// Cells are classes.
  [[nodiscard]] const Prefixes& prefixes() const { return prefixes_; }
  /// Undetermined rows only; cells are troubles.
  [[nodiscard]] const Prefixes& trouble() const { return trouble_; }

 private:
  Counts all_{};
  std::array<std::uint64_t, 32> details_{};
  Prefixes prefixes_, trouble_;
};

}  // namespace fcrdns::fleet
