// sendmail.cf as far as the way out needs it (Sendmail Installation and Operation Guide, chapter 5), and the m4 source beside it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/files.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host::sendmail {

struct Value {
  std::string text;
  Origin origin;       ///< in the .mc where it is said there
};
/// "O ClientPortOptions=Family=inet6, Addr=..., M=h", of which the last one for a family counts.
struct ClientPort {
  bool is_v6 = false, by_interface_name = false;
  std::string address;  ///< as written; empty: none
  Origin origin;
};
struct Mailer {
  std::string name, port;   ///< port empty: 25
  bool leaves = false;      ///< P=[IPC]
};
struct MapEntry {
  std::string key, value;
  Origin origin;
};

struct Config {
  std::map<std::string, Value, std::less<>> macros;   ///< "j", "S", "M", "{MTAHost}"
  std::map<std::string, Value, std::less<>> options;  ///< "HeloName"
  std::vector<ClientPort> client_ports;
  std::vector<std::string> local_names;               ///< class w, lower case
  std::vector<Mailer> mailers;
  std::vector<MapEntry> mailertable;
  std::string direct_mailer = "esmtp";                ///< takes mail to the exchanges of other domains
  std::string mc;                                     ///< the m4 source beside it; empty: none
  std::vector<std::string> problems;
  [[nodiscard]] std::string text(std::string_view macro) const;
  [[nodiscard]] const Mailer* mailer(std::string_view name) const;
};

/// Bounded: 10,000 local names and entries of the mailertable.
[[nodiscard]] std::optional<Config> read_config(Files& files, const std::string& path);

}  // namespace fcrdns::host::sendmail
