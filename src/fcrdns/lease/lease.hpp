// Which part of a scan is whose. A scan is cut into leases (a prefix each); a JetStream work queue holds them; any number
// of workers drain it, acknowledge, ask for more time while they work; what a dead worker held is handed out again. Rows
// travel back through a stream where the last result of a lease takes the place of an earlier one: each address once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::lease {

/// One part of the work.
struct Lease {
  std::string id;                         ///< of letters, digits and dashes: "10-20-0-0-16"
  std::vector<net::Prefix> prefixes;
};

struct Status {
  std::uint64_t leases = 0, waiting = 0, under_way = 0, done = 0, redelivered = 0;
  std::uint64_t rows = 0;
  std::vector<std::string> workers;       ///< seen lately, with what they hold
};

/// A queue on a NATS server or cluster. All calls block for a few seconds at most, and try another server of the cluster.
class Queue {
 public:
  /// `url`: one or more servers, divided by commas. The Fault says what could not be reached and how to mend it.
  [[nodiscard]] static base::Expected<std::unique_ptr<Queue>> connect(const std::string& url);
  virtual ~Queue() = default;

  /// Cuts the prefixes into leases of at most `addresses` and queues those that are not there yet. Returns how many.
  [[nodiscard]] virtual base::Expected<std::uint64_t> submit(const std::vector<net::Prefix>& prefixes, std::uint64_t addresses) = 0;
  [[nodiscard]] virtual base::Expected<Status> status() = 0;

  /// The next lease, waited for at most so long; nothing: none for now. Held until done() or give_back(), or until its time
  /// is over without still_working().
  [[nodiscard]] virtual base::Expected<std::unique_ptr<Lease>> take(base::Milliseconds longest) = 0;
  virtual base::Expected<void> still_working(const Lease& lease) = 0;
  /// Stores the rows (lines) and acknowledges; only then is the lease done. Doing it twice leaves one result.
  virtual base::Expected<void> done(const Lease& lease, std::string_view rows, std::uint64_t count) = 0;
  virtual void give_back(const Lease& lease) = 0;

  /// Every row of every lease that is done, each once; the Fault says when leases are missing.
  [[nodiscard]] virtual base::Expected<std::uint64_t> collect(const std::function<base::Expected<void>(std::string_view rows)>& each) = 0;
};

}  // namespace fcrdns::lease
