// The door for `fcrdns ptr`: addresses, prefixes, reverse names and forward data in; records and zones out. Asks nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/generator/from_forward.hpp"
#include "fcrdns/generator/writer.hpp"

namespace fcrdns::ptr {

/// Which side of a classless delegation is written.
enum class Side { both, parent, child };

struct Options {
  std::vector<std::string> words;            ///< ADDRESS [HOSTNAME], PREFIX, NAME.in-addr.arpa; with --from: files
  std::optional<std::string> classless;      ///< "range", "dash", "slash", "rfc4183", "label=TEXT", "zone=NAME"; "" and "forms" show each form
  Side side = Side::both;
  std::optional<generator::Source> from;
  generator::FromForward forward;            ///< what --from needs beside the name servers, the TTL and the SOA below
  std::string existing_file;                 ///< --existing FILE
  std::vector<dns::Name> nameservers;
  std::optional<std::string> name_template;  ///< a PTR for each address of a block
  std::vector<dns::Name> zones;              ///< where the records of a pair go, for the formats that must know it
  dns::Soa soa;                              ///< of whole zones; the serial is set, what is not has usual values
  std::optional<generator::Format> format;   ///< empty: bind, or plain lines
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::uint32_t ttl = 3600;                  ///< seconds
};

/// Runs and returns the exit code of the interface. Messages go to standard error, one line each.
[[nodiscard]] int run(const Options& options);

}  // namespace fcrdns::ptr
