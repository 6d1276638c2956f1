// A world whose servers can be asked themselves: the authority plays them, packet by packet, in the world's own time.
#pragma once

#include <stdexcept>
#include <utility>

#include "fcrdns/authority/responder.hpp"
#include "fcrdns/authority/signing.hpp"
#include "fcrdns/resolver/scripted.hpp"

namespace fcrdns::scenarios {

inline constexpr base::WallTime some_time{base::Milliseconds{1'795'266'120'000}};  // 2026-11-21T13:02:00Z

/// Zones that ask for it are signed, which takes a few milliseconds each.
inline authority::SignedWorld signed_world(world::World world) {
  auto made = authority::sign(std::move(world), some_time);
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

/// Borrows the world; its time begins anew.
class Played {
 public:
  explicit Played(const authority::SignedWorld& world)
      : responder_(world, base::secure_random()), resolver_(world.world, play()) {}
  Played(const Played&) = delete;
  Played& operator=(const Played&) = delete;
  [[nodiscard]] resolver::Scripted& resolver() { return resolver_; }

 private:
  resolver::PlayServers play() {
    return [this](const world::Server& server, base::OctetView query, bool tcp, base::SteadyTime now) {
      auto response = responder_.respond(server, query, tcp ? authority::Transport::tcp : authority::Transport::udp, now);
      return resolver::ServerSays{std::move(response.messages), response.delay};
    };
  }

  authority::Responder responder_;
  resolver::Scripted resolver_;
};

/// A world of one's own.
class Walkable {
 public:
  explicit Walkable(world::World world) : world_(signed_world(std::move(world))), played_(world_) {}
  [[nodiscard]] resolver::Scripted& resolver() { return played_.resolver(); }
  [[nodiscard]] const world::World& world() const { return world_.world; }

 private:
  authority::SignedWorld world_;
  Played played_;
};

}  // namespace fcrdns::scenarios
