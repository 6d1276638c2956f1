#include "fcrdns/remedy/host_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fcrdns::remedy {
namespace {

using finding::Finding;
using finding::HostFacts;
using finding::Id;
using finding::WayOut;
using host::Wish;
using net::Address;
using net::Family;

struct Planning {
  const HostFacts& facts;
  std::vector<Proposal>& out;

  /// A wish that stands there already is not told again.
  void add(Proposal proposal) const {
    const bool told = std::ranges::any_of(out, [&](const Proposal& other) {
      if (!other.wish || !proposal.wish) return other.what == proposal.what;
      return other.sender == proposal.sender && other.wish->what == proposal.wish->what && other.wish->name == proposal.wish->name &&
             other.wish->address == proposal.wish->address && other.clients == proposal.clients;
    });
    if (!told) out.push_back(std::move(proposal));
  }
};

std::optional<Address> address_in(const Finding& finding, std::string_view key) {
  const auto* value = finding::argument(finding, key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  if (text == nullptr) return std::nullopt;
  const auto address = Address::parse(*text);
  return address ? std::optional(*address) : std::nullopt;
}

bool some_v4_passes(const HostFacts& facts) {
  return std::ranges::any_of(facts.ways, [](const WayOut& way) { return way.taken() && way.path.family == Family::v4 && way.passes(); });
}

bool is_static(const host::InterfaceAddress& address) {
  return address.permanent && !address.temporary && !address.by_advertisement && !address.tentative && !address.deprecated;
}

void v4_only(const Planning& p, const Finding& finding) {
  if (!some_v4_passes(p.facts)) return;
  for (const auto& way : p.facts.ways) {
    if (!way.taken() || way.path.family != Family::v6 || way.path.via_relay || way.passes()) continue;
    p.add({.finding = finding.id, .what = "IPv4 only for what sends", .wish = Wish{.what = Wish::What::v4_only}, .sender = way.sender,
           .caution = "receivers that have IPv6 only cannot be reached any more"});
  }
}

/// Leave from the address that was set up; behind a gateway it is the gateway that has to.
void leave_from(const Planning& p, const Finding& finding, const WayOut& way, const Address& wanted) {
  const auto text = wanted.text();
  const auto* own = finding::own_address(p.facts, wanted);
  const bool hidden = way.path.source && finding::is_hidden(*way.path.source);
  if (own != nullptr && !hidden) {
    Proposal proposal{.finding = finding.id, .what = fmt::format("leave from {}", text), .sender = way.sender, .clients = {way.path.client}};
    proposal.wish = Wish{.what = Wish::What::bind_source, .address = wanted};
    if (!is_static(*own)) proposal.caution = text + " is not static: make it so first, or mail leaves from another one when it is gone";
    p.add(std::move(proposal));
    return;
  }
  Proposal proposal{.finding = finding.id, .what = fmt::format("leave from {}: the gateway puts it in place (SNAT)", text), .sender = way.sender};
  if (hidden) proposal.wish = Wish{.what = Wish::What::bind_source, .address = wanted};  // a project's own knob may do it
  if (hidden)
    proposal.how.push_back(fmt::format("{} -t nat -I POSTROUTING -s {} -p tcp --dport 25 -j SNAT --to-source {}",
                                       wanted.is_v6() ? "ip6tables" : "iptables", way.path.source->text(), text));
  proposal.caution = "the rule is lost at the next start unless your firewall's own files have it";
  p.add(std::move(proposal));
}

void unexpected_source(const Planning& p, const Finding& finding) {
  const auto wanted = address_in(finding, "expected"), seen = address_in(finding, "address");
  if (!wanted || !seen) return;
  for (const auto& way : p.facts.ways)
    if (way.taken() && way.outside == seen) leave_from(p, finding, way, *wanted);
}

void random_source(const Planning& p, const Finding& finding) {
  v4_only(p, finding);
  const auto* own = finding.address ? finding::own_address(p.facts, *finding.address) : nullptr;
  if (own == nullptr) return;
  for (const auto& way : p.facts.ways) {
    if (!way.taken() || way.path.source != own->address) continue;
    const auto better = std::ranges::find_if(p.facts.addresses, [&](const host::InterfaceAddress& one) {
      return one.address.is_v6() && is_static(one) && one.is_up && !finding::is_hidden(one.address);
    });
    if (better != p.facts.addresses.end()) leave_from(p, finding, way, better->address);
  }
  if (!own->temporary) return;
  p.add({.finding = finding.id, .what = "no temporary addresses, so that the kernel takes another", .wish = {},
         .how = {fmt::format("sysctl -w net.ipv6.conf.{}.use_tempaddr=0", own->interface),
                 fmt::format("echo net.ipv6.conf.{}.use_tempaddr=0 > /etc/sysctl.d/60-no-temporary.conf", own->interface)},
         .caution = "the addresses that are there already stay until they are taken away or end"});
}

void bind_not_in_force(const Planning& p, const Finding& finding) {
  const auto bind = address_in(finding, "bind");
  if (!bind) return;
  for (const auto& way : p.facts.ways) {
    if (!way.path.bind_ignored || way.path.bind_ignored->value != *bind) continue;
    p.add({.finding = finding.id, .what = fmt::format("take {} out of the settings, or bring it up on this machine", bind->text()),
           .wish = Wish{.what = Wish::What::unbind, .address = *bind}, .sender = way.sender, .clients = {way.path.client},
           .caution = "enforcing an address that is absent when the machine starts stalls all mail"});
  }
}

void helo_invalid(const Planning& p, const Finding& finding) {
  for (const auto& way : p.facts.ways) {
    if (!way.taken() || way.path.via_relay || !finding::judge_helo(way.path.helo)) continue;
    const auto& hostname = p.facts.senders[way.sender].hostname;
    const auto& name = !way.confirmed.empty() ? way.confirmed : finding::judge_helo(hostname) ? std::string() : hostname;
    Proposal proposal{.finding = finding.id, .sender = way.sender, .clients = {way.path.client}};
    proposal.what = name.empty() ? "say a full host name that leads to the address, as HELO" : fmt::format("say {} in HELO", name);
    if (!name.empty()) proposal.wish = Wish{.what = Wish::What::say_helo, .name = name};
    p.add(std::move(proposal));
  }
}

struct Row {
  Id id;
  void (*plan)(const Planning&, const Finding&);
};
/// The cheapest first.
constexpr Row rows[] = {
    {Id::ipv6_source_without_ptr, v4_only},  {Id::ipv4_preference_half_fix, v4_only},  {Id::unexpected_source, unexpected_source},
    {Id::random_ipv6_source, random_source}, {Id::bind_not_in_force, bind_not_in_force}, {Id::helo_invalid, helo_invalid},
};

}  // namespace

std::vector<Proposal> plan_host(const HostFacts& facts, std::span<const Finding> findings) {
  std::vector<Proposal> out;
  for (const auto& row : rows)
    for (const auto& finding : findings)
      if (finding.id == row.id && finding.severity != finding::Severity::info) row.plan({facts, out}, finding);
  return out;
}

}  // namespace fcrdns::remedy
