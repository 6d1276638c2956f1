#include "fcrdns/remedy/setting.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/remedy.hpp"

namespace fcrdns::remedy {
namespace {

/// A name the user gave, as far as it was looked up.
Chosen of_look(const evidence::NameLook& look, const net::Address& address) {
  const auto& own = address.is_v4() ? look.a : look.aaaa;
  const auto& other = address.is_v4() ? look.aaaa : look.a;
  Chosen out{.name = look.name, .canonical = own.via.empty() ? look.name : own.via.back()};
  out.leads_here = evidence::leads_to(own, address);
  out.leads_elsewhere = own.status == dns::Status::noerror && !out.leads_here;
  out.other_family = other.status == dns::Status::noerror;
  out.takes_mail = look.is_mx;
  return out;
}

Chosen that_leads_here(const dns::Name& name) { return {.name = name, .canonical = name, .leads_here = true}; }

/// The name of a neighbour's PTR, when that name leads to the address looked at.
std::optional<dns::Name> named_by_neighbour(const evidence::AddressEvidence& at) {
  for (const auto* probe : evidence::probes_for(at, evidence::Purpose::neighbour)) {
    if (!probe->forward || !evidence::leads_to(*probe->forward, at.address)) continue;
    for (const auto& record : probe->answer.records) {
      const auto* name = std::get_if<dns::Name>(&record.data);
      if (name != nullptr && is_usable(verdict::usability(*name, at.address))) return *name;
    }
  }
  return std::nullopt;
}

/// The name that a misplaced PTR of the user's own domain gives: what was meant, by the user's own hand.
std::optional<dns::Name> meant_by_misplaced(const Setting& setting) {
  if (!setting.evidence().domain) return std::nullopt;
  for (const auto& other : setting.findings) {
    const bool misplaced = other.id == finding::Id::ptr_in_forward_zone || other.id == finding::Id::reverse_name_wrong;
    if (!misplaced || other.address != setting.finding.address) continue;
    const Setting its{setting.all, setting.findings, other};
    const auto form = its.text("form");
    const auto name = dns::Name::parse(its.text(form == "at_host_name" || form == "swapped" ? "record" : "data"));
    if (name && name->is_within(*setting.evidence().domain) && is_usable(verdict::usability(*name, setting.address())))
      return *name;
  }
  return std::nullopt;
}

}  // namespace

bool Setting::also(finding::Id id) const {
  return std::ranges::any_of(findings, [&](const finding::Finding& other) {
    return other.id == id && (!other.address || other.address == finding.address);
  });
}

std::vector<std::string> Setting::list(std::string_view key) const {
  const auto* value = finding::argument(finding, key);
  if (value == nullptr) return {};
  if (const auto* list = std::get_if<std::vector<std::string>>(value)) return *list;
  if (const auto* text = std::get_if<std::string>(value)) return {*text};
  return {std::to_string(std::get<std::int64_t>(*value))};
}

std::string Setting::text(std::string_view key) const {
  const auto all_of_it = list(key);
  return all_of_it.empty() ? "" : all_of_it.front();
}

const evidence::NameEvidence* Setting::confirmed() const {
  if (at == nullptr || verdict == nullptr || !verdict->confirmed || *verdict->confirmed >= at->names.size()) return nullptr;
  return &at->names[*verdict->confirmed];
}

Setting setting_of(const finding::Considered& all, std::span<const finding::Finding> findings, const finding::Finding& finding) {
  Setting out{all, findings, finding};
  if (!finding.address) return out;
  const auto& addresses = all.evidence.addresses;
  const auto found = std::ranges::find(addresses, *finding.address, &evidence::AddressEvidence::address);
  if (found == addresses.end()) return out;
  const auto index = static_cast<std::size_t>(found - addresses.begin());
  out.at = &*found;
  if (index < all.verdicts.size()) out.verdict = &all.verdicts[index];
  if (index < all.owners.size()) out.owners = all.owners[index];
  return out;
}

std::string Chosen::text() const { return name ? name->text() : std::string(name_to_choose); }

bool is_plain(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

bool is_pasteable(std::string_view name, const net::Address& address) {
  const auto parsed = dns::Name::parse(name);
  return parsed && is_usable(verdict::usability(*parsed, address));
}

Chosen chosen_name(const Setting& setting, std::span<const std::string> but_not) {
  const auto address = setting.address();
  const auto fits = [&](const dns::Name& name) {
    return is_usable(verdict::usability(name, address)) && !finding::judge_helo(base::without_final_dot(name.text())) &&
           std::ranges::none_of(but_not, [&](const std::string& other) { return dns::Name::parse(other) == name; });
  };
  for (const auto* look : evidence::own_names(setting.evidence()))
    if (fits(look->name)) return of_look(*look, address);
  if (setting.at == nullptr) return {};
  if (setting.at->host && fits(*setting.at->host)) return that_leads_here(*setting.at->host);
  if (const auto name = named_by_neighbour(*setting.at); name && fits(*name)) return that_leads_here(*name);
  if (const auto name = meant_by_misplaced(setting); name && fits(*name)) return {.name = *name, .canonical = *name};
  return {};
}

}  // namespace fcrdns::remedy
