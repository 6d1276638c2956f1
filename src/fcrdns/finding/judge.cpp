// The rules, one function each, in the order a report lists them. A rule fires when its evidence exists; trouble is
// never evidence of absence.
#include <algorithm>

#include "fcrdns/finding/finding.hpp"

namespace fcrdns::finding {
namespace {

using dns::Status;
using evidence::AddressEvidence;
using evidence::Evidence;
using evidence::NameEvidence;
using verdict::Iprev;

// A larger reply does not fit the EDNS size everybody agreed on (DNS flag day 2020) and needs TCP.
constexpr std::size_t udp_reply_limit = 1232;

struct Case {
  const AddressEvidence& at;
  verdict::Verdict verdict;
  std::vector<Finding>& out;

  void add(Id id, Severity severity, Arguments arguments) const {
    arguments.insert(arguments.begin(), {"address", at.address.text()});
    out.push_back({id, severity, at.address, std::move(arguments)});
  }
  [[nodiscard]] bool fails() const { return verdict.iprev == Iprev::fail || verdict.iprev == Iprev::permerror; }
};

std::string reverse_name(const AddressEvidence& at) { return net::reverse_name(at.address); }

std::vector<std::string> texts(const std::vector<net::Address>& addresses) {
  std::vector<std::string> out;
  for (const auto& address : addresses) out.push_back(address.text());
  return out;
}

/// A PTR whose author forgot the final dot: the zone's own name hangs behind it.
bool has_reverse_tail(const dns::Name& name) {
  static const auto v4 = dns::Name::parse("in-addr.arpa").value();
  static const auto v6 = dns::Name::parse("ip6.arpa").value();
  return name.is_within(v4) || name.is_within(v6);
}

bool is_private(const net::Address& address) {
  const auto special = net::SpecialPurposeTable::built_in().find(address);
  return special && special->treatment == net::Treatment::not_asked;
}
bool is_proxied(const net::Address& address) { return net::ProxyRanges::built_in().find(address).has_value(); }

/// Why one PTR name does not lead back.
enum class Cause { confirms, malformed, missing, other_family, all_private, proxied, mismatch, trouble, not_checked };

Cause cause_of(const NameEvidence& name, const net::Address& client) {
  if (!is_usable(name.usability)) return Cause::malformed;
  if (name.own.status == Status::not_checked) return Cause::not_checked;
  if (dns::is_trouble(name.own.status)) return Cause::trouble;
  if (dns::is_negative(name.own.status)) {
    if (has_reverse_tail(name.name)) return Cause::malformed;
    return name.other.status == Status::noerror ? Cause::other_family : Cause::missing;
  }
  const auto addresses = evidence::addresses_in(name.own);
  if (std::ranges::find(addresses, client) != addresses.end()) return Cause::confirms;
  if (std::ranges::all_of(addresses, is_private)) return Cause::all_private;
  if (std::ranges::any_of(addresses, is_proxied)) return Cause::proxied;
  return Cause::mismatch;
}

std::vector<const NameEvidence*> names_with(const AddressEvidence& at, Cause cause) {
  std::vector<const NameEvidence*> out;
  for (const auto& name : at.names)
    if (cause_of(name, at.address) == cause) out.push_back(&name);
  return out;
}

Arguments about(const std::vector<const NameEvidence*>& names, resolver::Answer NameEvidence::*answer) {
  std::vector<std::string> shown, addresses;
  for (const auto* name : names) {
    shown.push_back(name->name.text());
    for (auto& address : texts(evidence::addresses_in(name->*answer))) addresses.push_back(std::move(address));
  }
  return {{"names", std::move(shown)}, {"addresses", std::move(addresses)}};
}

void special_purpose_address(const Case& c) {
  if (!c.at.special) return;
  const auto& special = *c.at.special;
  // Documentation and "treat as special" blocks are asked like any other; so is every block on a private tree, where it
  // may well confirm.
  const bool error = special.treatment == net::Treatment::not_asked && c.fails();
  const auto severity = error ? Severity::error : Severity::info;
  auto rfc = special.rfc;  // "[RFC1918]" in the registry
  std::erase_if(rfc, [](char letter) { return letter == '[' || letter == ']'; });
  const auto what = special.name + (special.prefix.length > 0 ? ", " + special.prefix.text() : "");
  Arguments arguments{{"block", what}, {"kind", special.kind}, {"rfc", std::move(rfc)}};
  if (!error) arguments.emplace_back("form", "asked");
  c.add(Id::special_purpose_address, severity, std::move(arguments));
}

void no_ptr(const Case& c) {
  if (!dns::is_negative(c.at.ptr.status)) return;
  Arguments arguments{{"reverse_name", reverse_name(c.at)}, {"status", std::string(to_word(c.at.ptr.status))}};
  if (c.at.ptr.soa) {
    arguments.emplace_back("zone", c.at.ptr.soa->owner.text());
    arguments.emplace_back("negative_ttl", static_cast<std::int64_t>(dns::negative_ttl(*c.at.ptr.soa)));
  }
  if (c.at.ptr.via.empty()) {
    c.add(Id::ptr_missing, Severity::error, std::move(arguments));
  } else {
    arguments.emplace_back("target", c.at.ptr.via.back().text());
    c.add(Id::classless_broken, Severity::error, std::move(arguments));
  }
}

void ptr_malformed(const Case& c) {
  const auto bad = names_with(c.at, Cause::malformed);
  std::vector<std::string> names;
  for (const auto* name : bad) names.push_back(name->name.text());
  if (!bad.empty())
    c.add(Id::ptr_malformed, c.fails() ? Severity::error : Severity::warning, {{"names", std::move(names)}});

  std::vector<std::string> underscored;
  for (const auto& name : c.at.names)
    if (name.usability == verdict::Usability::usable_underscore) underscored.push_back(name.name.text());
  if (!underscored.empty())
    c.add(Id::ptr_malformed, Severity::warning, {{"names", std::move(underscored)}, {"form", "underscore"}});
}

void forward(const Case& c) {
  if (c.verdict.iprev != Iprev::fail) return;
  struct Row { Cause cause; Id id; resolver::Answer NameEvidence::*answer; };
  static constexpr Row rows[] = {
      {Cause::mismatch, Id::forward_mismatch, &NameEvidence::own},
      {Cause::missing, Id::forward_missing, &NameEvidence::own},
      {Cause::other_family, Id::forward_family_missing, &NameEvidence::other},
      {Cause::proxied, Id::forward_proxied, &NameEvidence::own},
      {Cause::all_private, Id::forward_private, &NameEvidence::own},
  };
  for (const auto& row : rows)
    if (const auto names = names_with(c.at, row.cause); !names.empty())
      c.add(row.id, Severity::error, about(names, row.answer));
}

void ptr_multiple(const Case& c) {
  if (c.at.names.size() < 2) return;
  std::vector<std::string> good, bad;
  for (const auto& name : c.at.names)
    (cause_of(name, c.at.address) == Cause::confirms ? good : bad).push_back(name.name.text());
  const auto severity = bad.empty() ? Severity::info : Severity::warning;
  c.add(Id::ptr_multiple, severity,
        {{"total", static_cast<std::int64_t>(c.at.names.size())}, {"confirm", std::move(good)}, {"do_not_confirm", std::move(bad)}});
}

void ptr_oversized(const Case& c) {
  const bool many = c.at.names.size() > verdict::default_max_names;
  if (!many && c.at.ptr.size <= udp_reply_limit) return;
  c.add(Id::ptr_oversized, Severity::warning,
        {{"total", static_cast<std::int64_t>(c.at.names.size())},
         {"checked", static_cast<std::int64_t>(evidence::names_checked(c.at))},
         {"octets", static_cast<std::int64_t>(c.at.ptr.size)}});
}

void ptr_target_alias(const Case& c) {
  std::vector<std::string> aliases, targets;
  for (const auto& name : c.at.names) {
    if (name.own.via.empty() || !dns::is_definite(name.own.status)) continue;
    aliases.push_back(name.name.text());
    targets.push_back(name.own.via.back().text());
  }
  if (!aliases.empty())
    c.add(Id::ptr_target_alias, Severity::warning, {{"names", std::move(aliases)}, {"targets", std::move(targets)}});
}

Arguments trouble_of(std::string question, const resolver::Answer& answer) {
  Arguments arguments{{"question", std::move(question)}, {"status", std::string(to_word(answer.status))}};
  if (!answer.detail.empty()) arguments.emplace_back("reason", answer.detail);
  return arguments;
}

void trouble(const Case& c) {
  if (dns::is_trouble(c.at.ptr.status)) {
    c.add(c.at.ptr.status == Status::bogus ? Id::dnssec_bogus : Id::reverse_unreachable, Severity::undetermined,
          trouble_of(reverse_name(c.at), c.at.ptr));
    return;
  }
  if (c.verdict.iprev != Iprev::temperror) return;
  for (const auto* name : names_with(c.at, Cause::trouble))
    c.add(name->own.status == Status::bogus ? Id::dnssec_bogus : Id::forward_unreachable, Severity::undetermined,
          trouble_of(name->name.text(), name->own));
}

/// The host itself: does it exist, and could that be found out?
void host(const Evidence& evidence, std::vector<Finding>& out) {
  if (evidence.subject.kind != subject::Kind::host) return;
  const auto name = evidence.subject.host.text();
  bool exists = false, open = false;
  for (const auto* answer : {&evidence.host_a, &evidence.host_aaaa}) {
    if (!*answer) continue;
    exists = exists || (*answer)->status == Status::nodata;
    if (!dns::is_trouble((*answer)->status)) continue;
    open = true;  // it may have addresses that nobody has seen
    const auto id = (*answer)->status == Status::bogus ? Id::dnssec_bogus : Id::forward_unreachable;
    if (out.empty() || out.back().id != id)
      out.push_back({id, Severity::undetermined, {}, trouble_of(name, **answer)});
  }
  if (!open && evidence.addresses.empty())
    out.push_back({Id::subject_not_found, Severity::error, {}, {{"name", name}, {"status", exists ? "nodata" : "nxdomain"}}});
}

/// The family trap: receivers prefer IPv6, the PTR was set for IPv4 only.
void ipv6_source_without_ptr(const Evidence& evidence, std::span<const verdict::Verdict> verdicts,
                             std::vector<Finding>& out) {
  std::vector<std::string> passing_v4, failing_v6;
  std::optional<net::Address> first;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto& at = evidence.addresses[i];
    const auto iprev = verdicts[i].iprev;
    if (at.address.is_v4() && iprev == Iprev::pass) passing_v4.push_back(at.address.text());
    // ULA and link-local sources never reach a receiver.
    if (at.address.is_v6() && at.ptr.status != Status::not_asked && (iprev == Iprev::fail || iprev == Iprev::permerror)) {
      if (!first) first = at.address;
      failing_v6.push_back(at.address.text());
    }
  }
  if (passing_v4.empty() || failing_v6.empty()) return;
  out.push_back({Id::ipv6_source_without_ptr, Severity::error, first,
                 {{"address", first->text()}, {"ipv4", std::move(passing_v4)}, {"ipv6", std::move(failing_v6)}}});
}

using Rule = void (*)(const Case&);
constexpr Rule rules[] = {special_purpose_address, no_ptr,       ptr_malformed,    forward,
                          ptr_multiple,            ptr_oversized, ptr_target_alias, trouble};

}  // namespace

std::vector<Finding> judge(const Considered& considered, Profile) {
  const auto& [evidence, verdicts, owners] = considered;
  std::vector<Finding> out;
  host(evidence, out);
  ipv6_source_without_ptr(evidence, verdicts, out);
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    for (const auto rule : rules) rule({evidence.addresses[i], verdicts[i], out});
  return out;
}

}  // namespace fcrdns::finding
