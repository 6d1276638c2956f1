// What one reply proves about one question. Only records that belong to the answer of this question are used: what a
// server adds elsewhere (RFC 2181 5.4.1) is dropped here, once, for every caller.
#pragma once

#include <optional>
#include <vector>

#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/status.hpp"

namespace fcrdns::dns {

/// CNAME links followed before it counts as a loop.
inline constexpr std::size_t max_aliases = 16;

/// Who gave the reply decides how far an empty one can be believed.
enum class Source {
  recursive,      ///< a resolver: an empty NOERROR needs the zone's SOA, else `lame`
  authoritative,  ///< a zone's own server: AA must be set, and a referral is `lame`
};

struct Reply {
  Status status = Status::malformed;
  std::vector<Record> records;   ///< of the asked type, at the end of the chain; empty unless noerror
  std::vector<Name> via;         ///< the CNAME (or DNAME-made) targets walked, in order
  std::optional<Record> soa;     ///< of a negative reply, from the authority section, only if it is above the name
  bool open_chain = false;       ///< status noerror, no records: the chain leaves this reply at via.back(); ask there
};

/// Reads the reply to `question`. The caller has matched ID, source and question before (see answers_question), and
/// asks again over TCP when the message is truncated: what is read here is what the message holds.
/// Contradictions (two aliases or an alias beside other data at one owner, a DNAME that is above no name of the chain,
/// NXDOMAIN beside the asked records) are `malformed`.
[[nodiscard]] Reply interpret(const Message& message, const Question& question, Source source);
/// Takes the records out of the message.
[[nodiscard]] Reply interpret(Message&& message, const Question& question, Source source);

/// Whether the message can be a reply to the query at all: QR, opcode, ID and exactly our question (name compared
/// without case). A FORMERR, SERVFAIL, NOTIMP or REFUSED without a question is let through (RFC 1035 7.3).
[[nodiscard]] bool answers_question(const Message& message, std::uint16_t id, const Question& question);

/// How long the absence may be held in caches, seconds: min(SOA TTL, MINIMUM), RFC 2308 5.
[[nodiscard]] std::uint32_t negative_ttl(const Record& soa);

}  // namespace fcrdns::dns
