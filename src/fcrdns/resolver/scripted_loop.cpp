#include "fcrdns/resolver/scripted_loop.hpp"

#include <algorithm>
#include <utility>

namespace fcrdns::resolver {

using transport::Event;

/// Plans that are dropped with it.
class ScriptedLoop::Planned final : public transport::Pending {
 public:
  Planned(ScriptedLoop& loop, std::vector<Key> keys) : loop_(loop), keys_(std::move(keys)) {}
  ~Planned() override {
    for (const auto& key : keys_) loop_.plans_.erase(key);
  }

 private:
  ScriptedLoop& loop_;
  std::vector<Key> keys_;
};

ScriptedLoop::ScriptedLoop(const world::World& world, PlayServers play)
    : Loop(nullptr), world_(world), play_(std::move(play)) {}

bool ScriptedLoop::run_one(base::Milliseconds longest) {
  const auto first = plans_.begin();
  if (first == plans_.end() || first->first.first > now_ + longest) {
    now_ += longest;
    return false;
  }
  pass_until(first->first.first);
  auto deed = std::move(first->second);
  plans_.erase(first);
  deed();
  return true;
}

ScriptedLoop::Key ScriptedLoop::plan(base::SteadyTime when, std::move_only_function<void()> deed) {
  return plans_.emplace(Key{std::max(when, now_), order_++}, std::move(deed)).first->first;
}

std::unique_ptr<transport::Pending> ScriptedLoop::at(base::SteadyTime when, std::move_only_function<void()> handler) {
  return std::make_unique<Planned>(*this, std::vector{plan(when, std::move(handler))});
}

std::unique_ptr<transport::Pending> ScriptedLoop::udp(const net::Endpoint& peer, const base::Octets& octets,
                                                      transport::EventHandler handler) {
  return send(peer, octets, false, std::move(handler));
}

std::unique_ptr<transport::Pending> ScriptedLoop::tcp(const net::Endpoint& peer, const base::Octets& octets,
                                                      transport::EventHandler handler) {
  return send(peer, octets, true, std::move(handler));
}

std::unique_ptr<transport::Pending> ScriptedLoop::send(const net::Endpoint& peer, const base::Octets& octets, bool tcp,
                                                       transport::EventHandler handler) {
  ++packets_;
  // Several plans call it, and it may let go of them all while it runs.
  const auto shared = std::make_shared<transport::EventHandler>(std::move(handler));
  std::vector<Key> keys;
  const auto tell = [&](base::SteadyTime when, Event event, base::Octets data) {
    keys.push_back(plan(when, [shared, event, kept = std::move(data)] { (*shared)(event, kept); }));
  };
  const auto server = std::ranges::find_if(world_.servers, [&](const world::Server& s) {
    return std::ranges::find(s.addresses, peer.address) != s.addresses.end();
  });
  if (cut_off_.contains(peer.address.family())) {
    tell(now_, Event::unreachable, {});
  } else if (server == world_.servers.end()) {
    tell(now_, Event::refused, {});
  } else if (play_) {
    auto says = play_(*server, octets, tcp, now_);
    for (auto& message : says.messages) tell(now_ + says.delay, Event::datagram, std::move(message));
  }
  return std::make_unique<Planned>(*this, std::move(keys));
}

}  // namespace fcrdns::resolver
