// What an authoritative server of a world says to one query (RFC 1034 4.3.2, RFC 4035 3.1, RFC 6891), including the
// ways in which it fails. Pure but for two memories: which questions it has let fall once (Failure::drop_first), and how
// many queries came to a server that lets a share of them fall.
#pragma once

#include <map>
#include <vector>

#include "fcrdns/authority/listeners.hpp"
#include "fcrdns/authority/signing.hpp"
#include "fcrdns/base/random.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::authority {

struct Response {
  std::vector<base::Octets> messages;  ///< sent one after another; none: silence
  base::Milliseconds delay{};          ///< before the first is sent
};

class Responder {
 public:
  /// Borrows both for its life.
  Responder(const SignedWorld& world, base::Random& random) : world_(world), random_(random) {}

  /// `server` is the one the query was sent to.
  [[nodiscard]] Response respond(const world::Server& server, base::OctetView query, Transport transport,
                                 base::SteadyTime now);

 private:
  bool falls_first(const dns::Question& question, base::SteadyTime now);
  bool falls_by_share(const world::Server& server, Transport transport);

  const SignedWorld& world_;
  base::Random& random_;
  std::map<std::pair<dns::Name, dns::Type>, base::SteadyTime> fallen_;
  std::map<std::pair<dns::Name, Transport>, unsigned> heard_;
};

/// How many octets a reply to this query may have: the client's EDNS size within 512..1232, 512 without EDNS.
[[nodiscard]] std::size_t reply_limit(const dns::Message& query, Transport transport);
/// Octets within the limit. Additional records may go silently; anything else lost is told by TC (RFC 2181 9).
[[nodiscard]] base::Octets fit(dns::Message reply, std::size_t limit);

/// What a well-behaved server of these zones answers. `server` decides which zones it holds.
[[nodiscard]] dns::Message answer(const SignedWorld& world, const world::Server& server, const dns::Message& query);

}  // namespace fcrdns::authority
