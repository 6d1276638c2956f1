#include "fcrdns/remedy/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

using resolver::Answer;
using resolver::Walk;

/// The zone as the name's own walk found it, the alias's behind it included.
const Walk* walk_of(const evidence::Evidence& evidence, const dns::Name& name) {
  for (const auto& at : evidence.addresses)
    for (const auto& known : at.names)
      for (const auto& walk : known.forward)
        if (walk.question.name == name && !walk.alias && walk.deepest() != nullptr) return &walk;
  return nullptr;
}

/// The zone as a negative answer about the name names it (RFC 2308 3).
std::optional<dns::Name> zone_in(const std::optional<Answer>& answer) {
  if (!answer || !dns::is_negative(answer->status) || !answer->soa) return std::nullopt;
  const auto& zone = answer->soa->owner;
  return zone.label_count() > 1 ? std::optional(zone) : std::nullopt;  // the root's or a registry's: the domain itself does not exist
}

std::optional<dns::Name> zone_by_answers(const evidence::Evidence& evidence, const dns::Name& name) {
  const auto first = [&](std::initializer_list<std::optional<Answer>> answers) -> std::optional<dns::Name> {
    for (const auto& answer : answers)
      if (auto zone = zone_in(answer); zone && name.is_within(*zone)) return zone;
    return std::nullopt;
  };
  for (const auto* look : evidence::own_names(evidence))
    if (look->name == name)
      if (auto zone = first({look->a, look->aaaa})) return zone;
  if (evidence.subject.host == name)
    if (auto zone = first({evidence.host_a, evidence.host_aaaa})) return zone;
  for (const auto& at : evidence.addresses)
    for (const auto& known : at.names)
      if (known.name == name)
        if (auto zone = first({known.own, known.other})) return zone;
  return std::nullopt;
}

std::string run_by(const dns::Name& zone, const Walk* walk) {
  if (walk == nullptr || walk->deepest()->nameservers.empty()) return fmt::format(words::owner_of_zone, zone.text());
  const auto& servers = walk->deepest()->nameservers;
  return fmt::format(words::owner_of_zone_by, zone.text(), servers.front().text(), servers.size() > 1 ? ", ..." : "");
}

}  // namespace

std::string relative_to(std::string_view name, const dns::Name& zone) {
  const auto parsed = dns::Name::parse(name);
  if (!parsed || !parsed->is_within(zone)) return "";
  if (*parsed == zone) return "@";
  const auto bare = parsed->with_suffix(zone, dns::Name());
  if (!bare) return "";
  return base::without_final_dot(bare->text());  // relative
}

std::optional<std::size_t> registered_length(const evidence::AddressEvidence& at) {
  if (!at.registration) return std::nullopt;
  constexpr std::string_view dash = " - ";
  const std::string_view range = at.registration->range;
  const auto middle = range.find(dash);
  if (middle == range.npos) return std::nullopt;
  const auto first = net::Address::parse(range.substr(0, middle));
  const auto last = net::Address::parse(range.substr(middle + dash.size()));
  if (!first || !last || first->family() != last->family() || first->family() != at.address.family()) return std::nullopt;
  std::size_t bits = 0;
  for (std::size_t i = 0; i < first->octets().size(); ++i, bits += 8)
    if (const unsigned differ = first->octets()[i] ^ last->octets()[i]; differ != 0)
      return bits + static_cast<std::size_t>(std::countl_zero(static_cast<std::uint8_t>(differ)));
  return bits;
}

Place reverse_place(const evidence::AddressEvidence& at) {
  const auto* walk = evidence::reverse_zone(at);
  Place out{.name = net::reverse_name(at.address)};
  if (!at.ptr.via.empty()) out.name = at.ptr.via.back().text();
  else if (walk != nullptr && walk->alias) out.name = walk->alias->text();
  else if (walk != nullptr) out.name = walk->question.name.text();

  const auto name = dns::Name::parse(out.name);
  const auto take = [&](const dns::Name& zone) {
    // A top-level domain's answer shows only that nothing is below it.
    if (name && name->is_within(zone) && zone.label_count() >= 2) out.zone = zone;
  };
  if (walk != nullptr && walk->deepest() != nullptr) take(walk->deepest()->apex);
  if (!out.zone && dns::is_negative(at.ptr.status) && at.ptr.soa) take(at.ptr.soa->owner);
  return out;
}

Place forward_place(const evidence::Evidence& evidence, const dns::Name& name) {
  Place out{.name = name.text(), .who = std::string(words::owner_of_name)};
  const auto* walk = walk_of(evidence, name);
  if (walk != nullptr && name.is_within(walk->deepest()->apex)) out.zone = walk->deepest()->apex;
  if (!out.zone) {
    walk = nullptr;
    out.zone = zone_by_answers(evidence, name);
  }
  if (out.zone) out.who = run_by(*out.zone, walk);
  return out;
}

dns::Name undelegated_zone(const evidence::AddressEvidence& at) {
  constexpr std::size_t tail = 2;  // in-addr.arpa, ip6.arpa
  const auto name = dns::Name::parse(net::reverse_name(at.address)).value();
  if (at.address.is_v4()) return name.ancestor(tail + 3);
  auto nibbles = (registered_length(at).value_or(48) + 3) / 4;
  const auto* walk = evidence::reverse_zone(at);
  if (walk != nullptr && walk->deepest() != nullptr)  // below the zone that says there is nothing
    nibbles = std::max(nibbles, walk->deepest()->apex.label_count() + 1 - std::min<std::size_t>(tail, walk->deepest()->apex.label_count()));
  return name.ancestor(tail + std::min<std::size_t>(nibbles, 31));
}

PlannedRecord record_at(const Place& place, std::string type, std::string data) {
  PlannedRecord out{.name = place.name, .type = std::move(type), .data = std::move(data)};
  if (place.zone) out.relative = relative_to(place.name, *place.zone);
  return out;
}

}  // namespace fcrdns::remedy
