// One question put to one or several equal servers, packet by packet, until one of them answers.
//
// What a packet can meet, and what follows:
//   the answer                          the exchange ends
//   nothing                             again after half a second, then at growing intervals of at most 1.8 s, the next
//                                       server each time; earlier sockets stay open. A stock Unbound drops an answer
//                                       that took it over 1.9 s: only who asks again late gets what it has learned.
//   wrong ID or question, or damaged    not ours: the socket waits on (RFC 5452 9.1; TuDoor); after 16 of them, TCP
//   the question in other letter case   a server without 0x20, or a forger: TCP to the same server
//   TC                                  TCP (RFC 7766 5)
//   FORMERR, NOTIMP, BADVERS to EDNS    again without EDNS (RFC 6891 7), remembered for this server
//   silence to EDNS, twice              the same, remembered once the plain question was answered
//   SERVFAIL, REFUSED, lame ...         the next server at once; when all said so, the most telling ends it; silent
//                                       servers are waited for 3 s more
//   ICMP port unreachable               soft (it can be forged): the next server, and TCP to this one; refused twice
//                                       over both, it is gone
//
// Who wants to know about one server over one transport (Way) gets less: two tries, one more over UDP to see whether it
// is EDNS that is not answered, and TCP only where a UDP reply cannot be used.
//
// Who wants to know about one packet in one wording (once) gets just that one: silence, a refusal, letter case not kept
// and FORMERR to EDNS are the answer. Only a TC reply still leads to TCP.
//
// Every packet leaves from its own random port (transport), with its own random ID and its own random letter case.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "fcrdns/base/random.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::resolver {

/// Over which transports.
enum class Way {
  any,       ///< whatever leads to an answer
  udp, tcp,  ///< one server itself is tried, without recursion (RD=0)
};

/// How to ask, and how to read the answer.
struct Manner {
  dns::Source source = dns::Source::recursive;  ///< recursive: with RD, and AD to ask for the AD bit (RFC 6840 5.7)
  bool checking_disabled = false;               ///< CD: the data even when validation fails (RFC 4035 3.2.2)
  Way way = Way::any;
  std::optional<Wording> once{};                ///< a single packet of this wording; with Way udp or tcp
};

struct Exchanged {
  Answer answer;
  bool open_chain = false;                          ///< status noerror without records: ask on at answer.via.back()
  std::optional<net::Endpoint> server;              ///< who said what the status says
  std::optional<dns::ExtendedError> extended_error;
  std::optional<dns::Message> message;              ///< the reply behind the status, for who reads referrals
  bool no_route = false;                            ///< unreachable: nothing could be sent there from here
};

/// The query itself, with ID and letter case drawn from `random`.
[[nodiscard]] dns::Message make_query(const dns::Question& question, const Manner& manner, bool edns,
                                      base::Random& random);

/// Holds what is learned about servers over many exchanges. Borrows the loop and the random source.
class Exchanger {
 public:
  explicit Exchanger(transport::Loop& loop, base::Random& random = base::secure_random());

  /// `done` is called once from the loop, at `deadline` at the latest; never when the Pending was let go before.
  /// It may let go of it itself. Without servers the answer is `unreachable`.
  [[nodiscard]] std::unique_ptr<transport::Pending> start(const std::vector<net::Endpoint>& servers, dns::Question question,
                                                          Manner manner, base::SteadyTime deadline,
                                                          std::move_only_function<void(Exchanged)> done);

 private:
  friend class Exchange;
  transport::Loop& loop_;
  base::Random& random_;
  std::set<net::Endpoint> without_edns_;  ///< servers that answer only plain questions
};

}  // namespace fcrdns::resolver
