// Which part of a scan is whose. A scan is cut into leases (a prefix each, mostly); a JetStream stream holds them; any number
// of workers drain it, acknowledge, ask for more time while they work; what a dead worker held is handed out again. Rows
// travel back in packed parts; the first result of a lease stands, so that each address has one row.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/lease/message.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::lease {

struct Status {
  struct Machine {
    std::uint64_t leases = 0, rows = 0;
    friend bool operator==(const Machine&, const Machine&) = default;
  };
  /// `refused`: made no sense to the worker that took it. `redelivered`: how often a lease was handed out once more.
  std::uint64_t leases = 0, waiting = 0, under_way = 0, done = 0, refused = 0, redelivered = 0;
  std::uint64_t rows = 0;
  int copies = 1;                                 ///< servers that hold each message
  std::map<std::string, Machine> machines;        ///< what each has done
};

/// What came of a submit.
struct Submitted {
  std::uint64_t leases = 0, addresses = 0;        ///< put into the queue now
  std::uint64_t already = 0;                      ///< addresses of those wanted that were there, or are left out
  int copies = 1;
};

struct Server {
  std::string urls;                               ///< one or more of a cluster, divided by commas; without credentials
  std::string credentials;                        ///< file; empty: none
  std::string scan = "scan";                      ///< several scans on one server have names
  /// Is told in a sentence when the connection is lost, and when it is back. Called from another thread.
  std::function<void(std::string_view)> tell;
};

/// Whether the words make sense; asks nobody.
[[nodiscard]] base::Expected<void> look_at(const Server& server);

/// A queue on a NATS server or cluster. A call blocks for a second at most while all is well. While servers are away it is
/// tried again for up to two minutes; then it is a Fault.
class Queue {
 public:
  /// The Fault says what could not be reached and how to mend it.
  [[nodiscard]] static base::Expected<std::unique_ptr<Queue>> connect(const Server& server);
  virtual ~Queue() = default;

  /// Cuts the prefixes, without those that are left out, and queues what is not there yet; makes the queue where there is
  /// none. `settings` are those of the whole scan: a Fault when it was begun with others.
  [[nodiscard]] virtual base::Expected<Submitted> submit(const std::vector<net::Prefix>& prefixes, const std::vector<net::Prefix>& left_out,
                                                        const Settings& settings) = 0;
  /// Of the scan, as it was submitted.
  [[nodiscard]] virtual base::Expected<Settings> settings() = 0;
  [[nodiscard]] virtual base::Expected<Status> status() = 0;

  /// A lease that is held until done() or give_back(), or until its time is over without still_working().
  class Held {
   public:
    virtual ~Held() = default;
    [[nodiscard]] virtual const Lease& lease() const = 0;
    /// Asks for more time; never blocks.
    virtual void still_working() = 0;
    /// Keeps these rows (whole lines), packed; sends them when they become many.
    [[nodiscard]] virtual base::Expected<void> add(std::string_view rows, std::uint64_t count) = 0;
    /// Sends what is left, then what says which parts count; only then is the lease done. False: another worker was first, and
    /// its rows stand.
    [[nodiscard]] virtual base::Expected<bool> done() = 0;
    virtual void give_back() = 0;
  };
  /// What take() found.
  struct Taken {
    std::unique_ptr<Held> held;                   ///< may be null: nothing for now
    std::string refused;                          ///< a lease made no sense and was put aside: why
    bool empty = false;                           ///< nothing waits and nothing is under way elsewhere
    std::uint64_t elsewhere = 0;                  ///< under way elsewhere
  };
  /// The next lease, waited for at most so long.
  [[nodiscard]] virtual base::Expected<Taken> take(base::Milliseconds longest) = 0;

  /// The rows of every lease that is done, each once. Returns how many leases are missing.
  struct Collected {
    std::uint64_t leases = 0, missing = 0, rows = 0;
  };
  using Rows = std::function<base::Expected<void>(std::string_view rows)>;
  [[nodiscard]] virtual base::Expected<Collected> collect(const Rows& each) = 0;
  /// Takes the whole scan, rows too, off the server.
  [[nodiscard]] virtual base::Expected<void> forget() = 0;
};

}  // namespace fcrdns::lease
