// The last word on a question, to the caller or to those that wait for a server's addresses.
#include <utility>
#include <variant>

#include "fcrdns/resolver/bulk_iterate.hpp"

namespace fcrdns::resolver {
namespace {

constexpr base::Seconds host_found{3600}, host_missing{300}, host_in_trouble{60};

}  // namespace

void Iterate::leave_and_give_up(Index index) {
  auto& place = places_[index];
  switch (place.state) {
    case State::behind: places_.leave(leads_.at(place.follows).line, index); break;
    case State::hosts: places_.leave(known_.host(place.host).waiting, index); break;
    case State::turn: places_.leave(known_.server(place.server).waiting, index); break;
    case State::connection: places_.leave(want_tcp_, index); break;
    case State::out: withdraw(index); break;
    default: break;
  }
  if (place.worst == dns::Status::unreachable) place.worst = dns::Status::timeout;
  set(index, State::ready);
  give_up(index);
}

void Iterate::give_up(Index index) {
  auto& place = places_[index];
  if (place.zone != nobody) {
    auto& zone = known_.zone(place.zone);
    if (zone.troubled < UINT16_MAX) ++zone.troubled;
    // A zone none of whose servers has an address.
    if (place.worst == dns::Status::unreachable && zone.seats.empty()) place.worst = dns::Status::servfail;
  }
  if (const auto kept = std::move(place.without_authority)) return end(index, *kept);
  end_with(index, place.worst);
}

void Iterate::end_with(Index index, dns::Status status) {
  dns::Reply reply;
  reply.status = status;
  end(index, reply);
}

void Iterate::end(Index index, dns::Reply& reply) {
  open_line(index, dns::is_definite(reply.status));
  auto& place = places_[index];
  unpin(place);
  if (place.looks_up != nobody) return end_look_up(index, reply);
  --active_;
  reply.via = std::move(place.via);
  reply.open_chain = false;
  const auto token = place.token;
  waited_ = place.waited;
  places_.give_back(index);
  (*deliver_)(token, reply);
}

void Iterate::end_look_up(Index index, const dns::Reply& reply) {
  auto& place = places_[index];
  auto& host = known_.host(place.looks_up);
  for (const auto& record : reply.records)
    if (const auto* address = std::get_if<net::Address>(&record.data); address && host.addresses.size() < Delegations::Limits().addresses)
      host.addresses.push_back(*address);
  const bool has_no_v4 = place.question.type == dns::Type::a && reply.status == dns::Status::nodata;
  if (has_no_v4 && udp_->carries(net::Family::v6) && !ways_[1].is_closed) {
    place.via.clear();
    place.packets = place.zones = 0;
    place.is_alone = false;
    return begin(index, {host.name, dns::Type::aaaa}, now_ + options_.patience * 4);
  }
  const auto missing = dns::is_negative(reply.status) ? host_missing : host_in_trouble;
  host.state = Nameserver::State::known;
  host.expires = now_ + (host.addresses.empty() ? missing : host_found);
  host.asker = nobody;
  while (host.waiting.first != nobody) {
    const auto next = host.waiting.first;
    places_.leave(host.waiting, next);
    make_ready(next);
  }
  places_.give_back(index);
}

}  // namespace fcrdns::resolver
