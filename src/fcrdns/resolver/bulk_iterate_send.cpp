// Packets, each when its server's turn has come.
#include <algorithm>
#include <utility>

#include "fcrdns/base/random.hpp"
#include "fcrdns/resolver/bulk_iterate.hpp"
#include "fcrdns/resolver/bulk_query.hpp"

namespace fcrdns::resolver {
namespace {

constexpr std::size_t most_tcp = 64;        // connections at once
constexpr std::uint16_t silent_to_edns = 2;

/// Packets at an even rate, with bursts of a moment's worth (GCRA).
bool may_leave(base::SteadyTime next, double rate, base::SteadyTime now, base::Milliseconds burst) {
  return rate <= 0 || next <= now + burst;
}
base::SteadyTime used_up(base::SteadyTime next, double rate, base::SteadyTime now) {
  if (rate <= 0) return now;
  return std::max(next, now) + std::chrono::microseconds(static_cast<std::int64_t>(1e6 / rate));
}
constexpr base::Milliseconds server_burst{20}, burst{5};

std::uint16_t random16() { return static_cast<std::uint16_t>(base::secure_random().u32()); }

}  // namespace

void Iterate::approach(Index index, Index server_index) {
  auto& place = places_[index];
  auto& server = known_.server(server_index);
  place.server = server_index;
  if (place.tried_count < place.tried.size()) place.tried[place.tried_count++] = server_index;
  if (server.waiting.length == 0 && has_turn(server)) return send(index);
  set(index, State::turn);
  places_.join(server.waiting, index);
  if (!std::exchange(server.is_busy, true)) busy_.push_back(server_index);
}

bool Iterate::has_turn(const Server& server) const {
  return server.out < std::max<std::size_t>(64, window_ / 4) && may_leave(server.next, rate_of(server), now_, server_burst) &&
         may_leave(next_, options_.rate, now_, burst);
}

void Iterate::give_turns() {
  for (std::size_t i = 0; i < busy_.size();) {
    const auto server_index = busy_[i];
    auto& server = known_.server(server_index);
    while (server.waiting.first != nobody && has_turn(server)) {
      const auto index = server.waiting.first;
      auto& place = places_[index];
      places_.leave(server.waiting, index);
      has_waited(place, now_ - place.since);
      send(index);
    }
    if (server.waiting.first != nobody) {
      ++i;
    } else {
      server.is_busy = false;
      busy_[i] = busy_.back();
      busy_.pop_back();
    }
  }
  // Who comes first after a pause for all is another one each time.
  if (busy_.size() > 1) std::ranges::rotate(busy_, busy_.begin() + 1);
}

void Iterate::send(Index index) {
  auto& place = places_[index];
  auto& server = known_.server(place.server);
  place.edns = server.edns == Server::Edns::unknown ? server.answered > 0 || server.silent < silent_to_edns || server.silent % 2 == 0
                                                    : server.edns == Server::Edns::answered;
  place.socket = static_cast<std::uint8_t>(udp_->next_socket(server.endpoint.address.family()));
  do place.id = random16();
  while (by_id_[id_place(place)] != nobody);
  by_id_[id_place(place)] = index;
  const BulkQuery query{.question = place.question, .id = place.id, .edns = place.edns, .recursive = false};
  query.write(udp_->place(server.endpoint, query.length(), index));
  set(index, State::out);
  ++place.generation;
  ++place.packets;
  if (place.packets_here++ > 0) ++counts_.retries;
  outs_.push_back({now_ + options_.patience, index, place.generation});
  server.next = used_up(server.next, rate_of(server), now_);
  next_ = used_up(next_, options_.rate, now_);
  if (server.sent++ == 0) ++counts_.servers;
  ++server.out;
  ++counts_.packets;
}

void Iterate::note_outcome(Server& server, bool well) {
  constexpr unsigned batch = 64;
  constexpr float least = 0.125F;
  server.ill += !well;
  if (++server.outcomes < batch) return;
  if (server.ill * 5U > batch) server.share = std::max(least, server.share * 0.7F);
  if (server.ill * 20U < batch) server.share = std::min(1.0F, server.share * 1.25F);
  server.outcomes = server.ill = 0;
}

void Iterate::flush() {
  udp_->flush([&](std::uint32_t index) {
    auto& place = places_[index];
    if (place.state != State::out) return;
    const auto& server = known_.server(place.server);
    if (server.answered > 0) return;  // there is a way: it was lost on it, as others are
    auto& way = way_of(server);
    way.is_closed = way.heard == 0;
    withdraw(index);
    make_ready(index);
  });
}

void Iterate::ask_over_tcp(Index index) {
  auto& place = places_[index];
  if (tcp_.size() >= most_tcp) {
    set(index, State::connection);
    return places_.join(want_tcp_, index);
  }
  auto& server = known_.server(place.server);
  server.next = used_up(server.next, rate_of(server), now_);
  ++counts_.tcp;
  set(index, State::tcp);
  const auto until = std::min(place.deadline, loop_.now() + options_.patience * 2);
  tcp_[index] = exchanger_.start({server.endpoint}, place.question, {.source = dns::Source::authoritative, .way = resolver::Way::tcp},
                                 until, [this, index](const Exchanged& exchanged) {
                                   tcp_.erase(index);
                                   if (!exchanged.message) return hear_trouble(index, exchanged.answer.status);
                                   // TCP has room for everything.
                                   if (exchanged.message->truncated) return hear_trouble(index, dns::Status::malformed);
                                   hear(index, *exchanged.message);
                                 });
}

void Iterate::give_connections() {
  while (want_tcp_.first != nobody && tcp_.size() < most_tcp) {
    const auto index = want_tcp_.first;
    places_.leave(want_tcp_, index);
    has_waited(places_[index], now_ - places_[index].since);
    ask_over_tcp(index);
  }
}

}  // namespace fcrdns::resolver
