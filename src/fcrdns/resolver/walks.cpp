#include "fcrdns/resolver/walks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fcrdns/resolver/walking.hpp"

namespace fcrdns::resolver {
namespace {

constexpr std::size_t most_in_the_air = 96;  // questions; each takes up to three sockets
constexpr base::Seconds root_stays_failed{30};

/// Addresses at which no server can be, whatever a zone says: "this host", multicast, broadcast.
bool can_be_server(const net::Address& address) {
  const auto octets = address.octets();
  if (address.is_v6()) return octets[0] != 0xff && std::ranges::any_of(octets, [](auto octet) { return octet != 0; });
  return octets[0] != 0 && octets[0] < 224;
}

Cut cut_from(Delegation found) {
  Cut cut;
  cut.apex = std::move(found.apex);
  cut.left_out = found.left_out;
  std::size_t glueless = 0;
  for (auto& name : found.nameservers) {
    auto& server = cut.servers.emplace_back();
    if (const auto glue = found.glue.find(name); glue != found.glue.end()) server.glue = std::move(glue->second);
    server.may_look_up = server.glue.empty() && glueless++ < Walker::max_glueless;
    server.name = std::move(name);
  }
  return cut;
}

}  // namespace

Walks::Walks(Resolver& resolver) : resolver_(resolver) {
  for (const auto& root : resolver.roots()) {
    root_.servers.push_back({.name = {}, .glue = {root.address}});
    port_ = root.port;
  }
}
Walks::~Walks() = default;

void Walks::begin(dns::Question question, base::SteadyTime deadline, bool scouting, Ended ended) {
  const auto number = ++last_;
  walks_.emplace(number, std::make_unique<Walking>(*this, number, std::move(question), deadline, scouting,
                                                   std::move(ended)));
  stir();
}

Cut* Walks::below(const Cut& cut, const dns::Name& name) {
  for (auto labels = cut.apex.label_count() + 1; labels <= name.label_count(); ++labels)
    if (const auto found = cuts_.find({&cut, name.ancestor(labels)}); found != cuts_.end()) return found->second.get();
  return nullptr;
}

Cut& Walks::add(const Cut& above, Delegation found) {
  auto& place = cuts_[{&above, found.apex}];
  if (!place) {
    place = std::make_unique<Cut>(cut_from(std::move(found)));
    place->parent = &above;
    stir();
  }
  return *place;
}

Cut& Walks::add_shared(const Cut& above, const dns::Name& apex, std::optional<Delegation> found) {
  const bool listed = found.has_value();
  if (!listed) found.emplace().apex = apex;
  auto& cut = add(above, std::move(*found));
  cut.shares_parent_servers = true;
  if (!listed) cut.servers = above.servers;
  return cut;
}

// ---- addresses of servers ------------------------------------------------------------------------------------------

const Host* Walks::host(const dns::Name& name) const {
  const auto found = hosts_.find(name);
  return found == hosts_.end() ? nullptr : &found->second;
}

std::size_t Walks::look_up(const dns::Name& name, base::SteadyTime until) {
  const auto [place, is_new] = hosts_.try_emplace(name);
  auto& host = place->second;
  host.ends = is_new ? until : std::min(host.ends, until);
  // Both families whatever --transport says: that is for the packets that carry the questions.
  constexpr std::array types{dns::Type::a, dns::Type::aaaa};
  const auto left = std::make_shared<std::size_t>(types.size());
  for (const auto type : types)
    resolver_.ask({name, type}, until, [this, life = std::weak_ptr(life_), left, &host](const Answer& answer) {
      if (life.expired()) return;
      host.is_known |= --*left == 0;
      for (const auto& record : answer.records)
        if (const auto* address = std::get_if<net::Address>(&record.data);
            address && std::ranges::find(host.addresses, *address) == host.addresses.end())
          host.addresses.push_back(*address);
      if (dns::is_trouble(answer.status)) host.trouble = answer.status;
      advance_all();
    });
  return types.size();
}

std::vector<net::Address> Walks::addresses_of(const Listed& server) const {
  if (!server.glue.empty() || !server.may_look_up) return server.glue;
  const auto* found = host(server.name);
  return found ? found->addresses : std::vector<net::Address>();
}

std::vector<net::Address> Walks::addresses_of(const Cut& cut) const {
  std::vector<std::vector<net::Address>> each;
  std::size_t longest = 0;
  for (const auto& server : cut.servers) longest = std::max(longest, each.emplace_back(addresses_of(server)).size());
  std::vector<net::Address> chosen;
  std::set<net::Address> seen;
  for (std::size_t i = 0; i < longest; ++i)
    for (const auto& addresses : each)
      if (i < addresses.size() && chosen.size() < Walker::max_servers && may_ask(addresses[i]) &&
          can_be_server(addresses[i]) && seen.insert(addresses[i]).second)
        chosen.push_back(addresses[i]);
  return chosen;
}

bool Walks::may_ask(const net::Address& address) const {
  return resolver_.only_family().value_or(address.family()) == address.family();
}

// ---- asking --------------------------------------------------------------------------------------------------------

std::optional<dns::Status> Walks::root_failure() const {
  if (!root_failure_ || now() - root_failure_->first >= root_stays_failed) return std::nullopt;
  return root_failure_->second;
}

bool Walks::has_room() const { return in_the_air_ < most_in_the_air; }

void Walks::ask_server(std::uint64_t walk, const net::Address& server, dns::Question question, bool tcp,
                       base::SteadyTime until, ServerDone then) {
  ++in_the_air_;
  resolver_.ask_server({.server = {server, port_}, .question = std::move(question), .tcp = tcp}, until,
                       [this, life = std::weak_ptr(life_), walk, family = server.family(),
                        then = std::move(then)](ServerAnswer said) mutable {
                         if (life.expired()) return;
                         --in_the_air_;
                         if (said.message) reached_.insert(family);
                         if (find(walk)) then(std::move(said));
                         advance_all();
                       });
}

Walking* Walks::find(std::uint64_t number) {
  const auto found = walks_.find(number);
  return found == walks_.end() ? nullptr : found->second.get();
}

void Walks::advance_all() {
  stirred_ = true;
  if (advancing_) return;
  advancing_ = true;
  while (std::exchange(stirred_, false)) {
    std::vector<std::uint64_t> numbers;  // of now: scouts set out while they advance
    for (const auto& [number, walk] : walks_) numbers.push_back(number);
    for (const auto number : numbers) find(number)->advance();
    for (auto at = walks_.begin(); at != walks_.end();) {
      const auto next = std::next(at);
      if (at->second->has_ended() && at->second->is_scout()) {
        const auto scout = walks_.extract(at);
        scout.mapped()->tell();
        stirred_ = true;
      }
      at = next;
    }
  }
  advancing_ = false;
  deliver();
}

/// Whoever is told may begin another walk, or let go of the walker.
void Walks::deliver() {
  const std::weak_ptr<int> life = life_;
  for (;;) {
    const auto ended = std::ranges::find_if(walks_, [](const auto& walk) { return walk.second->has_ended(); });
    if (ended == walks_.end()) return;
    const auto kept = walks_.extract(ended);
    kept.mapped()->tell();
    if (life.expired()) return;
  }
}

}  // namespace fcrdns::resolver
