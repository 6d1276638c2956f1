#include "fcrdns/remedy/block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/owners_way.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

using finding::Finding;
using finding::Id;

constexpr std::size_t told = 8;      // addresses with records of their own; the others are named
constexpr unsigned listed = 16;      // aliases written out

/// What is said once, however many addresses of the block it holds for.
bool mended_once(Id id) {
  static constexpr std::array once{Id::classless_broken, Id::owner_cannot_set,    Id::helo_differs,
                                   Id::helo_forward_mismatch, Id::wrong_subject,  Id::stale_cache,
                                   Id::reverse_unreachable,   Id::reverse_not_delegated, Id::servers_disagree,
                                   Id::authority_flaky};
  return std::ranges::find(once, id) != once.end();
}

std::optional<dns::Name> zone_of(const finding::Considered& all, std::span<const Finding> findings, const Finding& finding) {
  const auto setting = setting_of(all, findings, finding);
  if (setting.at == nullptr) return std::nullopt;
  if (finding.id == Id::reverse_not_delegated) return undelegated_zone(*setting.at);
  if (auto zone = reverse_place(*setting.at).zone) return zone;
  // Not known: addresses of one /24 or one /64 have one owner mostly.
  const auto name = dns::Name::parse(net::reverse_name(setting.at->address)).value();
  return setting.at->address.is_v4() ? name.ancestor(5) : name.ancestor(18);
}

std::string addresses_of(std::span<const Finding* const> group, const Finding* but) {
  std::string out;
  for (const auto* finding : group)
    if (finding != but) out += (out.empty() ? "" : ", ") + finding->address->text();
  return out;
}

/// What the owner is asked for instead: the block, delegated.
void delegation_choice(Steps& steps, const Setting& setting, const Delegation& delegation) {
  steps.choice();
  const auto owner = who(setting.owners);
  const Place parent{delegation.child.text(), delegation.parent, owner.empty() ? std::string(words::owner_of_address) : owner};
  auto& ask = steps.record(Action::contact_owner, parent, "NS", std::string(nameserver_to_choose));
  ask.how.emplace_back(words::choose_nameservers);
  ask.how.insert(ask.how.end(), delegation.aliases.begin(), delegation.aliases.end());
  ask.how.emplace_back(words::label_form_is_theirs);

  const auto reverse = dns::Name::parse(net::reverse_name(setting.address())).value();
  const auto own = delegation.child.prepend(reverse.label(0));
  const Place place{own ? own->text() : delegation.child.text(), delegation.child, std::string(words::you_on_nameservers)};
  steps.record(Action::add_record, place, "PTR", chosen_name(setting).text()).how.emplace_back(words::block_in_child);
  steps.verify();
}

/// The address that the name given leads to already, else the first.
const Finding* to_tell(const finding::Considered& all, std::span<const Finding> findings, std::span<const Finding* const> group) {
  const auto found = std::ranges::find_if(group, [&](const Finding* finding) {
    return chosen_name(setting_of(all, findings, *finding)).leads_here;
  });
  return found == group.end() ? group.front() : *found;
}

void prefix_steps(const finding::Considered& all, std::span<const Finding> findings, std::span<const Finding* const> group,
                  std::vector<Step>& out) {
  const auto* one = to_tell(all, findings, group);
  const auto setting = setting_of(all, findings, *one);
  Steps steps(setting, out);
  std::vector<std::string> present;
  for (const auto& name : setting.at->names) present.push_back(name.name.text());
  steps.give_other_name(setting.at->names.empty() ? Action::add_record : Action::change_record, present);
  if (group.size() > 1) out.back().how.push_back(fmt::format(words::likewise, addresses_of(group, one)));
  const auto& prefix = all.evidence.subject.prefix;
  if (prefix && reverse_place(*setting.at).name == net::reverse_name(setting.address()))
    if (const auto delegation = delegation_of(*prefix)) delegation_choice(steps, setting, *delegation);
  if (!setting.also(Id::owner_cannot_set)) choices::if_they_say_no(steps, setting);
}

}  // namespace

bool is_mended_by_ptr(Id id) {
  return id == Id::ptr_missing || id == Id::ptr_generic || id == Id::ptr_foreign_name || id == Id::wildcard_ptr;
}

std::vector<const Finding*> alike(const finding::Considered& all, std::span<const Finding> findings, const Finding& first) {
  std::vector<const Finding*> out{&first};
  if (!first.address || !(is_mended_by_ptr(first.id) || mended_once(first.id))) return out;
  const auto zone = zone_of(all, findings, first);
  for (const auto& other : findings)
    if (&other != &first && other.id == first.id && other.severity == first.severity && other.address && zone &&
        zone_of(all, findings, other) == zone)
      out.push_back(&other);
  return out;
}

void block_steps(const finding::Considered& all, std::span<const Finding> findings, std::span<const Finding* const> group,
                 std::vector<Step>& out) {
  if (all.evidence.subject.prefix) {
    prefix_steps(all, findings, group, out);
    return;
  }
  // Addresses of one host or domain: a record each, the owner's way told once.
  int step = 0;
  std::vector<std::string> said;
  for (std::size_t i = 0; i < std::min(group.size(), told); ++i) {
    const auto setting = setting_of(all, findings, *group[i]);
    if (setting.at == nullptr) continue;
    std::vector<Step> own;
    std::vector<std::string> present;
    for (const auto& name : setting.at->names) present.push_back(name.name.text());
    Steps steps(setting, own);
    steps.give_other_name(present.empty() ? Action::add_record : Action::change_record, present);
    for (auto& one : own) {
      one.step = ++step;
      one.address = group.front()->address;
      if (i > 0 && one.record) one.how.clear();
      out.push_back(std::move(one));
    }
  }
  if (group.size() > told && !out.empty())
    out.back().how.push_back(fmt::format(words::likewise, addresses_of(group.subspan(told), nullptr)));
}

void name_the_others(std::span<const Finding* const> group, std::vector<Step>& out) {
  if (group.size() > 1 && !out.empty())
    out.back().how.push_back(fmt::format(words::likewise, addresses_of(group, group.front())));
}

std::optional<Delegation> delegation_of(const net::Prefix& prefix) {
  constexpr std::uint8_t whole = 24;
  if (!prefix.base.is_v4() || prefix.length <= whole || prefix.length >= 32) return std::nullopt;
  const auto name = dns::Name::parse(net::reverse_name(prefix.base)).value();
  const auto parent = name.parent();
  const unsigned first = prefix.base.octets()[3], count = 1U << (32U - prefix.length), last = first + count - 1;
  const auto label = fmt::format("{}-{}", first, last);
  const auto child = parent.prepend(label);
  if (!child) return std::nullopt;
  Delegation out{*child, parent, {}};
  if (count <= listed) {
    for (unsigned octet = first; octet <= last; ++octet)
      out.aliases.push_back(fmt::format("{}.{} CNAME {}.{}", octet, parent.text(), octet, child->text()));
  } else {
    out.aliases.push_back(fmt::format("$GENERATE {} $.{} CNAME $.{}", label, parent.text(), child->text()));
  }
  return out;
}

}  // namespace fcrdns::remedy
