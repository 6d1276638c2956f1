// RFC 1034 5.3.3: the deepest zone known, its servers (SBELT: the root's).
#include "fcrdns/resolver/delegations.hpp"

#include <algorithm>
#include <utility>

namespace fcrdns::resolver {
namespace {

std::uint64_t mixed(std::uint64_t sum, std::uint8_t octet) {
  sum = (sum ^ octet) * 0x9e37'79b9'7f4a'7c15U;
  return sum ^ sum >> 29;
}

/// Addresses at which no server can be, whatever a zone says: "this host", multicast, broadcast.
bool can_be_server(const net::Address& address) {
  const auto octets = address.octets();
  if (address.is_v6()) return octets[0] != 0xff && std::ranges::any_of(octets, [](auto octet) { return octet != 0; });
  return octets[0] != 0 && octets[0] < 224;
}

}  // namespace

Suffixes::Suffixes(const dns::Name& name, std::uint64_t seed) {
  const auto wire = name.wire();
  std::array<std::uint8_t, 128> starts;
  for (std::size_t at = 0; wire[at] != 0; at += 1U + wire[at]) starts[labels_++] = static_cast<std::uint8_t>(at);
  hashes_[0] = seed;
  for (std::size_t labels = 1; labels <= labels_; ++labels) {
    const std::size_t at = starts[labels_ - labels];
    auto sum = mixed(hashes_[labels - 1], wire[at]);
    for (std::size_t i = at + 1; i <= at + wire[at]; ++i)
      sum = mixed(sum, static_cast<std::uint8_t>(wire[i] >= 'A' && wire[i] <= 'Z' ? wire[i] | 0x20 : wire[i]));
    hashes_[labels] = sum;
  }
}

Delegations::Delegations(const std::vector<net::Endpoint>& roots, std::optional<net::Family> only, std::uint64_t seed)
    : Delegations(roots, only, seed, Limits()) {}

Delegations::Delegations(const std::vector<net::Endpoint>& roots, std::optional<net::Family> only, std::uint64_t seed, Limits limits)
    : limits_(limits), only_(only), seed_(seed), plain_(plain_sets) {
  auto& root = zones_.emplace_back();
  root.is_used = true;
  root.hash = seed;
  root.pins = 1;
  root.expires = base::SteadyTime::max();
  zone_places_[seed] = 0;
  for (const auto& endpoint : roots) {
    port_ = endpoint.port;
    add_seat(root, endpoint.address);
  }
}

// ---- names that are no cuts ----------------------------------------------------------------------------------------

bool Delegations::may_be_cut(std::uint64_t name) {
  auto& set = plain_[name % plain_sets];
  const auto found = std::ranges::find(set, name);
  if (found == set.end()) return true;
  std::ranges::rotate(set.begin(), found, found + 1);
  return false;
}

void Delegations::note_plain(std::uint64_t name) {
  auto& set = plain_[name % plain_sets];
  std::ranges::rotate(set, set.end() - 1);
  set.front() = name;
}

// ---- zones ---------------------------------------------------------------------------------------------------------

Index Delegations::deepest(const dns::Name& name, const Suffixes& suffixes, base::SteadyTime now) {
  for (auto labels = suffixes.labels(); labels > 0; --labels) {
    const auto found = zone_places_.find(suffixes[labels]);
    if (found == zone_places_.end()) continue;
    auto& zone = zones_[found->second];
    if (zone.labels != labels || zone.expires <= now || !name.is_within(zone.apex)) continue;
    zone.is_recent = true;
    return found->second;
  }
  return 0;
}

Index Delegations::add(const Delegation& found, std::uint32_t ttl, base::SteadyTime now) {
  const auto hashes = suffixes(found.apex);
  const auto hash = hashes[hashes.labels()];
  const auto known = zone_places_.find(hash);
  const auto index = known != zone_places_.end() ? known->second : free_zone();
  if (index == nobody || index == 0) return nobody;
  auto& zone = zones_[index];
  if (zone.is_used) empty(zone);
  zone_places_[hash] = index;
  zone.apex = found.apex;
  zone.labels = static_cast<std::uint8_t>(hashes.labels());
  zone.hash = hash;
  zone.is_used = zone.is_recent = true;
  zone.troubled = 0;
  zone.expires = now + std::clamp(base::Seconds(ttl), shortest, longest);
  // Each server's first address before the second of any.
  for (std::size_t i = 0, more = 1; more > 0 && zone.seats.size() < limits_.seats; ++i) {
    more = 0;
    for (const auto& [name, addresses] : found.glue)
      if (i < addresses.size()) add_seat(zone, addresses[i]), ++more;
  }
  for (const auto& name : found.nameservers)
    if (!found.glue.contains(name) && zone.named.size() < limits_.named) zone.named.push_back(name);
  zone_octets_ += octets(zone);
  return index;
}

std::size_t Delegations::octets(const Zone& zone) {
  std::size_t sum = sizeof(Zone) + zone.seats.capacity() * sizeof(Seat) + zone.named.capacity() * sizeof(dns::Name) + 64;
  for (const auto& name : zone.named) sum += name.wire().size() > 55 ? name.wire().size() : 0;
  return sum;
}

void Delegations::empty(Zone& zone) {
  zone_octets_ -= std::min(zone_octets_, octets(zone));
  for (const auto& seat : zone.seats) --servers_[seat.server].listed;
  zone.seats = {};
  zone.named = {};
}

Index Delegations::free_zone() {
  while (zone_places_.size() >= limits_.zones || zone_octets_ > limits_.zone_octets)
    if (!drop_a_zone()) return nobody;
  if (!free_zones_.empty()) {
    const auto index = free_zones_.back();
    free_zones_.pop_back();
    return index;
  }
  zones_.emplace_back();
  return static_cast<Index>(zones_.size() - 1);
}

/// The next one that nobody has used since the hand came by.
bool Delegations::drop_a_zone() {
  for (std::size_t steps = 0; steps < 2 * zones_.size(); ++steps) {
    zone_hand_ = (zone_hand_ + 1) % zones_.size();
    auto& zone = zones_[zone_hand_];
    if (!zone.is_used || zone.pins > 0 || std::exchange(zone.is_recent, false)) continue;
    empty(zone);
    zone_places_.erase(zone.hash);
    zone = {};
    free_zones_.push_back(static_cast<Index>(zone_hand_));
    return true;
  }
  return false;
}

// ---- servers -------------------------------------------------------------------------------------------------------

void Delegations::add_seat(Zone& zone, const net::Address& address) {
  const bool may_ask = only_.value_or(address.family()) == address.family() && can_be_server(address);
  if (!may_ask || zone.seats.size() >= limits_.seats) return;
  const auto server = find_server({address, port_});
  if (server == nobody || std::ranges::find(zone.seats, server, &Seat::server) != zone.seats.end()) return;
  ++servers_[server].listed;
  zone.seats.push_back({.server = server});
}

Index Delegations::find_server(const net::Endpoint& endpoint) {
  if (const auto found = server_places_.find(endpoint.address); found != server_places_.end()) return found->second;
  if (servers_.size() < limits_.servers) {
    servers_.emplace_back().endpoint = endpoint;
    return server_places_[endpoint.address] = static_cast<Index>(servers_.size() - 1);
  }
  for (std::size_t steps = 0; steps < servers_.size(); ++steps) {
    server_hand_ = (server_hand_ + 1) % servers_.size();
    auto& server = servers_[server_hand_];
    if (server.listed > 0 || server.out > 0 || server.waiting.length > 0 || server.is_busy) continue;
    server_places_.erase(server.endpoint.address);
    server = {};
    server.endpoint = endpoint;
    return server_places_[endpoint.address] = static_cast<Index>(server_hand_);
  }
  return nobody;
}

// ---- hosts ---------------------------------------------------------------------------------------------------------

Index Delegations::find_host(const dns::Name& name, base::SteadyTime now) {
  const auto hashes = suffixes(name);
  const auto hash = hashes[hashes.labels()];
  if (const auto found = host_places_.find(hash); found != host_places_.end()) {
    auto& host = hosts_[found->second];
    host.is_recent = true;
    if (host.state == Nameserver::State::known && host.expires <= now) {
      host.state = Nameserver::State::fresh;
      host.addresses.clear();
    }
    return found->second;
  }
  const auto index = free_host();
  if (index == nobody) return nobody;
  auto& host = hosts_[index];
  host = {};
  host.name = name;
  host.hash = hash;
  host.is_used = host.is_recent = true;
  host_places_[hash] = index;
  return index;
}

Index Delegations::free_host() {
  if (hosts_.size() < limits_.hosts) {
    hosts_.emplace_back();
    return static_cast<Index>(hosts_.size() - 1);
  }
  for (std::size_t steps = 0; steps < 2 * hosts_.size(); ++steps) {
    host_hand_ = (host_hand_ + 1) % hosts_.size();
    auto& host = hosts_[host_hand_];
    const bool is_needed = host.state == Nameserver::State::asked || host.waiting.length > 0;
    if (is_needed || std::exchange(host.is_recent, false)) continue;
    if (host.is_used) host_places_.erase(host.hash);
    return static_cast<Index>(host_hand_);
  }
  return nobody;
}

bool Delegations::seat(Zone& zone, base::SteadyTime now) {
  const auto before = zone.seats.size();
  zone_octets_ -= std::min(zone_octets_, octets(zone));
  std::erase_if(zone.named, [&](const dns::Name& name) {
    const auto hashes = suffixes(name);
    const auto found = host_places_.find(hashes[hashes.labels()]);
    if (found == host_places_.end()) return false;
    const auto& host = hosts_[found->second];
    if (host.state != Nameserver::State::known || host.expires <= now) return false;
    for (const auto& address : host.addresses) add_seat(zone, address);
    return true;
  });
  zone_octets_ += octets(zone);
  // No server of it has an address: that is asked again before long.
  if (zone.seats.empty() && zone.named.empty()) zone.expires = std::min(zone.expires, now + shortest);
  return zone.seats.size() > before;
}

}  // namespace fcrdns::resolver
