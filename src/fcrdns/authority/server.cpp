#include "fcrdns/authority/server.hpp"

namespace fcrdns::authority {

base::Expected<void> serve(const world::World& world, Responder& responder, Listeners& listeners, std::uint16_t port) {
  for (const auto& server : world.servers) {
    const auto handle = [&](base::OctetView query, Transport transport, Reply reply) {
      auto response = responder.respond(server, query, transport, base::steady_now());
      if (response.messages.empty()) return;
      listeners.after(response.delay, [reply = std::move(reply), messages = std::move(response.messages)] {
        for (const auto& message : messages) reply(message);
      });
    };
    for (const auto& address : server.addresses)
      if (const auto bound = listeners.add({address, port}, handle); !bound) return std::unexpected(bound.error());
  }
  return {};
}

}  // namespace fcrdns::authority
