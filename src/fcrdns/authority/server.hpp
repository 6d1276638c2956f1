// A world on real sockets: every address of every server is bound, UDP and TCP.
#pragma once

#include "fcrdns/authority/listeners.hpp"
#include "fcrdns/authority/responder.hpp"

namespace fcrdns::authority {

/// Listens on the addresses of the world's servers, which must be this host's. A Fault names the address that could
/// not be had. Borrows all three for as long as the listeners run.
[[nodiscard]] base::Expected<void> serve(const world::World& world, Responder& responder, Listeners& listeners,
                                         std::uint16_t port = 53);

}  // namespace fcrdns::authority
