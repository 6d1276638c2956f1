// A right record in the wrong place: in the domain's own zone, at a reverse name written wrongly, at the neighbour. Only
// the tree below in-addr.arpa and ip6.arpa is ever asked (RFC 1035 3.5, RFC 3596 2.5), and it is the address owner's.
#include <algorithm>

#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding::rules {

using dns::Name;
using evidence::Probe;
using evidence::Purpose;

namespace {

/// RFC 6763: browsing for services uses PTR records of its own, at and to names with underscores.
bool is_service_discovery(const Name& name) {
  for (std::size_t i = 0; i < name.label_count(); ++i)
    if (name.label(i).starts_with('_')) return true;
  return false;
}

bool holds_address(const evidence::Evidence& evidence, const net::Address& address) {
  return std::ranges::find(evidence.addresses, address, &evidence::AddressEvidence::address) != evidence.addresses.end();
}

/// What a probe holds about this address: not what a wildcard says everywhere, not service discovery, not the reverse
/// name of another address of the same host.
std::vector<Name> told_by(const Case& c, const Probe& probe, Purpose wildcard) {
  if (is_service_discovery(probe.question.name)) return {};
  auto names = names_in(probe.answer);
  for (const auto* everywhere : evidence::probes_for(c.at, wildcard))
    for (const auto& name : names_in(everywhere->answer)) std::erase(names, name);
  std::erase_if(names, [&](const Name& name) {
    if (is_service_discovery(name)) return true;
    const auto meant = net::parse_reverse_name(name.text());
    return meant && *meant != c.at.address && holds_address(c.evidence(), *meant);
  });
  return names;
}

bool is_listed(const Case& c, const Name& server) {
  return std::ranges::any_of(c.at.reverse, [&](const resolver::Walk& walk) {
    return walk.deepest() != nullptr && holds(walk.deepest()->nameservers, server);
  });
}

std::string form_of(const Probe& probe, const std::vector<Name>& data) {
  const bool at_own_name = probe.purpose == Purpose::at_host_name || probe.purpose == Purpose::at_apex;
  if (at_own_name && std::ranges::any_of(data, bears_reverse_tree)) return "swapped";
  return std::string(to_word(probe.purpose));
}

/// A misplaced record does nothing; it explains a rejection only where nothing right stands beside it.
Severity severity(const Case& c) { return c.fails() ? Severity::error : Severity::info; }

/// Each record once, however many servers told of it.
bool is_told(const Case& c, Id id, const Name& record) {
  return std::ranges::any_of(c.out, [&](const Finding& finding) {
    const auto* known = argument(finding, "record");
    return finding.id == id && finding.address == c.at.address && known != nullptr && *known == Value(record.text());
  });
}

/// Whether a name is of the user's own domain, as far as that is known.
bool is_own(const Case& c, const Name& name) {
  auto own = c.own_names();
  if (c.evidence().domain) own.push_back(*c.evidence().domain);
  const auto domain = registered_domain(name);
  return domain && std::ranges::any_of(own, [&](const Name& mine) { return registered_domain(mine) == domain; });
}

}  // namespace

void ptr_in_forward_zone(const Case& c) {
  for (const auto& probe : c.at.probes) {
    const bool copy = probe.purpose == Purpose::reverse_copy;
    const bool in_domain = probe.purpose == Purpose::at_host_name || probe.purpose == Purpose::at_apex ||
                           probe.purpose == Purpose::reverse_in_domain || probe.purpose == Purpose::octet_in_domain;
    if (!copy && !in_domain) continue;
    if (copy && (!probe.server || is_listed(c, *probe.server))) continue;
    const auto data = told_by(c, probe, Purpose::domain_wildcard);
    if (data.empty() || is_told(c, Id::ptr_in_forward_zone, probe.question.name)) continue;
    Arguments arguments{{"form", form_of(probe, data)}, {"record", probe.question.name.text()}, {"data", texts(data)},
                        {"reverse_name", c.reverse_name()}};
    if (c.evidence().domain) arguments.emplace_back("domain", c.evidence().domain->text());
    if (probe.server) arguments.emplace_back("server", probe.server->text());
    c.add(Id::ptr_in_forward_zone, severity(c), std::move(arguments));
  }
}

void reverse_name_wrong(const Case& c) {
  const auto right = Name::parse(c.reverse_name()).value();
  for (const auto& probe : c.at.probes) {
    const bool wrong = probe.purpose == Purpose::not_reversed || probe.purpose == Purpose::nibbles_missing ||
                       probe.purpose == Purpose::ip6_int || probe.purpose == Purpose::zone_doubled;
    if (!wrong || probe.question.name == right) continue;  // of 192.0.0.192 both are the same
    auto data = told_by(c, probe, Purpose::wildcard);
    // Octets that are not reversed are somebody's right reverse name: only a name of one's own shows the mistake.
    if (probe.purpose == Purpose::not_reversed)
      std::erase_if(data, [&](const Name& name) { return !is_own(c, name); });
    if (data.empty() || is_told(c, Id::reverse_name_wrong, probe.question.name)) continue;
    Arguments arguments{{"form", std::string(to_word(probe.purpose))}, {"record", probe.question.name.text()},
                        {"data", texts(data)}, {"reverse_name", c.reverse_name()}};
    if (probe.server) arguments.emplace_back("server", probe.server->text());
    c.add(Id::reverse_name_wrong, severity(c), std::move(arguments));
  }
}

void ptr_on_neighbour(const Case& c) {
  if (!c.fails()) return;
  std::vector<std::string> neighbours, names;
  const auto own = c.own_names();
  const auto consider = [&](const net::Address& neighbour, const std::vector<Name>& told, const std::vector<net::Address>& lead_to) {
    if (holds(neighbours, neighbour.text())) return;
    for (const auto& name : told) {
      // A host of two addresses may be named at both; a neighbour of its own name is nobody's mistake.
      // A name that is only planned for this address may well be another's today.
      const auto& expect = c.evidence().expect;
      const bool planned = expect && expect->name == name && c.at.host != name;
      if (!holds(lead_to, c.at.address) && (!holds(own, name) || planned)) continue;
      neighbours.push_back(neighbour.text());
      names.push_back(name.text());
      return;
    }
  };
  for (const auto* probe : evidence::probes_for(c.at, Purpose::neighbour))
    if (probe->address)
      consider(*probe->address, names_in(probe->answer), probe->forward ? evidence::addresses_in(*probe->forward) : std::vector<net::Address>());
  for (const auto& other : c.evidence().addresses) {
    if (other.address == c.at.address || other.address.family() != c.at.address.family()) continue;
    for (const auto& name : other.names) consider(other.address, {name.name}, evidence::addresses_in(name.own));
  }
  if (neighbours.empty()) return;
  c.add(Id::ptr_on_neighbour, Severity::error, {{"neighbours", std::move(neighbours)}, {"names", std::move(names)}});
}

}  // namespace fcrdns::finding::rules
