// Exim's configuration as options: those of the main part, and those of each router and transport, in their order.
// The Exim specification, sections "Structure of configuration file" to "Lists".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/exim_lines.hpp"

namespace fcrdns::host::exim {

struct Option {
  std::string value;   ///< quotes resolved; "true" and "false" of a switch
  Origin origin;       ///< where a person would change it: the macro's definition when one makes the value
};
using Options = std::map<std::string, Option, std::less<>>;

/// A router or a transport.
struct Driver {
  std::string name;
  Origin origin;
  Options options;
  [[nodiscard]] const Option* find(std::string_view option) const;
  [[nodiscard]] std::string_view text(std::string_view option) const;  ///< empty: not set
  [[nodiscard]] bool is_set(std::string_view option) const;            ///< of a switch
};

struct Config {
  Options main, domain_lists;
  std::vector<Driver> routers, transports;
  std::vector<std::string> problems;
  std::string package_version;      ///< Debian's macro
  [[nodiscard]] const Driver* transport(std::string_view name) const;
};

[[nodiscard]] Config read_config(Lines lines);

/// The items of a list: by ":", or as "<;" at its beginning says; the separator doubled stands for itself.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

/// What is known while a string is expanded.
struct Variables {
  std::string primary_hostname, qualify_domain, active_hostname;
};
/// What becomes of a string where that can be told by files alone: text without "$", the names above, ${if exists{FILE}...}.
struct Expansion {
  enum class What { text, fail, computed } what = What::text;   ///< `fail`: forced, so that the option does not count
  std::string text{};
};
[[nodiscard]] Expansion expand(std::string_view text, const Variables& variables, Files& files);

}  // namespace fcrdns::host::exim
