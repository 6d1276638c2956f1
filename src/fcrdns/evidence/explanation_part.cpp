#include "fcrdns/evidence/explanation_part.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/random.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/evidence/probes.hpp"
#include "fcrdns/generic/generic.hpp"

namespace fcrdns::evidence {
namespace {

using dns::Type;
using verdict::Iprev;

constexpr std::size_t max_aliases_walked = 4;    // RFC 2317 needs one
constexpr std::size_t max_domain_servers = 2;    // an undelegated copy stands on all of them or is an accident

Type forward_type(const net::Address& address) { return address.is_v4() ? Type::a : Type::aaaa; }

bool fails(const AddressEvidence& at) {
  if (at.ptr.status == dns::Status::not_asked) return false;
  const auto word = verdict_of(at).iprev;
  return word == Iprev::fail || word == Iprev::permerror;
}

const NameEvidence* first_usable(const AddressEvidence& at) {
  const auto found = std::ranges::find_if(at.names, [](const NameEvidence& name) { return is_usable(name.usability); });
  return found == at.names.end() ? nullptr : &*found;
}

}  // namespace

ExplanationPart::ExplanationPart(Asking& asking)
    : asking_(asking), random_label_(fmt::format("fcrdns-probe-{:08x}", base::secure_random().u32())) {}

bool ExplanationPart::is_walked() const {
  return asking_.options.walk && asking_.sources.walker != nullptr && !asking_.sources.resolver.roots().empty();
}

void ExplanationPart::begin() {
  const auto& options = asking_.options;
  asking_.evidence.domain = options.domain;
  asking_.evidence.domain_given = options.domain.has_value();
  if (options.expect) look_at(&Evidence::expect, *options.expect);
  if (options.helo) {
    if (const auto name = helo_name(*options.helo)) look_at(&Evidence::helo, *name);
    else asking_.evidence.helo_text = base::escape(base::trim(*options.helo), 255);
  }
  asking_.evidence.blame = options.blame;
  if (options.blame && options.blame->sending_host) look_at(&Evidence::sender, *options.blame->sending_host);
}

void ExplanationPart::look_at(std::optional<NameLook> Evidence::*slot, const dns::Name& name) {
  auto& look = (asking_.evidence.*slot).emplace();
  look.name = name;
  for (auto answer : {&NameLook::a, &NameLook::aaaa, &NameLook::mx}) look.*answer = unasked(dns::Status::not_asked);
  const auto ask = [&](Type type, resolver::Answer NameLook::*answer) {
    asking_.ask(Part::explanation, {name, type}, {}, asking_.deadline, [this, slot, answer](resolver::Answer said, std::size_t) {
      (*(asking_.evidence.*slot)).*answer = std::move(said);
    });
  };
  ask(Type::a, &NameLook::a);
  ask(Type::aaaa, &NameLook::aaaa);
  ask(Type::mx, &NameLook::mx);
  if (name.label_count() < 3) return;
  asking_.ask(Part::explanation, {name.parent(), Type::mx}, {}, asking_.soon(), [this, slot](resolver::Answer said, std::size_t) {
    auto& seen = *(asking_.evidence.*slot);
    seen.is_mx = std::ranges::any_of(said.records, [&](const dns::Record& record) {
      const auto* mx = std::get_if<dns::Mx>(&record.data);
      return mx != nullptr && mx->exchange == seen.name;
    });
  });
}

// ---- beside the verdict: what the authority says ---------------------------------------------------------------------

void ExplanationPart::address_found(std::size_t index) {
  // Of a large prefix the first addresses stand for the others: they lie in the same zones.
  if (!is_walked() || index >= max_explained) return;
  walk_reverse(index, dns::Name::parse(net::reverse_name(asking_.evidence.addresses[index].address)).value());
}

void ExplanationPart::walk_reverse(std::size_t index, const dns::Name& name) {
  asking_.walk({name, Type::ptr}, [this, index](resolver::Walk walk) {
    auto& at = asking_.evidence.addresses[index];
    at.reverse.push_back(std::move(walk));
    const auto& done = at.reverse.back();
    if (done.alias && at.reverse.size() <= max_aliases_walked) return walk_reverse(index, dns::Name(*done.alias));
    if (done.answer.status == dns::Status::noerror) probe_caches(index, at.reverse.front().question);
  });
}

void ExplanationPart::names_known(std::size_t index) {
  if (!is_walked() || index >= max_explained) return;
  const auto& names = asking_.evidence.addresses[index].names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].own.status != dns::Status::not_checked && names[i].own.status != dns::Status::unusable)
      walk_forward(index, i, dns::Name(names[i].name));
}

void ExplanationPart::walk_forward(std::size_t index, std::size_t name, const dns::Name& target) {
  const auto type = forward_type(asking_.evidence.addresses[index].address);
  asking_.walk({target, type}, [this, index, name](resolver::Walk walk) {
    auto& forward = asking_.evidence.addresses[index].names[name].forward;
    forward.push_back(std::move(walk));
    const auto& done = forward.back();
    if (done.alias && forward.size() <= max_aliases_walked) return walk_forward(index, name, dns::Name(*done.alias));
    const auto& address = asking_.evidence.addresses[index].address;
    if (leads_to(done.answer, address)) probe_caches(index, forward.front().question);
  });
}

/// Only what the authority holds is asked for: a question for what is missing would plant the negative answer anew.
void ExplanationPart::probe_caches(std::size_t index, const dns::Question& question) {
  for (const auto& cache : asking_.sources.resolver.caches())
    asking_.ask_server({cache, question, false, dns::Source::recursive}, [this, index, cache, question](resolver::Answer answer) {
      // An alias alone: the cache holds the chain's begin, not yet its end.
      if (answer.status == dns::Status::noerror && answer.records.empty()) answer.status = dns::Status::lame;
      asking_.evidence.addresses[index].caches.push_back({cache, question, std::move(answer)});
    });
}

// ---- behind the verdict: whose zone, which mistake -------------------------------------------------------------------

std::vector<std::size_t> ExplanationPart::failing() const {
  std::vector<std::size_t> out;
  const auto& addresses = asking_.evidence.addresses;
  for (std::size_t i = 0; i < std::min(addresses.size(), max_explained); ++i)
    if (!addresses[i].from.empty() && fails(addresses[i])) out.push_back(i);
  return out;
}

void ExplanationPart::verdict_known() {
  const auto& addresses = asking_.evidence.addresses;
  const auto singly = std::min(addresses.size(), max_explained);
  for (std::size_t i = 0; i < singly; ++i) {
    const auto& at = addresses[i];
    if (at.from.empty() || at.ptr.status == dns::Status::not_asked) continue;
    const auto* name = first_usable(at);
    const bool generic = name != nullptr && generic::classify(name->name, at.address);
    // The registry is asked only where somebody must be told to change something.
    if (asking_.options.rdap && asking_.sources.registry != nullptr && (generic || verdict_of(at).iprev != Iprev::pass))
      asking_.look_up(at.address, [this, i](owner::Registration found) {
        asking_.evidence.addresses[i].registration = std::move(found);
      });
    if (name != nullptr && asking_.evidence.subject.kind != subject::Kind::prefix) ask_probes(i, siblings_of(at.address, random_label_));
  }
  const auto broken = failing();
  for (const auto i : broken) {
    const auto& at = addresses[i];
    const auto apex = at.ptr.soa ? std::optional(at.ptr.soa->owner) : std::nullopt;
    if (at.names.empty()) ask_probes(i, neighbours_of(at.address));
    ask_probes(i, miswritten_names(at.address, apex, random_label_));
  }
  if (!broken.empty()) find_domain();
}

void ExplanationPart::ask_probes(std::size_t index, std::vector<Probe> probes) {
  for (auto& probe : probes) {
    const auto number = asking_.evidence.addresses[index].probes.size();
    const auto question = probe.question;
    probe.answer = unasked(dns::Status::not_asked);
    asking_.evidence.addresses[index].probes.push_back(std::move(probe));
    asking_.ask(Part::explanation, question, {}, asking_.end, [this, index, number](resolver::Answer answer, std::size_t) {
      auto& asked = asking_.evidence.addresses[index].probes[number];
      asked.answer = std::move(answer);
      if (asked.purpose == Purpose::neighbour) ask_neighbours_forward(index, number);
    });
  }
}

void ExplanationPart::ask_neighbours_forward(std::size_t index, std::size_t number) {
  const auto& at = asking_.evidence.addresses[index];
  const auto& probe = at.probes[number];
  for (const auto& record : probe.answer.records) {
    const auto* name = std::get_if<dns::Name>(&record.data);
    if (name == nullptr || !is_usable(verdict::usability(*name, *probe.address))) continue;
    asking_.ask(Part::explanation, {*name, forward_type(at.address)}, {}, asking_.end,
                [this, index, number](resolver::Answer answer, std::size_t) {
                  asking_.evidence.addresses[index].probes[number].forward = std::move(answer);
                });
    return;
  }
}

/// Where would the PTR stand if it was put at the registrar? In the zone of the host's own name.
void ExplanationPart::find_domain() {
  auto& evidence = asking_.evidence;
  if (evidence.domain) return search_domain(dns::Name(*evidence.domain));
  std::optional<dns::Name> name;
  if (evidence.helo) name = evidence.helo->name;
  else if (const auto own = own_names(evidence); !own.empty()) name = own.front()->name;
  else if (evidence.subject.kind == subject::Kind::host || evidence.subject.kind == subject::Kind::domain) name = evidence.subject.host;
  else if (const auto* known = first_usable(evidence.addresses[failing().front()])) name = known->name;
  if (!name) return;
  asking_.ask(Part::explanation, {*name, Type::soa}, {}, asking_.soon(), [this](resolver::Answer answer, std::size_t) {
    std::optional<dns::Name> apex;
    if (!answer.records.empty()) apex = answer.records.front().owner;
    else if (answer.soa) apex = answer.soa->owner;
    if (!apex || apex->label_count() < 2) return;  // the name's own zone is a registry's: the domain is gone
    static const auto reverse_tree = dns::Name::parse("arpa").value();
    if (apex->is_within(reverse_tree)) return;  // the final dot was forgotten: what stands there is rightly placed
    asking_.evidence.domain = apex;
    search_domain(*apex);
  });
}

void ExplanationPart::search_domain(const dns::Name& domain) {
  const auto& evidence = asking_.evidence;
  std::optional<dns::Name> host;
  if (const auto own = own_names(evidence); !own.empty()) host = own.front()->name;
  else if (evidence.subject.kind == subject::Kind::host) host = evidence.subject.host;
  for (const auto i : failing()) {
    const auto& at = evidence.addresses[i];
    const auto* known = first_usable(at);
    const auto own = at.host ? at.host : host;
    const auto wanted = own || known == nullptr ? own : std::optional(known->name);
    const bool inside = wanted && wanted->is_within(domain);
    ask_probes(i, misplaced_in(domain, inside ? wanted : std::nullopt, at.address, random_label_));
  }
  ask_domain_servers(domain);
}

void ExplanationPart::ask_domain_servers(const dns::Name& domain) {
  // Without a walk nobody knows whether they are the reverse zone's own servers too.
  if (!is_walked()) return;
  asking_.ask(Part::explanation, {domain, Type::ns}, {}, asking_.end, [this](resolver::Answer answer, std::size_t row) {
    std::vector<dns::Name> servers;
    for (const auto& record : answer.records)
      if (const auto* name = std::get_if<dns::Name>(&record.data)) servers.push_back(*name);
    std::ranges::sort(servers);
    for (std::size_t i = 0; i < std::min(servers.size(), max_domain_servers); ++i)
      asking_.ask(Part::explanation, {servers[i], Type::a}, row, asking_.end,
                  [this, server = servers[i]](resolver::Answer found, std::size_t) {
                    const auto addresses = addresses_in(found);
                    if (!addresses.empty()) ask_directly(server, addresses.front());
                  });
  });
}

void ExplanationPart::ask_directly(const dns::Name& server, const net::Address& address) {
  for (const auto i : failing())
    for (auto& probe : undelegated_copies(asking_.evidence.addresses[i].address)) {
      const auto number = asking_.evidence.addresses[i].probes.size();
      const auto question = probe.question;
      probe.server = server;
      probe.answer = unasked(dns::Status::not_asked);
      asking_.evidence.addresses[i].probes.push_back(std::move(probe));
      asking_.ask_server({{address, 53}, question}, [this, i, number](resolver::Answer answer) {
        asking_.evidence.addresses[i].probes[number].answer = std::move(answer);
      });
    }
}

}  // namespace fcrdns::evidence
