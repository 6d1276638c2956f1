// The door for `fcrdns ptr`: addresses, prefixes, reverse names and forward data in; records and zones out. Asks nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/generator/from_forward.hpp"
#include "fcrdns/generator/writer.hpp"

namespace fcrdns::ptr {

struct Options {
  std::vector<std::string> words;            ///< ADDRESS [HOSTNAME], PREFIX, NAME.in-addr.arpa; with --from: files
  std::optional<std::string> classless;      ///< "range", "dash", "slash", "rfc4183", "label=TEXT", "zone=NAME"; "" shows each form
  std::optional<generator::Source> from;
  generator::FromForward forward;
  std::vector<dns::Name> nameservers;
  std::optional<generator::Format> format;   ///< empty: bind, or plain lines
  bool json = false;
  bool quiet = false;
  std::uint32_t ttl = 3600;                  ///< seconds
  bool ttl_given = false;
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::ptr
