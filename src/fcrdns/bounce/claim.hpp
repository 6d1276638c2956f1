// What does this bounce, DSN or log line say? One Claim for each mail and recipient that was refused.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/mail/reply.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::bounce {

/// outbound: another server refused our mail; inbound: ours refused somebody's (never checked live).
enum class Direction { outbound, inbound, unknown };
/// Why the mail was refused. The first six concern reverse DNS (sets_reverse_dns).
enum class Cause {
  no_ptr,
  fcrdns_mismatch,
  no_ptr_or_mismatch,
  generic_ptr,
  dns_tempfail,
  ipv6_policy,
  helo,
  authentication,
  reputation,
  other,
};
/// literal: the text is in the receiver catalogue; words: its words say so, a guess; code: only the code does.
enum class Certainty { literal, words, code };
enum class AddressSource { reply, log, received, reporting_mta, option, none };

[[nodiscard]] std::string_view to_word(Direction direction);
[[nodiscard]] std::string_view to_word(Cause cause);
[[nodiscard]] std::optional<Cause> parse_cause(std::string_view word);
[[nodiscard]] std::string_view to_word(Certainty certainty);
[[nodiscard]] std::string_view to_word(AddressSource source);
[[nodiscard]] constexpr bool concerns_reverse_dns(Cause cause) { return cause <= Cause::ipv6_policy; }

/// What a reply means (classify.hpp).
struct Meaning {
  std::string_view receiver;          ///< id of the receiver catalogue ("google"); lives as long as the program; empty: not known
  std::vector<Cause> causes;          ///< the likeliest first; never empty
  Certainty certainty = Certainty::code;
  [[nodiscard]] Cause cause() const { return causes.front(); }
  [[nodiscard]] bool reverse_dns() const { return concerns_reverse_dns(cause()); }
  friend bool operator==(const Meaning&, const Meaning&) = default;
};

/// All strings are untrusted octets, bounded by the readers (at most 1,024 each, the reply mail::max_reply).
struct Claim {
  std::string source;                 ///< the file as named by the user, "-" for standard input
  std::size_t line = 0;               ///< where it stands there, counted from 1; 0: not known
  std::string_view format;            ///< "dsn", "text", "postfix", "exim", ...; lives as long as the program
  Direction direction = Direction::unknown;
  std::optional<base::WallTime> time; ///< of the refusal
  std::string queue_id;               ///< empty: not told; likewise the next ones
  std::string sender;                 ///< envelope sender
  std::string recipient;
  std::string remote_mta;             ///< host name of the server that refused, or its address
  std::string sending_host;           ///< our own server's name: Reporting-MTA, host of the log line
  mail::Reply reply;
  bool permanent = true;              ///< the mail came back (as the sending MTA decided); false: it is tried again
  std::optional<net::Address> address;        ///< what the receiver saw
  AddressSource address_source = AddressSource::none;
  Meaning meaning;
};

}  // namespace fcrdns::bounce
