#include "fcrdns/evidence/evidence.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::evidence {
namespace {

constexpr std::array<std::string_view, 13> purposes{  // in enumerator order
    "neighbour",    "sibling",         "wildcard",     "at_host_name",    "at_apex", "reverse_in_domain", "octet_in_domain",
    "reverse_copy", "domain_wildcard", "not_reversed", "nibbles_missing", "ip6_int", "zone_doubled"};

}  // namespace

std::vector<net::Address> addresses_in(const resolver::Answer& answer) {
  std::vector<net::Address> found;
  for (const auto& record : answer.records)
    if (const auto* address = std::get_if<net::Address>(&record.data)) found.push_back(*address);
  return found;
}

bool leads_to(const resolver::Answer& answer, const net::Address& address) {
  return std::ranges::any_of(answer.records, [&](const dns::Record& record) { return record.data == dns::Rdata(address); });
}

std::optional<dns::Name> helo_name(std::string_view said) {
  auto name = subject::parse_name(said);
  if (!name || !is_usable(verdict::usability(*name, {}))) return std::nullopt;
  return *std::move(name);
}

std::vector<const NameLook*> own_names(const Evidence& evidence) {
  std::vector<const NameLook*> out;
  for (const auto* look : {&evidence.expect, &evidence.helo, &evidence.sender})
    if (*look) out.push_back(&**look);
  return out;
}

verdict::Verdict verdict_of(const AddressEvidence& address) {
  std::vector<std::vector<net::Address>> forward;
  forward.reserve(address.names.size());
  std::vector<verdict::NameFacts> names;
  for (const auto& name : address.names) {
    forward.push_back(addresses_in(name.own));
    names.push_back({name.own.status, forward.back()});
  }
  const bool only_root = !address.names.empty() && std::ranges::all_of(address.names, [](const NameEvidence& name) {
    return name.name.is_root();
  });
  return verdict::iprev({address.address, address.ptr.status, only_root, names});
}

std::string_view to_word(Purpose purpose) { return purposes[static_cast<std::size_t>(purpose)]; }

std::optional<Purpose> parse_purpose(std::string_view word) {
  const auto found = std::ranges::find(purposes, word);
  if (found == purposes.end()) return std::nullopt;
  return static_cast<Purpose>(found - purposes.begin());
}

std::vector<owner::Candidate> owners_of(const AddressEvidence& at) {
  owner::ReverseFacts facts;
  facts.address = at.address;
  if (const auto* zone = reverse_zone(at); zone != nullptr && zone->deepest() != nullptr) {
    facts.apex = zone->deepest()->apex;
    facts.nameservers = zone->deepest()->nameservers;
  } else if (at.ptr.soa) {
    facts.apex = at.ptr.soa->owner;
  }
  // The neighbours' default names tell as much as the address's own.
  std::vector<dns::Name> names;
  for (const auto& name : at.names) names.push_back(name.name);
  for (const auto& probe : at.probes)
    if (probe.address)
      for (const auto& record : probe.answer.records)
        if (const auto* name = std::get_if<dns::Name>(&record.data)) names.push_back(*name);
  facts.ptr_names = names;
  facts.registration = at.registration ? &*at.registration : nullptr;
  return owner::candidates(facts);
}

bool is_only_mx(const AddressEvidence& at) {
  return std::ranges::all_of(at.from, [](const std::string& from) { return from == "mx"; });
}

std::uint32_t longest_held(const AddressEvidence& address) {
  std::uint32_t ttl = 0;
  const auto include = [&](const std::vector<resolver::Walk>& walks) {
    for (const auto& walk : walks) {
      for (const auto& record : walk.answer.records) ttl = std::max(ttl, record.ttl);
      for (const auto* soa : {&walk.soa, &walk.answer.soa})
        if (*soa) ttl = std::max(ttl, dns::negative_ttl(**soa));
    }
  };
  include(address.reverse);
  for (const auto& name : address.names) include(name.forward);
  return ttl;
}

const resolver::Walk* reverse_zone(const AddressEvidence& at) {
  if (at.reverse.empty() || !at.reverse.front().root_reached) return nullptr;
  return &at.reverse.back();
}

std::vector<const Probe*> probes_for(const AddressEvidence& at, Purpose purpose) {
  std::vector<const Probe*> out;
  for (const auto& probe : at.probes)
    if (probe.purpose == purpose) out.push_back(&probe);
  return out;
}

std::size_t names_checked(const AddressEvidence& address) {
  return static_cast<std::size_t>(std::ranges::count_if(address.names, [](const NameEvidence& name) {
    return name.own.status != dns::Status::not_checked && name.own.status != dns::Status::unusable;
  }));
}

base::Milliseconds longest_chain(const std::vector<TraceRow>& trace) {
  std::vector<base::Milliseconds> until(trace.size());
  for (std::size_t i = 0; i < trace.size(); ++i) {
    until[i] = trace[i].took;
    if (trace[i].after && *trace[i].after < i) until[i] += until[*trace[i].after];
  }
  return until.empty() ? base::Milliseconds{} : *std::ranges::max_element(until);
}

}  // namespace fcrdns::evidence
