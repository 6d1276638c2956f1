// A network that is played: the servers of a World on it, time that passes only when nothing else is due, no socket.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "fcrdns/transport/loop.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::resolver {

/// What a server sends back: messages one after another, none for silence.
struct ServerSays {
  std::vector<base::Octets> messages;
  base::Milliseconds delay{};  ///< before the first is sent
};
/// Plays every server of a world; `server` is the one that the query was sent to.
using PlayServers = std::function<ServerSays(const world::Server& server, base::OctetView query, bool tcp,
                                             base::SteadyTime now)>;

/// At an address that no server of the world has nothing listens. What happens at one time happens in the order it was
/// begun in.
class ScriptedLoop final : public transport::Loop {
 public:
  /// Borrows the world.
  ScriptedLoop(const world::World& world, PlayServers play);

  [[nodiscard]] base::SteadyTime now() const override { return now_; }
  bool run_one(base::Milliseconds longest) override;
  [[nodiscard]] std::unique_ptr<transport::Pending> at(base::SteadyTime when,
                                                       std::move_only_function<void()> handler) override;
  [[nodiscard]] std::unique_ptr<transport::Pending> udp(const net::Endpoint& peer, const base::Octets& octets,
                                                        transport::EventHandler handler) override;
  [[nodiscard]] std::unique_ptr<transport::Pending> tcp(const net::Endpoint& peer, const base::Octets& octets,
                                                        transport::EventHandler handler) override;

  /// From now on there is no route to addresses of this family.
  void cut_off(net::Family family) { cut_off_.insert(family); }
  void pass_until(base::SteadyTime when) { now_ = std::max(now_, when); }
  [[nodiscard]] std::size_t packets() const { return packets_; }  ///< sent, a TCP connection counting as one

 private:
  class Planned;
  using Key = std::pair<base::SteadyTime, std::size_t>;
  Key plan(base::SteadyTime when, std::move_only_function<void()> deed);
  std::unique_ptr<transport::Pending> send(const net::Endpoint& peer, const base::Octets& octets, bool tcp,
                                           transport::EventHandler handler);

  const world::World& world_;
  PlayServers play_;
  base::SteadyTime now_{};
  std::map<Key, std::move_only_function<void()>> plans_;
  std::size_t order_ = 0, packets_ = 0;
  std::set<net::Family> cut_off_;
};

}  // namespace fcrdns::resolver
