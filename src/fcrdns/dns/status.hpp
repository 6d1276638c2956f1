// How a question ended. Trouble is a value of its own and never reads as "no such record".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fcrdns::dns {

/// The words of the JSON interface. The order is of no meaning; see is_definite().
enum class Status : std::uint8_t {
  noerror,      ///< the asked records are there
  nodata,       ///< the name exists, the type does not (RFC 2308 2.2)
  nxdomain,     ///< the name does not exist (RFC 8020)
  servfail,     ///< also every RCODE that has no word of its own here (NOTIMP, BADVERS ...)
  refused,
  timeout,
  bogus,        ///< DNSSEC validation failed
  formerr,
  malformed,    ///< replies came, none could be read
  loop,         ///< CNAME loop or a chain longer than 16
  lame,         ///< an answer that proves nothing: not authoritative, a referral, an empty NOERROR without SOA
  unusable,     ///< the name cannot be a host name; never sent out
  not_checked,  ///< beyond the limit of names
  not_asked,    ///< no public PTR possible, or left out on purpose
  unreachable,  ///< nothing listens there, or no route
};

/// noerror, nodata and nxdomain prove something; everything from servfail to lame, and unreachable, is trouble.
[[nodiscard]] constexpr bool is_definite(Status s) {
  return s == Status::noerror || s == Status::nodata || s == Status::nxdomain;
}
[[nodiscard]] constexpr bool is_negative(Status s) { return s == Status::nodata || s == Status::nxdomain; }
[[nodiscard]] constexpr bool is_trouble(Status s) {
  return !is_definite(s) && s != Status::unusable && s != Status::not_checked && s != Status::not_asked;
}

[[nodiscard]] std::string_view to_word(Status status);                      ///< "nxdomain"
[[nodiscard]] std::optional<Status> parse_status(std::string_view word);

}  // namespace fcrdns::dns
