// Questions over TCP (RFC 7766), for whom a datagram had no room: so many at once, the others wait their turn.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "fcrdns/base/octets.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/status.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/transport/loop.hpp"

namespace fcrdns::resolver {

class BulkTcp {
 public:
  /// Either a message that answers the question, or null and what came instead: `malformed` or `unreachable`.
  using Done = std::function<void(std::uint32_t asker, dns::Message* message, dns::Status trouble)>;
  explicit BulkTcp(Done done, std::size_t most = 64) : done_(std::move(done)), most_(most) {}

  /// One question of each asker at a time; `query` is the whole message and has the ID.
  void ask(std::uint32_t asker, const net::Endpoint& server, base::Octets query, dns::Question question);
  /// Not to be waited for any more; it was `malformed` what came so far, or nothing: `timeout`.
  dns::Status cancel(std::uint32_t asker);
  /// It still waits its turn.
  [[nodiscard]] bool waits(std::uint32_t asker) const;
  /// Runs what is due; calls `done`.
  void turn();

 private:
  struct Exchange {
    net::Endpoint server;
    base::Octets query;
    dns::Question question;
    std::unique_ptr<transport::Pending> line;  // none while it waits its turn
    bool damaged = false;
  };
  void begin_those_waiting();
  void on_event(std::uint32_t asker, transport::Event event, base::OctetView octets);
  void end(std::uint32_t asker, dns::Message* message, dns::Status trouble);

  Done done_;
  std::size_t most_;
  transport::Loop loop_;
  std::map<std::uint32_t, Exchange> under_way_;
  std::deque<std::uint32_t> waiting_;  // some of them may have been cancelled
  std::size_t open_ = 0;
};

}  // namespace fcrdns::resolver
