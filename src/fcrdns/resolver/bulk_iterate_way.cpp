// The way down the delegations: to the deepest zone that is known, and to a server of it.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "fcrdns/resolver/bulk_iterate.hpp"

namespace fcrdns::resolver {
namespace {

constexpr unsigned most_packets = 60;         // of one question, the way down included
constexpr unsigned most_zones = 40;           // on its way down
constexpr unsigned most_depth = 4;            // look-ups for look-ups
constexpr std::array<unsigned, most_depth + 1> most_look_ups{4, 3, 2, 1, 0};  // of one question, by depth
constexpr std::uint16_t sick = 16;            // questions in a row that ended in trouble: a zone gets one round only
constexpr base::Milliseconds pause{200};

}  // namespace

void Iterate::advance(Index index) {
  auto& place = places_[index];
  if (now_ >= place.deadline || place.packets >= most_packets) return give_up(index);
  const auto suffixes = known_.suffixes(place.question.name);
  const auto zone = known_.deepest(place.question.name, suffixes, now_);
  if (zone != place.zone && !enter(index, zone)) return give_up(index);
  if (!place.is_alone && stands_behind(index, suffixes)) return;
  choose_server(index);
}

bool Iterate::enter(Index index, Index zone) {
  auto& place = places_[index];
  unpin(place);
  ++known_.zone(zone).pins;
  place.zone = zone;
  place.tried_count = place.rounds = place.packets_here = 0;
  place.without_authority.reset();
  place.worst = dns::Status::unreachable;
  return ++place.zones <= most_zones;
}

bool Iterate::stands_behind(Index index, const Suffixes& suffixes) {
  auto& place = places_[index];
  std::uint64_t name = 0;
  for (std::size_t labels = known_.zone(place.zone).labels + 1U; labels <= suffixes.labels() && name == 0; ++labels)
    if (known_.may_be_cut(suffixes[labels])) name = suffixes[labels];
  if (name == place.leads) return false;
  open_line(index, false);
  if (name == 0) return false;
  auto& lead = leads_[name];
  if (lead.leader == nobody) {
    lead.leader = index;
    place.leads = name;
    return false;
  }
  if (leads_back(lead.leader, index)) return false;
  place.follows = name;
  set(index, State::behind);
  places_.join(lead.line, index);
  return true;
}

void Iterate::open_line(Index index, bool found) {
  auto& place = places_[index];
  if (place.leads == 0) return;
  const auto name = std::exchange(place.leads, 0);
  const auto lead = leads_.extract(name);
  auto& line = lead.mapped().line;
  while (line.first != nobody) {
    const auto next = line.first;
    places_.leave(line, next);
    auto& follower = places_[next];
    follower.follows = 0;
    follower.is_alone = !found;
    has_waited(follower, std::min<base::SteadyTime::duration>(place.waited, now_ - follower.since));  // while it stood there
    make_ready(next);
  }
}

bool Iterate::leads_back(Index from, Index to) {
  for (unsigned steps = 0; steps < 32 && from != nobody; ++steps) {
    if (from == to) return true;
    const auto& place = places_[from];
    if (place.state == State::hosts)
      from = known_.host(place.host).asker;
    else if (place.state == State::behind)
      from = leads_.at(place.follows).leader;
    else
      return false;
  }
  return from != nobody;
}

void Iterate::choose_server(Index index) {
  auto& place = places_[index];
  auto& zone = known_.zone(place.zone);
  if (place.packets_here >= options_.tries) return give_up(index);
  known_.seat(zone, now_);
  if (const auto best = best_server(place, zone); best != nobody) return approach(index, best);
  if (look_up_server(index)) return;
  const bool again = place.tried_count > 0 && zone.troubled < sick && !place.without_authority;
  if (!again) return give_up(index);
  place.tried_count = 0;
  ++place.rounds;
  set(index, State::pause);
  // Not all that were lost at once come back at once.
  const auto spread = std::chrono::duration_cast<base::SteadyTime::duration>(pause * (place.rounds * (0.5 + chance())));
  pauses_.emplace(now_ + spread, std::pair(index, place.generation));
}

Index Iterate::best_server(Place& place, const Zone& zone) {
  Index best = nobody;
  double least = 0;
  const auto tried = std::span(place.tried).first(place.tried_count);
  for (const auto& seat : zone.seats) {
    if (seat.lame >= lame_enough) {
      if (place.worst == dns::Status::unreachable || says_more(seat.said, place.worst)) place.worst = seat.said;
      continue;
    }
    const auto& server = known_.server(seat.server);
    const auto& way = way_of(server);
    if (way.is_closed || !udp_->carries(server.endpoint.address.family()) || std::ranges::find(tried, seat.server) != tried.end())
      continue;
    double cost = server.round_trip > 0 ? server.round_trip : 30;
    cost *= 0.75 + 0.5 * chance();
    if (options_.server_rate > 0) cost += server.waiting.length * 1000.0 / rate_of(server);
    if (server.silent >= 2) cost += std::min<unsigned>(server.silent, 16) * 400.0;
    if (way.heard == 0 && way.silent >= 6) cost += 5000;  // nothing ever comes back over this family
    if (best == nobody || cost < least) best = seat.server, least = cost;
  }
  return best;
}

bool Iterate::look_up_server(Index index) {
  auto& place = places_[index];
  auto& zone = known_.zone(place.zone);
  for (const auto& name : zone.named) {
    const auto host_index = known_.find_host(name, now_);
    if (host_index == nobody) continue;
    auto& host = known_.host(host_index);
    if (host.state == Nameserver::State::fresh) {
      if (place.look_ups >= most_look_ups[place.depth]) return false;
      if (!begin_look_up(host_index, place.depth + 1U)) {
        set(index, State::pause);
        pauses_.emplace(now_ + pause, std::pair(index, place.generation));
        return true;
      }
      ++place.look_ups;
    } else if (host.state == Nameserver::State::known || leads_back(host.asker, index)) {
      continue;
    }
    place.host = host_index;
    set(index, State::hosts);
    places_.join(host.waiting, index);
    return true;
  }
  return false;
}

bool Iterate::begin_look_up(Index host_index, unsigned depth) {
  const auto index = places_.take(true);
  if (index == nobody) return false;
  auto& host = known_.host(host_index);
  auto& place = places_[index];
  place.looks_up = host_index;
  place.depth = static_cast<std::uint8_t>(std::min(depth, most_depth));
  host.state = Nameserver::State::asked;
  host.asker = index;
  const bool v4 = udp_->carries(net::Family::v4) && options_.transport != net::Family::v6;
  begin(index, {host.name, v4 ? dns::Type::a : dns::Type::aaaa}, now_ + options_.patience * 4);
  return true;
}

}  // namespace fcrdns::resolver
