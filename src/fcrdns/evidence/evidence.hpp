// What are the facts about a subject now? One plain value; everything behind it is a pure function of it, so a
// recorded Evidence reproduces any report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/bounce/claim.hpp"
#include "fcrdns/evidence/proof.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/owner/owner.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/resolver/walk.hpp"
#include "fcrdns/spf/spf.hpp"
#include "fcrdns/subject/subject.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::evidence {

/// A host's addresses looked at; a hostile zone may list thousands.
inline constexpr std::size_t max_addresses = 64;
/// Addresses of one subject whose verdict is explained: walked, probed, their owner looked up. Those of a block lie in
/// the same zones, and the first of them stand for the others.
inline constexpr std::size_t max_explained = 16;

/// One name that the PTR question gave.
struct NameEvidence {
  dns::Name name;
  std::uint32_t ttl = 0;  ///< of its PTR record, seconds
  verdict::Usability usability = verdict::Usability::usable;
  resolver::Answer own;    ///< A of a v4, AAAA of a v6 client; status unusable or not_checked when it was not asked
  resolver::Answer other;  ///< the other family's, never part of the verdict; status not_asked when it was not asked
  std::vector<resolver::Walk> forward;  ///< the question of `own`, walked, then where its aliases lead; empty: not walked
  friend bool operator==(const NameEvidence&, const NameEvidence&) = default;
};

/// Why a question beside the verdict was asked: each shows one mistake of the hand, or rules it out.
enum class Purpose {
  // PTR of other addresses
  neighbour,          ///< `address` is next to the one looked at, or ::1 of its /64
  sibling,            ///< `address` is of the same zone, picked without pattern: the same name there is no name of its own
  wildcard,           ///< a label in the reverse zone that stands for no address
  // PTR where nobody asks for it (the registrar mistake), in the domain
  at_host_name,       ///< at the host's own name: the fields were swapped, or the panel had only a host name to offer
  at_apex,            ///< at the domain itself
  reverse_in_domain,  ///< 5.113.0.203.in-addr.arpa.example.com.
  octet_in_domain,    ///< 5.example.com.
  reverse_copy,       ///< the reverse name, at the domain's own servers, which nobody delegated it to
  domain_wildcard,    ///< a random label: a domain that answers PTR everywhere shows no mistake by it
  // PTR at a reverse name that is written wrongly
  not_reversed,       ///< 203.0.113.5.in-addr.arpa.
  nibbles_missing,    ///< fewer than 32 nibbles; public how-tos print 28
  ip6_int,            ///< the ending that RFC 4159 took away
  zone_doubled,       ///< the zone's name hangs behind the whole reverse name
};
[[nodiscard]] std::string_view to_word(Purpose purpose);
[[nodiscard]] std::optional<Purpose> parse_purpose(std::string_view word);

struct Probe {
  Purpose purpose = Purpose::neighbour;
  dns::Question question;
  std::optional<net::Address> address;  ///< the other address, with `neighbour` and `sibling`
  std::optional<dns::Name> server;      ///< who was asked directly; empty: the resolver
  resolver::Answer answer;
  std::optional<resolver::Answer> forward;  ///< of `neighbour`: addresses (of the family looked at) of its first usable name
  friend bool operator==(const Probe&, const Probe&) = default;
};

/// What one recursive resolver holds in its cache, asked without recursion.
struct CacheEvidence {
  net::Endpoint resolver;
  dns::Question question;
  resolver::Answer answer;  ///< definite: held, with the TTL that remains; anything else: cannot be seen
  friend bool operator==(const CacheEvidence&, const CacheEvidence&) = default;
};

struct AddressEvidence {
  net::Address address;
  std::optional<dns::Name> host;  ///< the name it was found under
  std::vector<std::string> from;  ///< how the subject led here: "given", "a", "aaaa", "mx", "spf:a", "spf:mx", "spf:ip4", "spf:ip6", "prefix", "bounce", "sending_host"
  std::optional<net::SpecialPurpose> special;
  resolver::Answer ptr;             ///< status not_asked when no public PTR is possible
  std::vector<NameEvidence> names;  ///< in canonical order, so that round robin does not change a report
  std::vector<resolver::Walk> reverse;  ///< the reverse name, then where its aliases lead (RFC 2317); empty: not walked
  std::vector<Probe> probes;            ///< in the order of Purpose, then of the question
  std::vector<CacheEvidence> caches;
  std::optional<owner::Registration> registration;  ///< empty: not asked
  std::vector<spf::Outcome> spf;        ///< by identity: MAIL FROM, HELO; empty: neither was told, or not asked
  std::vector<ProofRow> proof;          ///< by zone, then by server, transport and manner; empty: not asked for, or nothing to ask
  friend bool operator==(const AddressEvidence&, const AddressEvidence&) = default;
};

/// A name the user gave beside the subject, seen from every side.
struct NameLook {
  dns::Name name;
  resolver::Answer a, aaaa, mx;
  bool is_mx = false;        ///< some MX of the domain above it names it
  friend bool operator==(const NameLook&, const NameLook&) = default;
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

/// What bounces say of the address that is looked at: the checked one is what a receiver saw.
struct Blame {
  std::vector<bounce::Cause> causes;             ///< of the latest refusal, the likeliest first; never empty
  std::string receiver;                          ///< who refused, in words ("Gmail", "mx.example.net"), escaped
  bool quoted = false;                           ///< the reply itself quotes the address
  std::size_t mails = 1;                         ///< refused ones
  std::optional<base::WallTime> first, last;     ///< refusals; empty: not told
  bool names_authentication = false;             ///< the reply speaks of SPF, DKIM or authentication too
  std::optional<dns::Name> sending_host;         ///< the name of the server that sent (Reporting-MTA, log)
  friend bool operator==(const Blame&, const Blame&) = default;
};

struct Evidence {
  subject::Subject subject;
  base::WallTime time{};
  std::optional<Blame> blame;              ///< a bounce led here
  /// Whether the zone's own servers were asked; not_asked: findings rest on the resolver's answer.
  resolver::Resolver::Authority authority = resolver::Resolver::Authority::not_asked;
  std::optional<resolver::Answer> host_a, host_aaaa;  ///< of a host or domain; empty when not asked
  std::optional<resolver::Answer> mx, txt;            ///< of a host or domain; empty when not asked
  std::vector<std::string> not_followed;   ///< SPF mechanisms that name other senders ("include:_spf.example.net"), escaped
  std::optional<dns::Name> domain;         ///< --domain, or the one it was derived from; where misplaced PTRs are looked for
  bool domain_given = false;               ///< it was --domain
  std::optional<NameLook> expect, helo;    ///< --expect, --helo
  std::string helo_text;                   ///< --helo when it is no name that can be looked up, escaped; else empty
  std::optional<NameLook> sender;          ///< the sending host's own name, as a bounce tells it
  std::vector<AddressEvidence> addresses;
  std::size_t addresses_left_out = 0;  ///< beyond max_addresses
  std::vector<TraceRow> trace;
  base::Milliseconds wall{};  ///< from the first question to the last answer
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// The name said in HELO, when it is one that can be looked up.
[[nodiscard]] std::optional<dns::Name> helo_name(std::string_view said);
/// The names that are the user's own, as far as they were told, the most telling first.
[[nodiscard]] std::vector<const NameLook*> own_names(const Evidence& evidence);
/// The verdict of one address: its facts handed to verdict::iprev.
[[nodiscard]] verdict::Verdict verdict_of(const AddressEvidence& address);
/// Who may own its reverse zone: its facts handed to owner::candidates.
[[nodiscard]] std::vector<owner::Candidate> owners_of(const AddressEvidence& address);
/// How many of the names were looked up.
[[nodiscard]] std::size_t names_checked(const AddressEvidence& address);
/// The addresses in an answer's A or AAAA records.
[[nodiscard]] std::vector<net::Address> addresses_in(const resolver::Answer& answer);
[[nodiscard]] bool leads_to(const resolver::Answer& answer, const net::Address& address);
/// Whether what the mail host's domain or its MX alone led here: nothing says that it sends.
[[nodiscard]] bool is_only_mx(const AddressEvidence& address);
/// The last walk of the reverse name: of the zone where the PTR is, or should be. Null when it was not walked.
[[nodiscard]] const resolver::Walk* reverse_zone(const AddressEvidence& address);
/// Probes of one purpose.
[[nodiscard]] std::vector<const Probe*> probes_for(const AddressEvidence& address, Purpose purpose);
/// How many seconds a cache may hold whatever stood there before what its zones say now: an absence for the negative TTL
/// (RFC 2308 5), a record for its TTL. 0 when nothing was walked.
[[nodiscard]] std::uint32_t longest_held(const AddressEvidence& address);
/// How long the chain of questions took that waited for one another longest: what the network cost at least.
[[nodiscard]] base::Milliseconds longest_chain(const std::vector<TraceRow>& trace);

}  // namespace fcrdns::evidence
