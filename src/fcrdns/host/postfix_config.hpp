// One instance of Postfix: its parameters, and its services with the parameters each has of its own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/files.hpp"
#include "fcrdns/host/mta.hpp"
#include "fcrdns/host/postfix_lines.hpp"

namespace fcrdns::host::postfix {

using Problems = std::vector<std::string>;
/// "FILE:LINE: what", at most 200 of them.
void add_problem(Problems& problems, std::string_view file, std::size_t line, std::string_view what);

struct Setting {
  std::string value;   ///< as written
  Origin origin;
  friend bool operator==(const Setting&, const Setting&) = default;
};
using Settings = std::map<std::string, Setting, std::less<>>;

/// The last setting of a name counts.
[[nodiscard]] Settings parse_main(std::string_view text, std::string_view file, Problems& problems);

/// A line of master.cf.
struct Service {
  std::string name, type;         ///< "smtp", "unix"
  std::string command;            ///< the program, without folder
  std::vector<std::string> arguments;
  Settings own;                   ///< -o name=value
  std::size_t line = 0;
  LogicalLine lines;              ///< where it stands in the file
  [[nodiscard]] std::string id() const { return name + "/" + type; }
  /// It sends by SMTP: smtp(8) takes mail from the queue manager through a socket of its name.
  [[nodiscard]] bool sends() const { return command == "smtp" && type == "unix"; }
};
/// Of two of one name the last counts. Broken lines are left out.
[[nodiscard]] std::vector<Service> parse_master(std::string_view text, std::string_view file, Problems& problems);

struct Instance {
  std::string folder;             ///< "/etc/postfix"
  Settings main;
  std::vector<Service> services;
  Names names;
  bool main_seen = false, master_seen = false;
  Problems problems;

  [[nodiscard]] std::string file(std::string_view name) const { return folder + "/" + std::string(name); }
  [[nodiscard]] const Service* service(std::string_view name, std::string_view type = "unix") const;
  /// The value in force, for a service with what it has of its own; Postfix's default where nobody says.
  [[nodiscard]] Set<std::string> value(std::string_view name, const Service* service = nullptr) const;
  [[nodiscard]] bool is_yes(std::string_view name, const Service* service = nullptr) const;
  /// Why the value cannot be told; empty: it can.
  [[nodiscard]] std::string trouble(std::string_view name, const Service* service = nullptr) const;

 private:
  [[nodiscard]] Expanded evaluate(std::string_view name, const Service* service) const;
  [[nodiscard]] const Setting* setting(std::string_view name, const Service* service) const;
};
/// Empty: there is no main.cf and no master.cf in that folder.
[[nodiscard]] std::optional<Instance> read_instance(Files& files, const Names& names, std::string folder);

/// Postfix 3.7's own value of a parameter, as postconf -d tells it; empty: it knows no such parameter, or we do not need it.
[[nodiscard]] std::optional<std::string_view> default_of(std::string_view name);

}  // namespace fcrdns::host::postfix
