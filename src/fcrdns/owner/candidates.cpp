// Who may own the reverse zone: three sources, none of which is proof alone.
//   delegation  who runs the name servers of the deepest zone decides what its PTRs say; outranks the others
//   ptr         a default name that carries the very address was made by whoever hands the address out
//   rdap        who holds the block; that may be the customer, while the zone stays with the provider
// Two sources that agree raise each other. What the catalogue has not confirmed never makes more than a hint alone.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "fcrdns/base/text.hpp"
#include "fcrdns/owner/owner.hpp"
#include "fcrdns/owner/registered_domain.hpp"
#include "fcrdns/owner/registry_zone.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::owner {
namespace {

constexpr std::size_t max_candidates = 5;
constexpr std::size_t max_names = 64;  // of each kind looked at

using enum Certainty;

/// What the sources say of one provider.
struct Votes {
  const provider::Provider* provider = nullptr;
  std::map<Source, Certainty> by;

  void add(Source source, Certainty certainty) {
    const auto [vote, is_new] = by.try_emplace(source, certainty);
    if (!is_new) vote->second = std::min(vote->second, certainty);
  }
  [[nodiscard]] bool says(Source source, Certainty at_least) const {
    const auto vote = by.find(source);
    return vote != by.end() && vote->second <= at_least;
  }
  [[nodiscard]] Certainty certainty() const {
    if (says(Source::delegation, likely) && (says(Source::ptr, likely) || says(Source::rdap, hint))) return sure;
    const bool any_likely = std::ranges::any_of(by, [](const auto& vote) { return vote.second <= likely; });
    return any_likely || by.size() > 1 ? likely : hint;
  }
  /// Of equal ones the delegation, then the PTR.
  [[nodiscard]] Source strongest() const {
    Source best = by.begin()->first;
    for (const auto source : {Source::rdap, Source::ptr, Source::delegation})
      if (by.contains(source) && by.at(source) <= by.at(best)) best = source;
    return best;
  }
};

/// Name servers under one registered domain, or of domains that the catalogue gives to one provider.
struct Operator {
  std::vector<std::string> domains;
  std::vector<dns::Name> servers;                     // sorted
  std::vector<const provider::Provider*> recognised;  // by any of them, verified or not

  [[nodiscard]] bool runs(const std::string& domain) const {
    return !domain.empty() && std::ranges::count(domains, domain) != 0;
  }
};

std::vector<Operator> operators_of(std::span<const dns::Name> nameservers) {
  std::map<std::string, Operator> groups;
  for (const auto& server : nameservers.first(std::min(nameservers.size(), max_names))) {
    const auto matches = provider::by_nameserver(server);
    auto domain = registered_domain(server.text());
    auto& group = groups[matches.empty() ? "domain " + domain : "provider " + matches.front().provider->id];
    group.domains.push_back(std::move(domain));
    group.servers.push_back(server);
    for (const auto& match : matches) group.recognised.push_back(match.provider);
  }
  std::vector<Operator> out;
  for (auto& [key, group] : groups) {
    std::ranges::sort(group.servers);
    out.push_back(std::move(group));
  }
  return out;
}

struct Weighed {
  Candidate candidate;
  std::size_t sources = 1;  // that agree
};

/// The name servers that tell something: none of a registry's own zone; a registry's server only where it stands alone,
/// as they serve as secondaries of many.
std::vector<dns::Name> telling_servers(const ReverseFacts& facts) {
  if (!facts.apex || is_registry_zone(*facts.apex, facts.nameservers, facts.address, facts.registration)) return {};
  std::vector<dns::Name> out(facts.nameservers.begin(), facts.nameservers.end());
  if (!std::ranges::all_of(out, is_registry_server)) std::erase_if(out, is_registry_server);
  return out;
}

class Weighing {
 public:
  explicit Weighing(const ReverseFacts& facts) : facts_(facts), servers_(telling_servers(facts)) {
    hear_delegation();
    hear_ptr();
    hear_rdap();
    settle_shared_servers();
  }

  [[nodiscard]] std::vector<Candidate> best() {
    for (const auto& votes : votes_)
      found_.push_back({{votes.provider->name, votes.provider->id, votes.strongest(), certainty_of(votes)}, votes.by.size()});
    add_operators();
    add_registrant();
    std::ranges::stable_sort(found_, {}, [](const Weighed& w) {
      return std::tuple(w.candidate.certainty, -static_cast<long>(w.sources), rank(w.candidate.source));
    });
    std::vector<Candidate> out;
    for (auto& weighed : found_)
      if (out.size() < max_candidates) out.push_back(std::move(weighed.candidate));
    return out;
  }

 private:
  static int rank(Source source) { return source == Source::delegation ? 0 : source == Source::ptr ? 1 : 2; }

  Votes& votes_for(const provider::Provider* provider) {
    const auto at = std::ranges::find(votes_, provider, &Votes::provider);
    return at != votes_.end() ? *at : votes_.emplace_back(provider);
  }
  [[nodiscard]] const Votes* find_votes(const provider::Provider* provider) const {
    const auto at = std::ranges::find(votes_, provider, &Votes::provider);
    return at == votes_.end() ? nullptr : &*at;
  }
  [[nodiscard]] Certainty certainty_of(const Votes& votes) const {
    const auto certainty = votes.certainty();
    if (!votes.says(Source::delegation, hint) || !told_apart_) return certainty;
    return votes.provider == *told_apart_ ? certainty : std::max(certainty, *told_apart_ ? hint : likely);
  }
  /// One of them is at least likely: nothing is gained by the nameless operator, or the registrant, beside it.
  [[nodiscard]] bool any_likely(std::span<const provider::Provider* const> providers) const {
    return std::ranges::any_of(providers, [&](const auto* provider) {
      const auto* votes = find_votes(provider);
      return votes && certainty_of(*votes) <= likely;
    });
  }

  void hear_delegation() {
    for (const auto& server : std::span(servers_).first(std::min(servers_.size(), max_names)))
      for (const auto& match : provider::by_nameserver(server))
        votes_for(match.provider).add(Source::delegation, match.verified ? likely : hint);
  }

  void hear_ptr() {
    for (const auto& name : facts_.ptr_names.first(std::min(facts_.ptr_names.size(), max_names)))
      for (const auto& match : provider::by_ptr(name, facts_.address)) {
        const bool strong = match.verified && match.fit >= provider::Fit::pattern && !is_contradicted(*match.provider);
        votes_for(match.provider).add(Source::ptr, strong ? likely : hint);
      }
  }
  /// Its servers are known for certain, and the zone is not on them: whoever runs the zone may write any name into it.
  [[nodiscard]] bool is_contradicted(const provider::Provider& provider) const {
    const auto* votes = find_votes(&provider);
    return !servers_.empty() && !(votes && votes->by.contains(Source::delegation)) &&
           std::ranges::any_of(provider.ns_suffixes, &provider::Suffix::verified);
  }

  void hear_rdap() {
    if (!facts_.registration || facts_.registration->organisation.empty()) return;
    for (const auto& match : provider::by_organisation(facts_.registration->organisation)) {
      votes_for(match.provider).add(Source::rdap, hint);
      registrants_.push_back(match.provider);
    }
  }

  /// Several products on the same servers, perhaps of one company: only the PTR tells them apart.
  void settle_shared_servers() {
    std::vector<const provider::Provider*> sharing, by_ptr;
    for (const auto& votes : votes_) {
      if (!votes.says(Source::delegation, likely)) continue;
      sharing.push_back(votes.provider);
      if (votes.says(Source::ptr, likely)) by_ptr.push_back(votes.provider);
    }
    if (sharing.size() > 1) told_apart_ = by_ptr.size() == 1 ? by_ptr.front() : nullptr;
  }

  void add_operators() {
    const auto operators = operators_of(servers_);
    std::size_t most = 0;
    for (const auto& one : operators) most = std::max(most, one.servers.size());
    for (const auto& one : operators) {
      if (any_likely(one.recognised)) continue;
      const bool registrant = is_registrant(one), agreed = registrant || names_the_hosts(one);
      const auto certainty = one.servers.size() < most ? hint : agreed ? sure : likely;
      auto name = registrant ? facts_.registration->organisation : "the operator of " + base::without_final_dot(one.servers.front().text());
      found_.push_back({{std::move(name), "", Source::delegation, certainty}, agreed ? 2U : 1U});
      registrant_named_ = registrant_named_ || registrant;
    }
  }
  /// The PTRs are names of the servers' own domain.
  [[nodiscard]] bool names_the_hosts(const Operator& one) const {
    const auto names = facts_.ptr_names.first(std::min(facts_.ptr_names.size(), max_names));
    return std::ranges::any_of(names, [&](const dns::Name& name) { return one.runs(registered_domain(name.text())); });
  }
  /// The registrant's mail goes to the domain of the name servers.
  [[nodiscard]] bool is_registrant(const Operator& one) const {
    if (!facts_.registration || facts_.registration->organisation.empty()) return false;
    const auto& contact = facts_.registration->contact;
    const auto at = contact.rfind('@');
    return at != std::string::npos && one.runs(registered_domain(std::string_view(contact).substr(at + 1)));
  }

  void add_registrant() {
    const auto* registration = facts_.registration;
    if (!registration || registrant_named_ || any_likely(registrants_)) return;
    if (!registration->organisation.empty())
      found_.push_back({{registration->organisation, "", Source::rdap, likely}});
    else if (!registration->network.empty())
      found_.push_back({{"the holder of " + registration->network, "", Source::rdap, hint}});
  }

  const ReverseFacts& facts_;
  std::vector<dns::Name> servers_;
  std::vector<Votes> votes_;
  std::vector<const provider::Provider*> registrants_;
  /// Set when several confirmed providers share the servers: the one the PTR speaks for, null when it speaks for none.
  std::optional<const provider::Provider*> told_apart_;
  bool registrant_named_ = false;
  std::vector<Weighed> found_;
};

}  // namespace

std::vector<Candidate> candidates(const ReverseFacts& facts) { return Weighing(facts).best(); }

}  // namespace fcrdns::owner
