// Very many questions side by side, at the pace those asked can bear. Two ways: recursive resolvers that were given
// (bulk_given), and the zones' own servers, found along the delegations (bulk_iterate). Trouble is a value here too, and
// is only believed after every try.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::resolver {

struct BulkOptions {
  std::vector<net::Endpoint> servers;             ///< the resolvers; for bulk_iterate the root's servers
  std::size_t window = 8192;                      ///< questions under way at most, over all servers
  double rate = 0;                                ///< packets a second at most, over all servers; 0: no cap but the pace
  double server_rate = 400;                       ///< packets a second at most to one server, bulk_iterate only
  unsigned tries = 5;                             ///< packets per question at most
  base::Milliseconds patience{1500};              ///< with one packet
  std::optional<net::Family> transport;           ///< the family that carries the queries; empty: both
  bool segments = true;                           ///< false: as where the kernel joins no datagrams
  bool tell_bogus = true;                         ///< bulk_given: a SERVFAIL that lasts is asked for once more with CD=1, and once more without
};

/// What is known about one server.
struct ServerHealth {
  net::Endpoint server;
  double rate = 0;                                ///< packets a second it is asked at now
  std::uint64_t sent = 0, answered = 0, timeouts = 0, refusals = 0;  ///< refusals: SERVFAIL and REFUSED
};
struct BulkCounts {
  std::uint64_t questions = 0;                    ///< asked by the caller
  std::uint64_t packets = 0;                      ///< sent over UDP, tries and the way down the delegations included
  std::uint64_t retries = 0, tcp = 0, servers = 0;
};

class Bulk {
 public:
  /// `token` is the asker's own. CNAMEs have been followed: the reply's status is the last word, never an open chain.
  /// The reply lives for the call. May ask() while there is room().
  using Deliver = std::function<void(std::uint64_t token, dns::Reply& reply)>;

  virtual ~Bulk() = default;
  Bulk() = default;
  Bulk(const Bulk&) = delete;
  Bulk& operator=(const Bulk&) = delete;

  /// Room for that many more questions now.
  [[nodiscard]] virtual std::size_t room() const = 0;
  /// One question; call only while there is room(). It is delivered by `deadline` at the latest,
  /// and what it waited().
  virtual void ask(dns::Question question, std::uint64_t token, base::SteadyTime deadline) = 0;
  /// Sends what is due, takes what has come, delivers; naps for a millisecond or two so that both come in heaps.
  virtual void turn(const Deliver& deliver) = 0;
  /// Nothing is under way.
  [[nodiscard]] virtual bool idle() const = 0;
  [[nodiscard]] virtual base::SteadyTime now() const = 0;
  /// While an answer is delivered: how long its question stood and waited until a server might be asked.
  /// That is the scan's own politeness, and counts against no deadline.
  [[nodiscard]] virtual std::chrono::microseconds waited() const { return {}; }

  /// The servers asked most, at most `most`.
  [[nodiscard]] virtual std::vector<ServerHealth> health(std::size_t most) const = 0;
  [[nodiscard]] virtual BulkCounts counts() const = 0;
};

/// Through these recursive resolvers. The Fault says why no socket can be had.
[[nodiscard]] base::Expected<std::unique_ptr<Bulk>> make_bulk_given(const BulkOptions& options);
/// From the servers of the root along the delegations, each server at a polite rate. Does not validate.
[[nodiscard]] base::Expected<std::unique_ptr<Bulk>> make_bulk_iterate(const BulkOptions& options);

}  // namespace fcrdns::resolver
