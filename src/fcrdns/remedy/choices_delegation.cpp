// The zone that the PTR should be in: classless delegations (RFC 2317) that lead to nothing, and blocks whose reverse
// zone nobody asked the registry for.
#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/owners_way.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {
namespace {

/// How each registry takes a delegation.
struct Registry {
  std::string_view domain;   ///< of its name servers, and of its RDAP service
  std::string_view name;
  std::string_view source;   ///< of its domain objects (RPSL, RFC 2622); empty: it has another form
  std::string_view way;
};
constexpr Registry registries[] = {
    {"ripe.net", "RIPE NCC", "RIPE", words::way_ripe},
    {"apnic.net", "APNIC", "APNIC", words::way_apnic},
    {"afrinic.net", "AFRINIC", "AFRINIC", words::way_afrinic},
    {"arin.net", "ARIN", "", words::way_arin},
    {"lacnic.net", "LACNIC", "", words::way_lacnic},
};

/// By who answered for the block, else by who runs the zone that ends the walk.
const Registry* registry_of(const evidence::AddressEvidence& at) {
  const auto by = [](std::string_view text) -> const Registry* {
    const auto lower = base::to_lower(text);
    for (const auto& registry : registries)
      if (const auto end = lower.find(registry.domain); end != lower.npos && end > 0 && lower[end - 1] == '.') return &registry;
    return nullptr;
  };
  if (at.registration)
    if (const auto* registry = by(at.registration->server)) return registry;
  const auto* walk = evidence::reverse_zone(at);
  if (walk == nullptr || walk->deepest() == nullptr) return nullptr;
  for (const auto& server : walk->deepest()->nameservers)
    if (const auto* registry = by(server.text())) return registry;
  return nullptr;
}

/// The domain object, a line each (RFC 2622 3.2 calls the form RPSL).
void domain_object(Step& step, std::string_view zone, std::string_view source) {
  step.how.push_back(fmt::format("domain:   {}", zone));
  for (const std::string_view line : {"descr:    reverse zone", "admin-c:  YOUR-HANDLE", "tech-c:   YOUR-HANDLE", "zone-c:   YOUR-HANDLE",
                                      "nserver:  NAMESERVER-1", "nserver:  NAMESERVER-2", "mnt-by:   YOUR-MNT"})
    step.how.emplace_back(line);
  step.how.push_back(fmt::format("source:   {}", source));
}

/// Instead of the alias, a PTR at the reverse name itself.
void replace_alias(Steps& steps, const Setting& setting, const Chosen& chosen) {
  steps.choice();
  const Place place{net::reverse_name(setting.address()), {}, std::string(words::owner_of_parent)};
  steps.record(Action::change_record, place, "PTR", chosen.text()).how.emplace_back(words::instead_of_alias);
  steps.verify();
}

/// The user's own PTR, in a zone of the user's own servers.
void on_own_servers(Steps& steps, const Place& target, const dns::Name& zone, const Chosen& chosen, std::string how) {
  const Place place{target.name, zone, std::string(words::you_on_nameservers)};
  steps.record(Action::add_record, place, "PTR", chosen.text()).how.push_back(std::move(how));
  steps.verify();
}

/// The alias stands, the delegation of where it leads is wanting.
void undelegated(Steps& steps, const Setting& setting, const Chosen& chosen) {
  const auto target = reverse_place(*setting.at);
  const auto name = dns::Name::parse(target.name);
  const auto child = name ? name->parent() : dns::Name();
  if (!net::looks_like_reverse_name(child.text()) || target.zone == child) {
    // Into a domain that has no such zone, or back into the zone of the alias itself.
    steps.give_name(Action::add_record, chosen);
    return;
  }
  steps.forward_first(chosen);
  Place parent{child.text(), {}, std::string(words::owner_of_parent)};
  if (target.zone && child.is_within(*target.zone)) parent.zone = target.zone;
  auto& step = steps.record(Action::add_record, parent, "NS", std::string(nameserver_to_choose));
  step.how.emplace_back(words::choose_nameservers);
  step.how.emplace_back(words::same_label_form);
  on_own_servers(steps, target, child, chosen, std::string(words::child_zone));
}

/// The delegation stands, its servers do not know the zone.
void lame(Steps& steps, const Setting& setting, const Chosen& chosen) {
  const auto target = reverse_place(*setting.at);
  const auto name = dns::Name::parse(target.name);
  const auto child = target.zone ? *target.zone : name ? name->parent() : dns::Name();
  steps.forward_first(chosen);
  on_own_servers(steps, target, child, chosen, fmt::format(words::load_zone, child.text()));
}

}  // namespace

void classless_broken(Steps& steps, const Setting& setting) {
  if (setting.at == nullptr) return;
  const auto form = setting.text("form");
  if (form == "cname_and_ptr") {
    auto& step = steps.add(Action::remove_record, words::owner_of_parent);
    step.how.push_back(fmt::format(words::one_of_two, net::reverse_name(setting.address())));
    caution(step, words::not_at_alias);
    steps.verify();
    return;
  }
  const auto chosen = chosen_name(setting);
  if (form == "undelegated") undelegated(steps, setting, chosen);
  else if (form == "lame") lame(steps, setting, chosen);
  else steps.give_name(Action::add_record, chosen);
  replace_alias(steps, setting, chosen);
}

void reverse_not_delegated(Steps& steps, const Setting& setting) {
  if (setting.at == nullptr) return;
  const auto address = setting.address();
  const auto zone = undelegated_zone(*setting.at);
  const Place place{net::reverse_name(address), zone, std::string(words::you_on_nameservers)};
  const auto chosen = chosen_name(setting);
  steps.forward_first(chosen);
  auto& load = steps.record(Action::add_record, place, "PTR", chosen.text());
  load.how.push_back(fmt::format(words::load_first, zone.text()));

  const auto* registry = registry_of(*setting.at);
  auto& ask = steps.add(Action::contact_owner, registry == nullptr ? std::string(words::holder_at_registry)
                                                                   : fmt::format(words::holder_at, registry->name));
  if (registry != nullptr) ask.how.emplace_back(registry->way);
  const auto source = registry == nullptr ? "REGISTRY" : registry->source;
  if (!source.empty()) domain_object(ask, base::without_final_dot(zone.text()), source);
  else ask.how.push_back(fmt::format(words::delegation_to_register, base::without_final_dot(zone.text())));
  if (registry == nullptr) ask.how.emplace_back(words::other_registries);
  caution(ask, address.is_v4() ? words::whole_block_v4 : words::whole_block_v6);
  steps.verify();

  steps.choice();
  const auto owner = who(setting.owners);
  steps.add(Action::contact_owner, owner.empty() ? words::owner_of_address : owner).how.emplace_back(words::ask_upstream);
}

}  // namespace fcrdns::remedy::choices
