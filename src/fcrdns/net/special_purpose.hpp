// Which addresses cannot have a public PTR (IANA special-purpose registries; data/special_purpose.tsv).
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/net/address.hpp"

namespace fcrdns::net {

/// What a check does with an address of this block.
enum class Treatment {
  not_asked,      ///< no public PTR is possible: explained, never asked about on the public tree
  noted,          ///< asked like any other, with a note
  documentation,  ///< asked like any other; RFC 5737, RFC 3849
};

struct SpecialPurpose {
  Prefix prefix;
  std::string name;  ///< "Private-Use"
  std::string kind;  ///< "private", "cgn", "ula", "link-local", "loopback", "documentation", ...
  std::string rfc;
  Treatment treatment = Treatment::not_asked;
  friend bool operator==(const SpecialPurpose&, const SpecialPurpose&) = default;
};

class SpecialPurposeTable {
 public:
  /// Reads the TSV form of data/special_purpose.tsv; columns are found by their header.
  static base::Expected<SpecialPurposeTable> parse(std::string_view tsv);
  /// The table compiled in, or the one that load_tables() has put in its place.
  static const SpecialPurposeTable& built_in();
  /// The longest block that holds the address; an IPv6 address outside 2000::/3 that no row names is reported as
  /// kind "not-global-unicast" (RFC 4291 2.4). v4-mapped addresses must be unmapped() before.
  [[nodiscard]] std::optional<SpecialPurpose> find(const Address& address) const;
  /// find()'s treatment is not_asked; quickly, for who goes through millions.
  [[nodiscard]] bool is_not_asked(const Address& address) const;

 private:
  std::vector<SpecialPurpose> rows_;
  std::array<std::array<bool, 256>, 2> has_row_{};  // by family: below which first octets some row lies
};

/// Which content-delivery network's proxy range holds the address ("cloudflare"), by data/cdn_ranges.tsv.
/// Ranges age: say "looks like".
class ProxyRanges {
 public:
  static base::Expected<ProxyRanges> parse(std::string_view tsv);
  static const ProxyRanges& built_in();
  [[nodiscard]] std::optional<std::string> find(const Address& address) const;

 private:
  std::vector<std::pair<Prefix, std::string>> rows_;
};

/// Reads special_purpose.tsv and cdn_ranges.tsv of this folder, those that are there, in place of the ones compiled in.
/// Once, at the program's start, before anybody looks into them. A Fault names the file and what is wrong with it.
[[nodiscard]] base::Expected<void> load_tables(const std::filesystem::path& folder);

}  // namespace fcrdns::net
