// Does it forward-confirm? The words of RFC 8601 2.7.3, decided in one place for check, scan and guard.
//
//   pass       a looked-up name has the client among its addresses, compared in binary, in the client's own family
//   permerror  there is no PTR: NXDOMAIN, NODATA, a CNAME into nothing, or only the root; or none can exist
//   fail       names exist, every answer about them is definite, none leads back; also when no name is usable
//   temperror  DNS trouble keeps it open
//
// A pass outranks trouble, trouble outranks a negative answer (the order Postfix dns.h documents).
#pragma once

#include <span>
#include <string_view>
#include <optional>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/dns/status.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::verdict {

enum class Iprev { pass, permerror, fail, temperror };
[[nodiscard]] std::string_view to_word(Iprev iprev);
/// Which of two words is worse for a subject of several addresses: fail, permerror, temperror, pass.
[[nodiscard]] Iprev worse(Iprev a, Iprev b);

/// The least the verdict needs to know about one PTR name.
struct NameFacts {
  dns::Status forward = dns::Status::not_checked;   ///< of the client's own family; unusable and not_checked are never asked
  std::span<const net::Address> addresses;          ///< of the client's own family; borrowed for the call
};
struct Facts {
  net::Address client;
  dns::Status ptr = dns::Status::timeout;           ///< not_asked: no public PTR is possible
  bool only_root = false;                           ///< the PTR names are nothing but the root
  std::span<const NameFacts> names;                 ///< every PTR name, in the order they are looked at; borrowed
};
struct Verdict {
  Iprev iprev = Iprev::temperror;
  std::optional<std::size_t> confirmed;             ///< index of the first name that leads back
};

[[nodiscard]] Verdict iprev(const Facts& facts);
/// Whether this one name leads back. Who looks at a name's addresses only once may keep none or the client in their place.
[[nodiscard]] bool confirms(const NameFacts& name, const net::Address& client);

/// At most this many names are looked up (RFC 8601 3: a limit is a MUST).
inline constexpr std::size_t default_max_names = 10;

/// Why a PTR target cannot be a host name; `usable` when it can.
enum class Usability {
  usable,
  usable_underscore,  ///< an underscore is tolerated, with a warning
  root, single_label, localhost, ip_literal, own_reverse_name, special_use,  // .local .onion .alt .localhost
  not_a_host_name,    ///< octets or hyphens where RFC 952 / RFC 1123 2.1 has none
};
[[nodiscard]] Usability usability(const dns::Name& name, const net::Address& client);
[[nodiscard]] constexpr bool is_usable(Usability u) { return u == Usability::usable || u == Usability::usable_underscore; }

}  // namespace fcrdns::verdict
