// Postfix's lookup tables, as far as files tell what is in them: postmap(5), DATABASE_README; and lists of domains.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/postfix_config.hpp"

namespace fcrdns::host::postfix {

/// A mail address, or a kind of address: `local` empty stands for any, `domain` empty for one that no table names, and
/// "*.example.net" for some name below example.net.
struct Mailbox {
  std::string local, domain;
  [[nodiscard]] std::string text() const { return local.empty() ? "@" + domain : local + "@" + domain; }
};

struct Entry {
  std::string value;
  Origin origin;
};

/// A regular expression that stands for addresses which can be named.
struct Rule {
  std::vector<std::string> patterns;  ///< "*", "@example.net", ".example.net", "user@example.net"
  Entry entry;
};
/// What /expression/ matches among addresses, where that can be said; empty: it cannot.
[[nodiscard]] std::vector<std::string> addresses_of(std::string_view expression);

struct Table {
  std::map<std::string, Entry, std::less<>> entries;  ///< keys in lower case
  std::vector<Rule> rules;                            ///< the first that matches counts
  std::optional<Entry> always;                        ///< static:
};
/// "hash:/etc/postfix/transport". What cannot be read is a problem of the parameter that names it.
[[nodiscard]] Table read_table(Files& files, const Word& spec, const Origin& named_by, Problems& problems);
/// Tables in a row; the first that knows a key counts.
using Tables = std::vector<Table>;
[[nodiscard]] Tables read_tables(Files& files, std::string_view list, const Origin& named_by, Problems& problems);

/// The whole address: regular expressions count.
[[nodiscard]] const Entry* find_address(const Tables& tables, const Mailbox& mailbox);
/// Part of one: they do not.
[[nodiscard]] const Entry* find_key(const Tables& tables, std::string_view key);

/// mydestination, relay_domains ...: domains, files that hold them and tables with them as keys. The tables that cannot be
/// read are passed over: what they name stays on this machine.
struct DomainList {
  struct Item {
    std::string domain;     ///< lower case
    bool except = false;    ///< "!domain"
    Origin origin;
  };
  std::vector<Item> items;
  bool with_subdomains = false;
  [[nodiscard]] const Item* find(std::string_view domain) const;
};
[[nodiscard]] DomainList read_domains(Files& files, const Instance& instance, std::string_view parameter);

}  // namespace fcrdns::host::postfix
