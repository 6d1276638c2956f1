#include "fcrdns/finding/case.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generic/generic.hpp"
#include "fcrdns/owner/registered_domain.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::finding {

using dns::Name;
using dns::Status;

namespace {

bool is_private(const net::Address& address) {
  const auto special = net::SpecialPurposeTable::built_in().find(address);
  return special && special->treatment == net::Treatment::not_asked;
}
bool is_proxied(const net::Address& address) { return net::ProxyRanges::built_in().find(address).has_value(); }

Cause cause_of(const NameView& view, const net::Address& client) {
  const auto& name = *view.name;
  if (!is_usable(name.usability)) return Cause::malformed;
  const auto status = view.forward.status();
  if (status == Status::not_checked || status == Status::not_asked) return Cause::not_checked;
  if (dns::is_trouble(status)) return Cause::trouble;
  if (dns::is_negative(status)) {
    if (has_reverse_tail(name.name)) return Cause::malformed;  // the final dot was forgotten: the zone hangs behind it
    return name.other.status == Status::noerror ? Cause::other_family : Cause::missing;
  }
  if (holds(view.addresses, client)) return Cause::confirms;
  if (std::ranges::all_of(view.addresses, is_private)) return Cause::all_private;
  if (std::ranges::any_of(view.addresses, is_proxied)) return Cause::proxied;
  return Cause::mismatch;
}

/// A name that leads elsewhere, of another domain than any of the user's, and not the provider's own.
bool is_foreign(const Case& c, const NameView& view) {
  if (view.cause != Cause::mismatch && view.cause != Cause::proxied) return false;
  const auto& name = view.name->name;
  const auto domain = registered_domain(name);
  const auto own = c.own_names();
  if (!domain || own.empty()) return false;
  if (std::ranges::any_of(own, [&](const Name& mine) { return registered_domain(mine) == domain; })) return false;
  if (generic::classify(name, c.at.address) || !provider::by_ptr(name, c.at.address).empty()) return false;
  const auto* zone = evidence::reverse_zone(c.at);
  const auto* rung = zone == nullptr ? nullptr : zone->deepest();
  return rung == nullptr || std::ranges::none_of(rung->nameservers, [&](const Name& server) {
    return registered_domain(server) == domain;
  });
}

verdict::Iprev truth_of(const Case& c) {
  std::vector<verdict::NameFacts> facts;
  for (const auto& view : c.names) facts.push_back({view.forward.status(), view.addresses});
  for (std::size_t i = 0; i < c.unseen.size(); ++i) facts.push_back({Status::timeout, {}});  // nobody looked: open
  const bool only_root = !c.names.empty() && c.unseen.empty() &&
                         std::ranges::all_of(c.names, [](const NameView& view) { return view.name->name.is_root(); });
  return verdict::iprev({c.at.address, c.ptr.status(), only_root, facts}).iprev;
}

}  // namespace

Judged judged(const resolver::Answer& said, std::span<const resolver::Walk> walks) {
  Judged out{&said, false, said.via, said.soa ? std::optional(said.soa->owner) : std::nullopt};
  if (walks.empty() || said.status == Status::bogus) return out;
  const auto& last = walks.back();
  if (!walks.front().root_reached || !last.root_reached || last.alias || !dns::is_definite(last.answer.status)) return out;
  out = {&last.answer, true, {}, {}};
  for (const auto& walk : walks)
    if (walk.alias) out.via.push_back(*walk.alias);
  if (const auto* rung = last.deepest()) out.zone = rung->apex;
  return out;
}

Case::Case(const Considered& considered, std::size_t index, Profile wanted, std::vector<Finding>& findings)
    : all(considered),
      at(considered.evidence.addresses[index]),
      verdict(considered.verdicts[index]),
      owners(index < considered.owners.size() ? std::span<const owner::Candidate>(considered.owners[index])
                                              : std::span<const owner::Candidate>()),
      profile(wanted),
      out(findings),
      ptr(judged(at.ptr, at.reverse)) {
  const auto held = ptr.authority ? names_in(*ptr.answer) : std::vector<Name>();
  for (const auto& name : at.names) {
    if (ptr.authority && !holds(held, name.name)) continue;  // only a cache still has it
    NameView view{&name, judged(name.own, name.forward), {}, {}, false};
    view.addresses = evidence::addresses_in(*view.forward.answer);
    view.cause = cause_of(view, at.address);
    names.push_back(std::move(view));
  }
  for (const auto& name : held)
    if (std::ranges::none_of(at.names, [&](const auto& seen) { return seen.name == name; })) unseen.push_back(name);
  truth = truth_of(*this);
  for (auto& view : names) view.foreign = is_foreign(*this, view);
}

void Case::add(Id id, Severity severity, Arguments arguments) const {
  arguments.insert(arguments.begin(), {"address", at.address.text()});
  out.push_back({id, severity, at.address, std::move(arguments)});
}

std::vector<const NameView*> Case::names_with(Cause cause) const {
  std::vector<const NameView*> found;
  for (const auto& view : names)
    if (view.cause == cause) found.push_back(&view);
  return found;
}

std::vector<Name> Case::own_names() const {
  const auto& facts = evidence();
  std::vector<Name> own;
  if (facts.subject.kind == subject::Kind::host || facts.subject.kind == subject::Kind::domain) own.push_back(facts.subject.host);
  if (at.host) own.push_back(*at.host);
  if (facts.domain && facts.domain_given) own.push_back(*facts.domain);
  for (const auto* look : evidence::own_names(facts)) own.push_back(look->name);
  return own;
}

bool only_receives(const evidence::Evidence& evidence, const evidence::AddressEvidence& at) {
  return evidence.subject.kind == subject::Kind::domain && evidence::is_only_mx(at);
}

std::vector<Name> names_in(const resolver::Answer& answer) {
  std::vector<Name> found;
  for (const auto& record : answer.records)
    if (const auto* name = std::get_if<Name>(&record.data); name != nullptr && record.type == dns::Type::ptr)
      found.push_back(*name);
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> texts(std::span<const Name> names) {
  std::vector<std::string> shown;
  for (const auto& name : names) shown.push_back(name.text());
  return shown;
}

std::vector<std::string> texts(std::span<const net::Address> addresses) {
  std::vector<std::string> shown;
  for (const auto& address : addresses) shown.push_back(address.text());
  return shown;
}

std::optional<Name> registered_domain(const Name& name) {
  const auto domain = owner::registered_domain(name.text());
  const auto parsed = Name::parse(domain);
  return domain.empty() || !parsed ? std::nullopt : std::optional(*parsed);
}

bool has_reverse_tail(const Name& name) {
  static const auto v4 = Name::parse("in-addr.arpa").value();
  static const auto v6 = Name::parse("ip6.arpa").value();
  return name.is_within(v4) || name.is_within(v6);
}

bool bears_reverse_tree(const Name& name) {
  for (std::size_t i = 0; i + 1 < name.label_count(); ++i) {
    const auto tree = base::to_lower(name.label(i));
    if ((tree == "in-addr" || tree == "ip6") && base::equals_ignoring_case(name.label(i + 1), "arpa")) return true;
  }
  return false;
}

bool proven_bad(std::span<const resolver::Walk> walks) {
  return !walks.empty() && walks.back().root_reached && walks.back().all_proven_bad();
}

std::vector<std::string> outcomes(const resolver::Walk& walk) {
  std::vector<std::string> shown;
  for (const auto& server : walk.servers)
    shown.push_back(server.name.text() + " (" + server.address.text() + "): " + std::string(to_word(server.answer.status)));
  for (const auto& name : walk.without_address) shown.push_back(name.text() + ": no address");
  return shown;
}

}  // namespace fcrdns::finding
