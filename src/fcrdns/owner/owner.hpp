// Who owns the reverse zone of an address? Several candidates, each with where it comes from and how sure it is;
// never one guess sold as fact. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::owner {

/// What the registry says about the address block (RFC 9083), as far as it could be had. All text is escaped.
struct Registration {
  enum class Outcome { found, not_found, limited, refused, unreachable, malformed, no_server } outcome = Outcome::unreachable;
  std::string organisation;  ///< the registrant's name; empty when none is told
  std::string network;       ///< the block's name: "EXAMPLE-NET"
  std::string handle;
  std::string range;         ///< "203.0.113.0 - 203.0.113.255"
  std::string country;       ///< two letters
  std::string contact;       ///< mail address for abuse or technical matters; empty when none is told
  std::string server;        ///< URL that answered
  std::string problem;       ///< why nothing is known: one line
  friend bool operator==(const Registration&, const Registration&) = default;
};
[[nodiscard]] std::string_view to_word(Registration::Outcome outcome);
[[nodiscard]] std::optional<Registration::Outcome> parse_outcome(std::string_view word);

enum class Source { rdap, delegation, ptr };
enum class Certainty { sure, likely, hint };
[[nodiscard]] std::string_view to_word(Source source);
[[nodiscard]] std::string_view to_word(Certainty certainty);

struct Candidate {
  std::string name;      ///< what to call it: "Hetzner Cloud", "Example Hosting GmbH", "the operator of ns1.example.net"
  std::string provider;  ///< id of the catalogue; empty when it is not in there
  Source source = Source::delegation;
  Certainty certainty = Certainty::hint;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// What is known about the reverse zone from the DNS.
struct ReverseFacts {
  net::Address address;
  std::optional<dns::Name> apex;               ///< of the deepest zone
  std::span<const dns::Name> nameservers;      ///< of that zone; borrowed
  std::span<const dns::Name> ptr_names;        ///< of the address, and of its neighbours; borrowed
  const Registration* registration = nullptr;  ///< null: not asked
};

/// Best first; at most five.
[[nodiscard]] std::vector<Candidate> candidates(const ReverseFacts& facts);

}  // namespace fcrdns::owner
