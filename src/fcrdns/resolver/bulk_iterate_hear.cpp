// What comes back, and what does not.
#include <algorithm>
#include <utility>

#include "fcrdns/resolver/bulk_iterate.hpp"

namespace fcrdns::resolver {
namespace {

constexpr std::size_t most_servers = 13;      // taken of one referral
constexpr base::Milliseconds check_every{50};

bool blames_edns(dns::Rcode rcode) {
  return rcode == dns::Rcode::formerr || rcode == dns::Rcode::notimp || rcode == dns::Rcode::badvers;
}

std::uint32_t ttl_of(const dns::Message& referral, const dns::Name& apex) {
  for (const auto& record : referral.authority)
    if (record.type == dns::Type::ns && record.owner == apex) return record.ttl;
  return 0;
}

}  // namespace

void Iterate::take(const transport::WideUdp::Arrived& arrived) {
  if (arrived.octets.size() < 12) return;
  const auto id = static_cast<std::uint16_t>(arrived.octets[0] << 8 | arrived.octets[1]);
  const auto index = by_id_[std::size_t{arrived.socket} << 16 | id];
  if (index == nobody) return;
  auto& place = places_[index];
  if (known_.server(place.server).endpoint != arrived.from) return;  // RFC 5452 9.1
  const auto message = dns::read_message(arrived.octets);
  if (!message || !dns::answers_question(*message, id, place.question)) {
    if (says_more(dns::Status::malformed, place.worst)) place.worst = dns::Status::malformed;
    return;  // the true one may still come
  }
  note_heard(known_.server(place.server), base::steady_now() - place.since);
  withdraw(index);
  if (message->truncated) return ask_over_tcp(index);
  hear(index, *message);
}

void Iterate::note_heard(Server& server, std::chrono::microseconds took) {
  const auto milliseconds = std::max(0.1F, static_cast<float>(took.count()) / 1000);
  server.round_trip = server.round_trip > 0 ? server.round_trip * 0.875F + milliseconds * 0.125F : milliseconds;
  server.silent = 0;
  ++server.answered;
  ++way_of(server).heard;
}

void Iterate::hear(Index index, const dns::Message& message) {
  auto& place = places_[index];
  auto& server = known_.server(place.server);
  if (place.edns && blames_edns(message.rcode) && server.edns != Server::Edns::answered) {
    server.edns = Server::Edns::refused;
    if (place.tried_count > 0) --place.tried_count;  // it gets the plain question, too
    return make_ready(index);
  }
  if (server.edns == Server::Edns::unknown && !blames_edns(message.rcode)) server.edns = place.edns ? Server::Edns::answered : Server::Edns::refused;
  auto reply = dns::interpret(message, place.question, dns::Source::authoritative);
  if (dns::is_definite(reply.status) || reply.status == dns::Status::loop) return hear_answer(index, reply);
  auto& zone = known_.zone(place.zone);
  if (const auto down = referral_in(message, zone.apex, place.question.name, most_servers)) {
    zone.troubled = 0;
    if (known_.add(*down, ttl_of(message, down->apex), now_) == nobody) return give_up(index);
    open_line(index, true);
    return make_ready(index);
  }
  if (keep_for_the_end(place, message)) return make_ready(index);
  hear_trouble(index, reply.status);
}

bool Iterate::keep_for_the_end(Place& place, const dns::Message& message) {
  if (message.authoritative) return false;
  auto reply = dns::interpret(message, place.question, dns::Source::recursive);
  if (reply.status != dns::Status::noerror || reply.records.empty() || !reply.via.empty()) return false;
  place.worst = dns::Status::lame;
  place.without_authority = std::make_unique<dns::Reply>(std::move(reply));
  return true;
}

void Iterate::hear_trouble(Index index, dns::Status status) {
  auto& place = places_[index];
  auto& server = known_.server(place.server);
  const bool refuses = status == dns::Status::servfail || status == dns::Status::refused;
  server.refusals += refuses;
  if (refuses) note_outcome(server, false);
  if (place.worst == dns::Status::unreachable || says_more(status, place.worst)) place.worst = status;
  if (status == dns::Status::lame)
    for (auto& seat : known_.zone(place.zone).seats)
      if (seat.server == place.server && seat.lame < lame_enough) ++seat.lame, seat.said = status;
  make_ready(index);
}

void Iterate::hear_answer(Index index, dns::Reply& reply) {
  auto& place = places_[index];
  auto& zone = known_.zone(place.zone);
  zone.troubled = 0;
  note_outcome(known_.server(place.server), true);
  for (auto& seat : zone.seats)
    if (seat.server == place.server) seat.lame = 0;
  if (place.leads != 0) {
    const auto suffixes = known_.suffixes(place.question.name);
    const bool is_the_name_itself = place.leads == suffixes[suffixes.labels()];
    if (!is_the_name_itself || leads_.at(place.leads).line.length > 0) known_.note_plain(place.leads);
    open_line(index, true);
  }
  // What the zone's server says of names outside of the zone is for others to say.
  const auto outside = std::ranges::find_if(reply.via, [&](const dns::Name& name) { return !name.is_within(zone.apex); });
  const bool ends_here = outside == reply.via.end() && !reply.open_chain;
  const auto taken = outside == reply.via.end() ? outside : outside + 1;
  for (auto name = reply.via.begin(); name != taken; ++name) {
    const bool seen = *name == place.question.name || std::ranges::find(place.via, *name) != place.via.end();
    if (seen || place.via.size() == dns::max_aliases) return end_with(index, dns::Status::loop);
    place.via.push_back(std::move(*name));
  }
  if (ends_here) return end(index, reply);
  place.question.name = place.via.back();
  unpin(place);
  place.is_alone = false;
  make_ready(index);
}

void Iterate::hear_silence() {
  while (!outs_.empty() && outs_.front().when <= now_) {
    const auto due = outs_.front();
    outs_.pop_front();
    auto& place = places_[due.place];
    if (place.state != State::out || place.generation != due.generation) continue;
    auto& server = known_.server(place.server);
    ++server.timeouts;
    note_outcome(server, false);
    if (server.silent < UINT16_MAX) ++server.silent;
    ++way_of(server).silent;
    withdraw(due.place);
    if (place.worst == dns::Status::unreachable) place.worst = dns::Status::timeout;
    make_ready(due.place);
  }
  while (!pauses_.empty() && pauses_.begin()->first <= now_) {
    const auto [index, generation] = pauses_.begin()->second;
    pauses_.erase(pauses_.begin());
    if (places_[index].state == State::pause && places_[index].generation == generation) make_ready(index);
  }
  if (now_ < next_check_) return;
  next_check_ = now_ + check_every;
  for (Index i = 0; i < places_.size(); ++i) {
    const auto& place = places_[i];
    if (place.state == State::free || place.state == State::ready || place.state == State::tcp) continue;
    const bool waits = place.state == State::turn || place.state == State::behind || place.state == State::connection;
    if (now_ >= (waits ? place.last : place.deadline)) leave_and_give_up(i);
  }
}

}  // namespace fcrdns::resolver
