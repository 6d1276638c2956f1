// Who sends, from which address, and under which name; and what is left when the owner of the address says no.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {
namespace {

void ipv4_only(Steps& steps, std::string_view before) {
  auto& step = steps.add(Action::change_config, words::mail_admin);
  if (!before.empty()) step.how.emplace_back(before);
  step.how.insert(step.how.end(), std::begin(words::ipv4_only), std::end(words::ipv4_only));
  caution(step, words::ipv4_only_caution);
}

/// Says the name that the PTR has already. Null when none confirms.
void say_ptr_name(Steps& steps, const Setting& setting, std::string_view before) {
  const auto* own = setting.confirmed();
  if (own == nullptr || !is_pasteable(own->name.text(), setting.address())) return;
  const auto name = base::without_final_dot(own->name.text());
  steps.choice();
  auto& step = steps.add(Action::change_config, words::mail_admin);
  if (!before.empty()) step.how.emplace_back(before);
  step.how.emplace_back(words::use_ptr_name);
  step.how.push_back(fmt::format(words::helo_postfix, name));
  step.how.push_back(fmt::format(words::helo_exim, name));
  caution(step, words::helo_not_myhostname);
  if (setting.also(finding::Id::ptr_generic) || setting.finding.id == finding::Id::owner_cannot_set)
    caution(step, words::helo_limits);
}

bool some_ipv4_passes(const Setting& setting) {
  const auto& addresses = setting.evidence().addresses;
  for (std::size_t i = 0; i < std::min(addresses.size(), setting.all.verdicts.size()); ++i)
    if (addresses[i].address.is_v4() && setting.all.verdicts[i].iprev == verdict::Iprev::pass) return true;
  return false;
}

}  // namespace

void nothing(Steps&, const Setting&) {}

void if_they_say_no(Steps& steps, const Setting& setting) {
  say_ptr_name(steps, setting, words::if_no);
  // Said at once, as the way that needs nobody, where ipv6_source_without_ptr stands.
  if (setting.address().is_v6() && some_ipv4_passes(setting) && !setting.also(finding::Id::ipv6_source_without_ptr)) {
    steps.choice();
    ipv4_only(steps, words::if_no);
  }
  steps.choice();
  auto& relay = steps.add(Action::change_config, words::mail_admin);
  relay.how.emplace_back(words::if_no);
  relay.how.emplace_back(words::use_relay);
  caution(relay, words::relay_caution);
  steps.choice();
  auto& other = steps.add(Action::change_config, words::mail_admin);
  other.how.emplace_back(words::if_no);
  other.how.emplace_back(words::other_address);
}

void special_purpose_address(Steps& steps, const Setting& setting) {
  if (setting.finding.severity == finding::Severity::error)
    steps.add(Action::verify, words::mail_admin).how.emplace_back(words::find_public);
}

void ipv6_source_without_ptr(Steps& steps, const Setting&) {
  ipv4_only(steps, "");
  // The other way, a name of its own for IPv6, is the remedy of what is wrong with that address.
}

void subject_not_found(Steps& steps, const Setting&) {
  steps.add(Action::verify, words::anybody).how.emplace_back(words::check_spelling);
}

void helo_differs(Steps& steps, const Setting& setting) {
  say_ptr_name(steps, setting, "");
  const auto& helo = setting.evidence().helo;
  if (setting.at == nullptr || !helo || !is_pasteable(helo->name.text(), setting.address())) return;
  steps.choice();
  const auto& expect = setting.evidence().expect;
  const bool other = expect && expect->name != helo->name;
  steps.give_other_name(Action::change_record, other ? std::vector{expect->name.text()} : std::vector<std::string>());
}

void helo_forward_mismatch(Steps& steps, const Setting& setting) {
  say_ptr_name(steps, setting, "");
  const auto& helo = setting.evidence().helo;
  if (setting.at == nullptr || !helo || !is_pasteable(helo->name.text(), setting.address())) return;
  steps.choice();
  const auto& own = setting.address().is_v4() ? helo->a : helo->aaaa;
  caution(steps.forward(Action::add_record, own.via.empty() ? helo->name : own.via.back()), words::name_has_other_use);
  steps.verify();
}

void owner_cannot_set(Steps& steps, const Setting& setting) { if_they_say_no(steps, setting); }

void wrong_subject(Steps& steps, const Setting&) {
  auto& step = steps.add(Action::verify, words::mail_admin);
  step.how.assign(std::begin(words::which_sends), std::end(words::which_sends));
}

}  // namespace fcrdns::remedy::choices
