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
  /// Text of a master file of what is in the reverse zone now. Where a PTR or CNAME stands at an address that was not made from
  /// this data, all that stands there is kept and written again, and nothing else is. One that was made from it and whose name
  /// has gone to another address is left out.
  std::string existing;
  std::optional<dns::Name> existing_origin;  ///< of that file, without $ORIGIN; else the zone of `only`, when that is one block
};

// The zones: of an address the /24 or the /64, or with `only` that block rounded up to an octet or nibble (/24 at most); of
// blocks one inside the other, the outer one counts.

/// What was not made into a PTR, for people.
struct Skipped {
  std::size_t line = 0;   ///< of the input, from 1
  std::string text;       ///< escaped: "mail.example.com. 203.0.113.5", or what could not be read and why
  enum class Why { unreadable, opted_out, other_name_won, foreign_kept, no_public_ptr, not_in_block, wildcard, not_a_host_name } why;
};
[[nodiscard]] std::string_view to_text(Skipped::Why why);  ///< "another name was preferred"
struct Derived {
  std::size_t lines = 0;       ///< of the input
  std::size_t addresses = 0;   ///< that got a PTR, or kept what they had
  std::size_t zones = 0;
  std::size_t records = 0;     ///< PTRs, and what was kept
  std::size_t outdated = 0;    ///< existing PTRs left out: their names are in the data, at other addresses
  std::vector<Skipped> skipped;            ///< at most 1,000; all are counted
  std::size_t skipped_count = 0, unreadable = 0;
};

/// Reads all of it, then writes the zones in order of addresses; out.end() is left to the caller. Nothing is written in the
/// case of a Fault: nothing of the input can be read as what it was said to be (it names the first line and what is wrong with
/// it), or a line of `existing` cannot be read, which might be a PTR to keep.
[[nodiscard]] base::Expected<Derived> derive(std::istream& in, const FromForward& options, Writer& out);

}  // namespace fcrdns::generator
