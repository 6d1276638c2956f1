#include "fcrdns/resolver/bulk_server.hpp"

#include <algorithm>
#include <utility>

namespace fcrdns::resolver {
namespace {

// A port lives so long (RFC 5452 9.2: who guesses ports must begin anew), and then drains.
constexpr std::uint64_t most_packets = 400'000;
constexpr base::Seconds longest_life{60};
constexpr base::Milliseconds between_refusals{50};

}  // namespace

BulkServer::BulkServer(const net::Endpoint& endpoint, std::unique_ptr<transport::BulkUdp> udp, base::SteadyTime now)
    : udp_(std::move(udp)), sockets_(udp_->sockets(), Socket{.opened = now}) {
  health.server = endpoint;
}

void BulkServer::sent() {
  auto& socket = sockets_[leaves_by_];
  ++socket.out;
  ++socket.sent;
  ++out_;
  ++health.sent;
}

void BulkServer::flush(base::SteadyTime now) {
  blocked_ = !udp_->flush();
  if (!blocked_) choose_socket(now);
}

bool BulkServer::is_worn(const Socket& socket, base::SteadyTime now) const {
  return socket.sent > most_packets || (socket.sent > 0 && now - socket.opened > longest_life);
}

/// The next one round. One that is worn drains, one at a time, and gets a new port when nothing is out on it.
void BulkServer::choose_socket(base::SteadyTime now) {
  const auto count = static_cast<unsigned>(sockets_.size());
  unsigned draining = count;
  for (unsigned i = 0; i < count; ++i) {
    if (!is_worn(sockets_[i], now)) continue;
    if (sockets_[i].out == 0 && udp_->reopen(i))
      sockets_[i] = {.opened = now};
    else if (draining == count)
      draining = i;
  }
  leaves_by_ = (leaves_by_ + 1) % count;
  if (leaves_by_ == draining) leaves_by_ = (leaves_by_ + 1) % count;
  udp_->leave_by(leaves_by_);
}

std::uint32_t BulkServer::room() const {
  const auto out = sockets_[leaves_by_].out;
  const auto capacity = static_cast<std::uint32_t>(udp_->capacity());
  return blocked_ || out >= capacity ? 0 : capacity - out;
}

bool BulkServer::newly_refused(base::SteadyTime now) {
  if (now - refused_ < between_refusals || !udp_->refused()) return false;
  refused_ = now;
  return true;
}

}  // namespace fcrdns::resolver
