// A small internet as data: zones, servers, what they hold, how they fail, how slow they are. The lab serves it over
// real sockets, the scripted resolver answers from it without any, and the scenario tests read their expectations here.
//
// The text form (data/worlds/*.world) is line based; ';' starts a comment, quoted text may hold it. A line that starts
// with '$' is a directive, any other line is a record in the zone opened last.
//
//   $SERVER ns1.provider.example. 198.51.100.53 2001:db8:53::1 [delay=20ms] [udp=silent] [tcp=silent] [mode=FAILURE]
//         [drop_udp=3/10] [drop_tcp=1/4]     of each ten queries over that transport, three are let fall, evenly spread
//   $ZONE 113.0.203.in-addr.arpa. ns1.provider.example. ns2.provider.example. [ttl=3600] [negative=3600] [serial=N]
//         [signed|bogus|expired] [lame=ns2.provider.example.] [copy]  (all of it on one line)
//   5 PTR mail.example.com.
//   6 600 PTR other.example.com.
//   7 PTR !servfail                        what every server of the zone does when asked for this name and type
//   8 ANY !timeout                         for every type
//   9 PTR mail.example.com. !delay=150ms   a record that comes late
//   $GENERATE 1-300 50 PTR host-$.example.com.            one record for each number, put in place of each further '$'
//   $CACHED 5.113.0.203.in-addr.arpa. 1200 PTR old.example.com.
//                                          what the recursive resolvers of this world still hold; !nxdomain and !nodata
//                                          stand for a negative answer
//   $HOST 203.0.113.5 iprev=fail findings=forward_mismatch exit=1 "PTR leads to a name with another address"
//   $HOST 203.0.113.6 options="--helo mail.example.com" iprev=pass exit=0 findings=helo_differs
//   $BOUNCE "550 5.7.25 [203.0.113.5] ..." host=mail.example.com sender=user@example.com ago=10min conclusion=still_broken exit=1 findings=ptr_missing "story"
//
// Delegations (NS at the parent, glue, DS of signed children) are made from the $ZONE lines: the zone with the longest
// matching suffix is the parent. A zone needs no SOA or NS line of its own, nor the addresses of servers.
// or=temperror:2:reverse_unreachable on a $HOST line states another admissible outcome: some real resolvers give up
// where a patient one does not. unwalked=permerror:1:ptr_missing states what a report says that could not ask the zones'
// own servers. options="..." are words for the command line of `fcrdns check`. not=ptr_missing says what it is easily taken
// for, and is not.
// A `copy` of a zone is held by its servers, and nobody is sent there for it: its data are told to whom asks one of them
// directly. Listed with lame= in the zone itself, such a server is one that has its own version.
// An owner or apex in brackets is the reverse name of an address or a prefix: [2001:db8::1], [2001:db8::/32].
// A name that only has a failure exists: its other types are NODATA. Every server a $ZONE names must have its $SERVER.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/record.hpp"
#include "fcrdns/dns/status.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::world {

/// What a server does instead of answering well.
enum class Failure {
  none, servfail, refused, formerr, notimp, badvers, timeout,
  malformed,     ///< a damaged message
  lame,          ///< answers without AA, no data
  referral,      ///< an upward or self referral
  no_soa,        ///< empty NOERROR without SOA, without AA
  wrong_id,      ///< a flood of replies with wrong IDs before the right one
  truncated,     ///< TC over UDP, whole over TCP
  lower_case,    ///< echoes the question in lower case (no 0x20)
  no_edns,       ///< FORMERR to EDNS queries, well without
  drop_edns,     ///< silent to EDNS queries
  drop_first,    ///< silent to the first packet of each question
  drop_mixed_case,  ///< silent to names in which capitals and small letters meet (0x20)
  bad_then_good, ///< a reply cut inside its header, then the right one
};
[[nodiscard]] base::Expected<Failure> parse_failure(std::string_view word);

struct Behaviour {
  Failure failure = Failure::none;
  base::Milliseconds delay{};
  friend bool operator==(const Behaviour&, const Behaviour&) = default;
};

/// Of `each` queries `dropped` are let fall, always the same ones.
struct Share {
  unsigned dropped = 0, each = 1;
  friend bool operator==(const Share&, const Share&) = default;
};

struct Server {
  dns::Name name;
  std::vector<net::Address> addresses;
  Behaviour behaviour;
  bool udp = true, tcp = true;  ///< false: owned but silent
  Share drop_udp, drop_tcp;
};

enum class Signing { unsigned_, signed_, bogus, expired };

struct Zone {
  dns::Name apex;
  std::vector<dns::Name> servers;
  std::vector<dns::Name> lame_servers;      ///< listed at the parent, but do not hold the zone
  std::uint32_t ttl = 3600;                 ///< default TTL, seconds
  std::uint32_t negative_ttl = 3600;        ///< SOA TTL and MINIMUM, seconds
  std::uint32_t serial = 2026010101;
  Signing signing = Signing::unsigned_;
  bool copy = false;                        ///< held by its servers beside the zone that is delegated; never signed
  std::vector<dns::Record> records;         ///< without the SOA, NS, glue and DS that are made
  std::map<std::pair<dns::Name, dns::Type>, Behaviour> behaviours;  ///< Type::any stands for every type
};

struct Outcome {
  std::string iprev;                    ///< word, or "-" for none
  int exit_code = 0;
  std::vector<std::string> findings;    ///< exactly these ids
};

/// A subject worth checking in this world, and what a right report says of it.
struct Host {
  std::string subject;
  std::string iprev;                    ///< word, or "-" for none
  std::vector<std::string> findings;    ///< exactly these ids
  int exit_code = 0;
  std::optional<Outcome> otherwise;     ///< also admissible through a resolver that gives up early, or that holds nothing
  std::optional<Outcome> unwalked;      ///< when the zones' own servers are not asked; empty: the same
  std::vector<std::string> options;     ///< of the command line
  std::vector<std::string> not_findings;  ///< ids it is easily taken for; none of them is in `findings`
  std::string story;                    ///< one line: what is wrong with it
  int line = 0;
};

/// A bounce that a sender in this world gets, and what a right explanation concludes.
struct Bounce {
  std::string reply;                    ///< of the server that refused, codes and all
  std::string host;                     ///< the server that sent (Reporting-MTA); empty: not told
  std::string sender;                   ///< envelope sender; empty: not told
  std::optional<base::Seconds> ago;     ///< when it was refused; empty: not told
  std::string conclusion;               ///< word
  std::vector<std::string> findings;    ///< exactly these ids
  int exit_code = 0;
  std::string story;                    ///< one line
  int line = 0;
};

/// What a recursive resolver holds of one question, and for how many seconds more.
struct Cached {
  dns::Question question;
  dns::Record record;                   ///< its TTL is what remains; meaningless but for that when negative
  dns::Status status = dns::Status::noerror;
};

struct World {
  std::vector<Server> servers;
  std::vector<Zone> zones;
  std::vector<Host> hosts;
  std::vector<Bounce> bounces;
  std::vector<Cached> cached;
  [[nodiscard]] const Zone* zone_of(const dns::Name& name) const;  ///< the deepest zone that holds the name
  [[nodiscard]] const Server* server(const dns::Name& name) const;  ///< null when there is none of this name
  /// The deepest copy of a zone that this server holds for the name; null: it answers as everybody does.
  [[nodiscard]] const Zone* copy_at(const dns::Name& server, const dns::Name& name) const;
};

/// Reads the text form; a Fault names the line.
[[nodiscard]] base::Expected<World> parse_world(std::string_view text);

/// What the zone's own data says to one question: records, or the status, and one step of CNAME/DNAME.
struct ZoneAnswer {
  enum class Kind {
    records, alias, nodata, nxdomain, referral,
    too_long,  ///< a DNAME made a name over 255 octets (RFC 6672 2.2: YXDOMAIN)
  } kind = Kind::nxdomain;
  std::vector<dns::Record> records;      ///< the RRset; for alias the CNAME (and the DNAME before it)
  dns::Name target;                      ///< of the alias
  std::optional<dns::Name> wildcard;     ///< the wildcard owner the answer was made from (RFC 4592)
  const Zone* delegated_to = nullptr;    ///< of a referral
};
[[nodiscard]] ZoneAnswer look_up(const World& world, const Zone& zone, const dns::Question& question);
[[nodiscard]] Behaviour behaviour_of(const Zone& zone, const dns::Question& question);
[[nodiscard]] dns::Record soa_of(const Zone& zone);

/// What the parent zone says about a child: its NS records, lame servers included.
[[nodiscard]] std::vector<dns::Record> delegation_of(const Zone& child);
/// A and AAAA of those servers of the child whose names lie within `within`.
[[nodiscard]] std::vector<dns::Record> glue_of(const World& world, const Zone& child, const dns::Name& within);
/// Everything the zone holds with authority, sorted by owner: its records, its SOA and NS, the addresses of servers.
[[nodiscard]] std::vector<dns::Record> records_of(const World& world, const Zone& zone);
/// The zones delegated right out of this one.
[[nodiscard]] std::vector<const Zone*> children_of(const World& world, const Zone& zone);
/// The zone this one is delegated from; null for the topmost.
[[nodiscard]] const Zone* parent_of(const World& world, const Zone& zone);

}  // namespace fcrdns::world
