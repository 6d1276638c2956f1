// How octets travel, and how long it may take. One thread, one loop; Boost.Asio stays behind this door.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "fcrdns/base/octets.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::transport {

/// What became of one exchange over one socket.
enum class Event {
  datagram,     ///< octets arrived (UDP: one datagram of the connected peer; TCP: one length-framed message)
  refused,      ///< ICMP port unreachable or TCP RST: a soft error, the socket stays open over UDP
  unreachable,  ///< no route, or no socket to be had
  closed,       ///< TCP: the peer closed, nothing more comes; the octets are those of a message it left unfinished
};

/// A timer or socket that is under way; letting go of it cancels it, and its handler is not called any more. A handler
/// may let go of its own. Let go of all of them before the Loop ends.
class Pending {
 public:
  virtual ~Pending() = default;
};

using EventHandler = std::move_only_function<void(Event, base::OctetView)>;

/// The real network. The virtual functions are what a played one (resolver/scripted) puts in its place.
class Loop {
 public:
  Loop();
  virtual ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  [[nodiscard]] virtual base::SteadyTime now() const;

  /// Runs handlers that are due; waits at most `longest` for the first. Returns whether any ran; at once when nothing
  /// is under way. Not to be called from a handler.
  virtual bool run_one(base::Milliseconds longest);

  [[nodiscard]] virtual std::unique_ptr<Pending> at(base::SteadyTime when, std::move_only_function<void()> handler);
  /// Calls `handler` each time the descriptor is readable; the descriptor stays the caller's.
  [[nodiscard]] std::unique_ptr<Pending> when_readable(int descriptor, std::move_only_function<void()> handler);

  /// Sends one datagram from a fresh socket on a random port, connected to `peer`; every datagram that comes back
  /// from that very peer goes to `handler`, until the Pending is let go. Handlers never run from inside the call.
  [[nodiscard]] virtual std::unique_ptr<Pending> udp(const net::Endpoint& peer, const base::Octets& octets,
                                                     EventHandler handler);
  /// Connects, sends one length-framed message (RFC 1035 4.2.2, RFC 7766 8), reads framed messages.
  [[nodiscard]] virtual std::unique_ptr<Pending> tcp(const net::Endpoint& peer, const base::Octets& octets,
                                                     EventHandler handler);

  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }

 protected:
  /// Without a socket or a descriptor: all that is virtual must be overridden, and nothing else be called.
  explicit Loop(std::nullptr_t);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::transport
