// smtpd.conf as directives (smtpd.conf(5), table(5)): words and strings, macros, tables, include, lines that go on.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/host/files.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host::opensmtpd {

struct Token {
  enum class What { word, table, sign } what = What::word;  ///< `table`: its name, of <name>; `sign`: one of { } , = !
  std::string text;
  std::size_t line = 0;                                     ///< from 1
  std::size_t at = 0, end = 0;                              ///< where it stands in the file
  [[nodiscard]] bool is(std::string_view sign) const { return what == What::sign && text == sign; }
  [[nodiscard]] bool says(std::string_view word) const { return what == What::word && text == word; }
};
/// A logical line.
struct Directive {
  std::string file;
  std::vector<Token> tokens;
  std::string written;       ///< for people, escaped
  [[nodiscard]] Origin origin() const { return {file, tokens.empty() ? 0 : tokens.front().line, written}; }
};
struct Entry {
  std::string key, value;    ///< value empty: a list
};
struct Table {
  std::vector<Entry> entries;
  Origin origin;
  bool is_read = true;       ///< false: a database, a program
};
using Tables = std::map<std::string, Table, std::less<>>;

struct Config {
  std::vector<Directive> directives;   ///< without macros, tables and includes
  Tables tables;
  std::vector<std::string> problems;
};
/// Bounded: 10,000 directives, 20 inclusions, 10,000 entries of tables.
[[nodiscard]] Config read_config(Files& files, const std::string& path);

/// The directives of one text, macros of it resolved: for whoever edits it.
[[nodiscard]] std::vector<Directive> parse(std::string_view text, const std::string& file, std::map<std::string, std::string, std::less<>>& macros);

/// A value, "<name>" or "{ ... }" at `at`, which moves behind it.
[[nodiscard]] Table take_table(const Directive& directive, std::size_t& at, const Tables& tables);

}  // namespace fcrdns::host::opensmtpd
