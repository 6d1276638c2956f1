// The PTR itself: missing, malformed, of another's name, in the wrong place, too many.
#include <fmt/format.h>

#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/owners_way.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {
namespace {

constexpr int removals_shown = 3;  // then the pattern is clear; the names stand in the finding

/// The ranking stands once per address, with the finding that says the most about it.
void refusal_once(Steps& steps, const Setting& setting) {
  if (setting.also(finding::Id::owner_cannot_set)) return;
  if (setting.finding.id != finding::Id::ptr_missing && setting.also(finding::Id::ptr_missing)) return;
  if_they_say_no(steps, setting);
}

std::vector<std::string> present_names(const Setting& setting) {
  std::vector<std::string> out;
  if (setting.at != nullptr)
    for (const auto& name : setting.at->names) out.push_back(name.name.text());
  return out;
}

/// "mail.example.com.113.0.203.in-addr.arpa." -> "mail.example.com.": what the author meant before the zone was appended.
Chosen without_reverse_tail(const std::string& text, const net::Address& address) {
  const auto name = dns::Name::parse(text);
  const auto reverse = dns::Name::parse(net::reverse_name(address));
  if (!name || !reverse) return {};
  for (std::size_t labels = reverse->label_count(); labels >= 2; --labels) {
    const auto zone = reverse->ancestor(labels);
    if (!name->is_within(zone)) continue;
    const auto meant = name->with_suffix(zone, dns::Name());
    if (meant && is_usable(verdict::usability(*meant, address))) return {.name = *meant, .canonical = *meant};
  }
  return {};
}

/// The record that stands where nobody asks for it, shown to be removed. Not when its text is not for pasting.
void remove_misplaced(Steps& steps, const Setting& setting, std::string_view warning) {
  const auto name = dns::Name::parse(setting.text("record"));
  const auto data = setting.text("data");
  if (!name || !is_plain(name->text()) || !is_plain(data)) {
    auto& step = steps.add(Action::remove_record, words::owner_of_name);
    step.how.emplace_back(words::remove_misplaced);
    caution(step, warning);
    return;
  }
  auto place = forward_place(setting.evidence(), *name);
  if (!place.zone && setting.evidence().domain && name->is_within(*setting.evidence().domain)) {
    place.zone = *setting.evidence().domain;
    place.who = fmt::format(words::owner_of_zone, place.zone->text());
  }
  auto& step = steps.record(Action::remove_record, place, "PTR", data);
  step.how.emplace_back(words::remove_misplaced);
  caution(step, warning);
}

/// The PTR where it belongs, then away with every one that stands where nobody asks for it. The same steps for each
/// finding that such an address has, so that a report can tell them once.
void give_name_and_clear(Steps& steps, const Setting& setting) {
  if (setting.at == nullptr) return;
  steps.give_name(setting.at->names.empty() ? Action::add_record : Action::change_record, chosen_name(setting));
  for (const auto& other : setting.findings) {
    if (other.address != setting.finding.address) continue;
    if (other.id != finding::Id::ptr_in_forward_zone && other.id != finding::Id::reverse_name_wrong) continue;
    const auto its = setting_of(setting.all, setting.findings, other);
    remove_misplaced(steps, its, its.text("form") == "reverse_copy" ? words::copy_caution : "");
  }
}

}  // namespace

void ptr_missing(Steps& steps, const Setting& setting) {
  // There is no zone yet that a PTR could be set in.
  if (setting.also(finding::Id::reverse_not_delegated)) return reverse_not_delegated(steps, setting);
  give_name_and_clear(steps, setting);
  refusal_once(steps, setting);
}

void ptr_malformed(Steps& steps, const Setting& setting) {
  const auto bad = setting.list("names");
  auto chosen = chosen_name(setting, bad);
  if (!chosen.name) chosen = without_reverse_tail(setting.text("names"), setting.address());
  steps.forward_first(chosen);
  steps.ptr(Action::change_record, chosen).how.emplace_back(words::final_dot);
  steps.verify();
}

void ptr_generic(Steps& steps, const Setting& setting) {
  steps.give_other_name(Action::change_record, present_names(setting));
  refusal_once(steps, setting);
}

void ptr_foreign_name(Steps& steps, const Setting& setting) {
  steps.give_other_name(Action::change_record, present_names(setting));
}

void wildcard_ptr(Steps& steps, const Setting& setting) {
  const auto* own = setting.confirmed();
  steps.give_name(Action::add_record, own == nullptr || setting.also(finding::Id::ptr_generic)
                                          ? chosen_name(setting, present_names(setting))
                                          : Chosen{.name = own->name, .canonical = own->name, .leads_here = true});
}

void ptr_on_neighbour(Steps& steps, const Setting& setting) {
  give_name_and_clear(steps, setting);
  const auto neighbour = setting.text("neighbours");
  const auto address = net::Address::parse(neighbour);
  if (!address) return;
  steps.choice();
  auto& step = steps.add(Action::change_config, words::mail_admin);
  const std::string_view family = address->is_v6() ? "6" : "";
  step.how.push_back(fmt::format(words::bind_postfix, family, neighbour));
  step.how.push_back(fmt::format(words::bind_exim, neighbour));
  caution(step, fmt::format(words::bind_caution, neighbour));
}

void ptr_multiple(Steps& steps, const Setting& setting) {
  auto place = reverse_place(*setting.at);
  place.who = who(setting.owners);
  if (place.who.empty()) place.who = words::owner_of_address;
  int shown = 0;
  for (const auto& name : setting.list("do_not_confirm")) {
    if (!is_pasteable(name, setting.address())) continue;
    auto& step = steps.record(Action::remove_record, place, "PTR", name);
    step.how.emplace_back(words::prune);
    caution(step, words::prune_caution);
    if (++shown == removals_shown) return;
  }
}

void ptr_oversized(Steps& steps, const Setting& setting) {
  const auto owner = who(setting.owners);
  auto& step = steps.add(Action::remove_record, owner.empty() ? words::owner_of_address : owner);
  step.how.emplace_back(words::prune);
  caution(step, words::prune_caution);
}

void ptr_target_alias(Steps& steps, const Setting& setting) {
  const auto target = dns::Name::parse(setting.text("targets"));
  if (!target || !is_usable(verdict::usability(*target, setting.address()))) return;
  steps.ptr(Action::change_record, {.name = *target, .canonical = *target, .leads_here = true})
      .how.emplace_back(words::canonical_name);
}

void ptr_in_forward_zone(Steps& steps, const Setting& setting) { give_name_and_clear(steps, setting); }
void reverse_name_wrong(Steps& steps, const Setting& setting) { give_name_and_clear(steps, setting); }

}  // namespace fcrdns::remedy::choices
