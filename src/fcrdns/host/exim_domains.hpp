// Which domains an Exim router is for (the Exim specification, chapter "Domain, host, address, and local part lists"), as far
// as it is written down in files of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/exim_config.hpp"

namespace fcrdns::host::exim {

/// An item of a list.
struct Item {
  enum class What { all, pattern, unknown } what = What::unknown;
  bool negated = false;
  std::string pattern{};  ///< as Route has it, lower case; of `unknown` what is written
};

/// With lists that have names, files of items and the keys of lsearch files. At most 1,000 items; what cannot be told becomes `unknown`.
class Domains {
 public:
  Domains(const Config& config, const Variables& variables, Files& files) : config_(config), variables_(variables), files_(files) {}
  [[nodiscard]] std::vector<Item> read(std::string_view list) const;
  /// "*@example.org", "user@example.org", "example.org".
  [[nodiscard]] std::vector<Item> read_senders(std::string_view list) const;
  /// What a lookup of "lsearch;FILE" or "partial-lsearch;FILE" finds: keys as patterns, and their data.
  struct Entry {
    std::string pattern, data;
    Origin origin;
  };
  [[nodiscard]] std::vector<Entry> entries(std::string_view file, bool partial) const;

 private:
  void add(std::string_view item, bool negated, int depth, std::vector<Item>& out) const;
  void add_list(std::string_view list, bool negated, int depth, std::vector<Item>& out) const;
  const Config& config_;
  const Variables& variables_;
  Files& files_;
};

/// Whether a domain, or all that a pattern stands for, is in the list.
enum class In { yes, no, unknown };
[[nodiscard]] In contains(const std::vector<Item>& items, std::string_view pattern);

}  // namespace fcrdns::host::exim
