// What are the facts about a subject now? One plain value; everything behind it is a pure function of it, so a
// recorded Evidence reproduces any report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/subject/subject.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::evidence {

/// A host's addresses looked at; a hostile zone may list thousands.
inline constexpr std::size_t max_addresses = 64;

/// One name that the PTR question gave.
struct NameEvidence {
  dns::Name name;
  std::uint32_t ttl = 0;  ///< of its PTR record, seconds
  verdict::Usability usability = verdict::Usability::usable;
  resolver::Answer own;    ///< A of a v4, AAAA of a v6 client; status unusable or not_checked when it was not asked
  resolver::Answer other;  ///< the other family's, never part of the verdict; status not_asked when it was not asked
  friend bool operator==(const NameEvidence&, const NameEvidence&) = default;
};

struct AddressEvidence {
  net::Address address;
  std::vector<std::string> from;  ///< how the subject led here: "given", "a", "aaaa"
  std::optional<net::SpecialPurpose> special;
  resolver::Answer ptr;             ///< status not_asked when no public PTR is possible
  std::vector<NameEvidence> names;  ///< in canonical order, so that round robin does not change a report
  friend bool operator==(const AddressEvidence&, const AddressEvidence&) = default;
};

/// One question in the order it was asked, for --trace.
struct TraceRow {
  std::string question;               ///< "PTR 5.113.0.203.in-addr.arpa."
  std::optional<std::size_t> after;   ///< the row whose answer it waited for
  base::Milliseconds start{};         ///< since the subject was begun
  base::Milliseconds took{};
  std::string outcome;                ///< status word
  std::vector<resolver::Attempt> attempts;  ///< `sent` counts from the subject's begin too
  friend bool operator==(const TraceRow&, const TraceRow&) = default;
};

struct Evidence {
  subject::Subject subject;
  base::WallTime time{};
  /// Whether the zone's own servers were asked: not by this version, which judges by the resolver's answer.
  resolver::Resolver::Authority authority = resolver::Resolver::Authority::not_asked;
  std::optional<resolver::Answer> host_a, host_aaaa;  ///< of a host; empty when not asked
  std::vector<AddressEvidence> addresses;
  std::size_t addresses_left_out = 0;  ///< of a host, beyond max_addresses
  std::vector<TraceRow> trace;
  base::Milliseconds wall{};  ///< from the first question to the last answer
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// The verdict of one address: its facts handed to verdict::iprev.
[[nodiscard]] verdict::Verdict verdict_of(const AddressEvidence& address);
/// How many of the names were looked up.
[[nodiscard]] std::size_t names_checked(const AddressEvidence& address);
/// The addresses in an answer's A or AAAA records.
[[nodiscard]] std::vector<net::Address> addresses_in(const resolver::Answer& answer);
/// How long the chain of questions took that waited for one another longest: what the network cost at least.
[[nodiscard]] base::Milliseconds longest_chain(const std::vector<TraceRow>& trace);

}  // namespace fcrdns::evidence
