#include "fcrdns/remedy/steps.hpp"

#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/owners_way.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

/// As zone files and panels want it.
std::string right_name(const Place& place) {
  auto out = fmt::format(words::right_name, place.name);
  if (place.zone) out += fmt::format(words::right_name_in_zone, place.zone->text(), relative_to(place.name, *place.zone));
  return out;
}

std::string forward_type(const net::Address& address) { return address.is_v4() ? "A" : "AAAA"; }

}  // namespace

void caution(Step& step, std::string_view text) {
  if (text.empty()) return;
  if (!step.caution.empty()) step.caution += ". ";
  step.caution += text;
}

void Steps::choice() {
  if (step_ == 0) return;
  ++choice_;
  step_ = 0;
}

Step& Steps::add(Action action, std::string_view who) {
  auto& step = out_.emplace_back();
  step.finding = setting_.finding.id;
  step.address = setting_.finding.address;
  step.choice = choice_;
  step.step = ++step_;
  step.action = action;
  step.who = who;
  return step;
}

Step& Steps::record(Action action, const Place& place, std::string type, std::string data) {
  auto& step = add(action, place.who);
  step.record = record_at(place, std::move(type), std::move(data));
  if (place.zone) step.zone = place.zone->text();
  return step;
}

Step& Steps::forward(Action action, const dns::Name& name) {
  return record(action, forward_place(setting_.evidence(), name), forward_type(setting_.address()), setting_.address().text());
}

void Steps::forward_first(const Chosen& chosen) {
  const auto address = setting_.address();
  if (chosen.leads_here) return;
  if (!chosen.name) {
    const Place place{.name = std::string(name_to_choose), .who = std::string(words::owner_of_name)};
    record(Action::add_record, place, forward_type(address), address.text()).how.emplace_back(words::choose_name);
    return;
  }
  auto& step = forward(Action::add_record, chosen.canonical);
  if (chosen.leads_elsewhere) caution(step, words::name_has_other_use);
  if (chosen.takes_mail) caution(step, address.is_v6() ? words::mx_opens_ipv6 : words::mx_opens_ipv4);
  else if (chosen.other_family) caution(step, address.is_v6() ? words::opens_ipv6 : words::opens_ipv4);
}

Step& Steps::ptr(Action action, const Chosen& chosen) {
  auto place = reverse_place(*setting_.at);
  place.who = who(setting_.owners);
  if (place.who.empty()) place.who = words::owner_of_address;

  const bool aliased = place.name != net::reverse_name(setting_.address());
  auto& step = record(action, place, "PTR", chosen.text());
  if (aliased) {
    step.how.emplace_back(words::child_zone);
    caution(step, words::not_at_alias);
  } else {
    step.how.emplace_back(words::not_registrar);
  }
  if (setting_.also(finding::Id::reverse_name_wrong)) step.how.push_back(right_name(place));
  auto lines = ways(setting_.owners, {setting_.address(), chosen.text(), place});
  if (lines.empty() && !aliased) lines.emplace_back(words::set_ptr);
  step.how.insert(step.how.end(), lines.begin(), lines.end());

  const auto* insists = find_owner(setting_.owners, [](const provider::Provider& known) { return known.forward_first; });
  if (insists != nullptr) caution(step, fmt::format(words::insists_on_forward, insists->name));
  else if (!chosen.leads_here) caution(step, words::forward_first);
  if (setting_.also(finding::Id::wrong_subject)) caution(step, words::only_if_it_sends);
  return step;
}

void Steps::verify() { add(Action::verify, words::anybody).how.push_back("fcrdns check " + setting_.address().text()); }

void Steps::give_name(Action ptr_action, const Chosen& chosen) {
  if (setting_.at == nullptr) return;
  forward_first(chosen);
  ptr(ptr_action, chosen);
  if (!chosen.name || !is_pasteable(chosen.text(), setting_.address())) return verify();
  const auto both = setting_.address().text() + " " + base::without_final_dot(chosen.text());
  add(Action::verify, words::anybody).how = {fmt::format(words::rings, both), fmt::format(words::fix_does_it, both)};
}

void Steps::give_other_name(Action ptr_action, std::span<const std::string> but_not) {
  give_name(ptr_action, chosen_name(setting_, but_not));
}

}  // namespace fcrdns::remedy
