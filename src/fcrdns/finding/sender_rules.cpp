// Who sends, and under which name: the subject itself, its two families, the HELO name (RFC 5321 2.3.5, 4.1.4).
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding::rules {

using dns::Status;
using evidence::Evidence;
using subject::Kind;
using verdict::Iprev;

void helo(const Case& c) {
  const auto& look = c.evidence().helo;
  if (!look || c.at.ptr.status == Status::not_asked || judge_helo(look->name.text())) return;  // no name: told by helo_invalid
  std::vector<std::string> confirmed, others;
  bool same = false;
  for (const auto& view : c.names) {
    if (view.cause == Cause::confirms) confirmed.push_back(view.name->name.text());
    else others.push_back(view.name->name.text());
    // Before any name confirms, the same name on both sides is as right as it can be.
    same = same || (view.name->name == look->name && (view.cause == Cause::confirms || c.fails()));
  }
  if (!same && !c.names.empty()) {
    const auto severity = c.profile == Profile::helo_equal ? Severity::error : Severity::info;
    c.add(Id::helo_differs, severity, {{"helo", look->name.text()}, {"names", confirmed.empty() ? std::move(others) : std::move(confirmed)}});
  }
  const auto& answer = c.at.address.is_v4() ? look->a : look->aaaa;
  const auto addresses = evidence::addresses_in(answer);
  // A block has one HELO name for one of its addresses.
  const auto& all = c.evidence().addresses;
  const bool of_block = c.evidence().subject.kind == Kind::prefix &&
                        std::ranges::any_of(all, [&](const evidence::AddressEvidence& at) { return holds(addresses, at.address); });
  if (dns::is_definite(answer.status) && !holds(addresses, c.at.address) && !of_block)
    c.add(Id::helo_forward_mismatch, Severity::warning, {{"helo", look->name.text()}, {"addresses", texts(addresses)}});
}

void subject_not_found(const Evidence& evidence, std::vector<Finding>& out) {
  if (evidence.subject.kind != Kind::host && evidence.subject.kind != Kind::domain) return;
  const auto name = evidence.subject.host.text();
  bool exists = false, open = false;
  for (const auto* answer : {&evidence.host_a, &evidence.host_aaaa, &evidence.mx, &evidence.txt}) {
    if (!*answer) continue;
    exists = exists || (*answer)->status == Status::nodata || (*answer)->status == Status::noerror;
    if (!dns::is_trouble((*answer)->status)) continue;
    const bool of_host = answer == &evidence.host_a || answer == &evidence.host_aaaa;
    if (!of_host && evidence.subject.kind == Kind::host) continue;  // told of the addresses already
    open = true;  // it may have addresses that nobody has seen
    const auto id = (*answer)->status == Status::bogus ? Id::dnssec_bogus : Id::forward_unreachable;
    if (out.empty() || out.back().id != id)
      out.push_back({id, Severity::undetermined, {}, trouble_of(name, **answer)});
  }
  if (!open && evidence.addresses.empty())
    out.push_back({Id::subject_not_found, Severity::error, {}, {{"name", name}, {"status", exists ? "nodata" : "nxdomain"}}});
}

void wrong_subject(const Evidence& evidence, std::vector<Finding>& out) {
  const auto tell = [&](std::string form, Arguments arguments) {
    arguments.insert(arguments.begin(), {{"name", evidence.subject.host.text()}, {"form", std::move(form)}});
    out.push_back({Id::wrong_subject, Severity::info, {}, std::move(arguments)});
  };
  const auto& addresses = evidence.addresses;
  if (addresses.empty()) return;
  if (evidence.subject.kind == Kind::domain) {
    if (!std::ranges::all_of(addresses, evidence::is_only_mx)) return;
    std::vector<std::string> hosts;
    for (const auto& at : addresses)
      if (at.host && !holds(hosts, at.host->text())) hosts.push_back(at.host->text());
    return tell("mx_only", {{"hosts", std::move(hosts)}});
  }
  if (evidence.subject.kind != Kind::host) return;
  std::vector<std::string> proxied;
  for (const auto& at : addresses)
    if (net::ProxyRanges::built_in().find(at.address)) proxied.push_back(at.address.text());
  if (proxied.size() == addresses.size()) return tell("proxied", {{"addresses", std::move(proxied)}});
  if (base::equals_ignoring_case(evidence.subject.host.label(0), "www")) tell("web_host", {});
}

/// The family trap: receivers prefer IPv6, the PTR was set for IPv4 only.
void ipv6_source_without_ptr(std::span<const Case> cases, std::vector<Finding>& out) {
  std::vector<std::string> passing_v4, failing_v6;
  std::optional<net::Address> first;
  for (const auto& c : cases) {
    if (only_receives(c.evidence(), c.at)) continue;
    if (c.at.address.is_v4() && c.truth == Iprev::pass) passing_v4.push_back(c.at.address.text());
    // ULA and link-local sources never reach a receiver.
    const bool leaves = !c.at.special || c.at.special->treatment != net::Treatment::not_asked;
    if (c.at.address.is_v6() && leaves && c.fails()) {
      if (!first) first = c.at.address;
      failing_v6.push_back(c.at.address.text());
    }
  }
  if (passing_v4.empty() || failing_v6.empty()) return;
  out.push_back({Id::ipv6_source_without_ptr, Severity::error, first,
                 {{"address", first->text()}, {"ipv4", std::move(passing_v4)}, {"ipv6", std::move(failing_v6)}}});
}

}  // namespace fcrdns::finding::rules
