// Listening for DNS messages over UDP and TCP (RFC 1035 4.2, RFC 7766): one thread, one loop, any number of addresses.
#pragma once

#include <functional>
#include <memory>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/octets.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::authority {

enum class Transport { udp, tcp };

/// Sends one message back to whoever asked; may be kept, and called later or several times. A peer that is gone is
/// nobody's fault.
using Reply = std::function<void(const base::Octets&)>;
/// Called for each message that arrives.
using Handler = std::function<void(base::OctetView query, Transport transport, Reply reply)>;

class Listeners {
 public:
  Listeners();
  ~Listeners();
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  /// Listens on both transports. Port 0 takes one that is free for both; the endpoint that came of it is returned.
  [[nodiscard]] base::Expected<net::Endpoint> add(const net::Endpoint& where, Handler handler);
  /// Runs `work` in the loop after the delay.
  void after(base::Milliseconds delay, std::move_only_function<void()> work);
  /// Runs `work` in the loop each time the descriptor is readable; the descriptor stays the caller's.
  void when_readable(int descriptor, std::function<void()> work);
  /// Serves until stop(), which may be called from another thread.
  void run();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::authority
