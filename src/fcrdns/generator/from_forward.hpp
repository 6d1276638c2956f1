// Reverse zones derived from forward data: master files, CSV, hosts files.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/generator/writer.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::generator {

enum class Source { zonefile, csv, hosts };
[[nodiscard]] std::optional<Source> parse_source(std::string_view word);

struct FromForward {
  Source source = Source::zonefile;
  std::optional<dns::Name> origin;         ///< of a master file without $ORIGIN
  std::vector<net::Prefix> only;           ///< PTRs of these blocks; empty: of all addresses that can have one
  std::uint32_t ttl = 3600;                ///< where the data gives none
  std::vector<dns::Name> nameservers;      ///< with some, whole zones are written
  dns::Soa soa;                            ///< of whole zones; serial and times
  std::vector<dns::Name> prefer;           ///< names, or domains, that win when several have one address, the first most
  bool every_name = false;                 ///< several PTRs for one address, instead of one
  std::string existing;                    ///< text of a master file of what is in the reverse zone now: PTRs that were not made from this data (foreign) are kept and never overwritten
};

/// What was not made into a PTR, for people.
struct Skipped {
  std::size_t line = 0;   ///< of the input, from 1
  std::string text;       ///< escaped
  enum class Why { unreadable, opted_out, other_name_won, foreign_kept, no_public_ptr, not_in_block, wildcard, not_a_host_name } why;
};
struct Derived {
  std::size_t lines = 0, addresses = 0, zones = 0, records = 0;
  std::vector<Skipped> skipped;            ///< at most 1,000; all are counted
  std::size_t skipped_count = 0, unreadable = 0;
};

/// Reads all of it, then writes the zones in order of addresses. A Fault when nothing of the input can be read as what it
/// was said to be (names the first line and what is wrong with it).
[[nodiscard]] base::Expected<Derived> derive(std::istream& in, const FromForward& options, Writer& out);

}  // namespace fcrdns::generator
