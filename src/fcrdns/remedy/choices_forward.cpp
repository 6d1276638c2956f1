// The way back: the name of the PTR leads elsewhere, nowhere, to a proxy, to private addresses.
#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {
namespace {

/// The name whose address records are to be mended: where its aliases end. Empty when it is not for pasting, or when
/// it is not the user's to mend.
std::optional<dns::Name> to_mend(const Setting& setting) {
  const auto text = setting.text("names");
  const auto name = dns::Name::parse(text);
  if (setting.at == nullptr || !name || !is_pasteable(text, setting.address())) return std::nullopt;
  // A default name or a former tenant's: its zone is somebody else's.
  if (setting.also(finding::Id::ptr_foreign_name) || setting.also(finding::Id::ptr_generic)) return std::nullopt;
  for (const auto& known : setting.at->names)
    if (known.name == *name && !known.own.via.empty()) return known.own.via.back();
  return *name;
}

void dedicated_name(Steps& steps, const Setting& setting) {
  steps.choice();
  steps.give_other_name(Action::change_record, setting.list("names"));
}

void add_address(Steps& steps, const Setting& setting, std::string_view warning) {
  const auto name = to_mend(setting);
  if (!name) return;
  caution(steps.forward(Action::add_record, *name), warning);
  steps.verify();
}

}  // namespace

void forward_mismatch(Steps& steps, const Setting& setting) {
  add_address(steps, setting, words::name_has_other_use);
  dedicated_name(steps, setting);
  const auto name = to_mend(setting);
  if (!name) return;
  steps.choice();
  caution(steps.forward(Action::change_record, *name), words::old_address_dead);
  steps.verify();
}

void forward_missing(Steps& steps, const Setting& setting) {
  if (setting.text("form") != "domain_gone") add_address(steps, setting, "");
  dedicated_name(steps, setting);
}

void forward_family_missing(Steps& steps, const Setting& setting) {
  add_address(steps, setting, setting.address().is_v6() ? words::opens_ipv6 : words::opens_ipv4);
  dedicated_name(steps, setting);
}

void forward_proxied(Steps& steps, const Setting& setting) {
  dedicated_name(steps, setting);
  steps.choice();
  auto& step = steps.add(Action::change_config, words::owner_of_name);
  step.how.emplace_back(words::proxy_off);
  caution(step, words::proxy_off_caution);
  steps.verify();
}

void forward_private(Steps& steps, const Setting& setting) {
  if (const auto name = to_mend(setting)) {
    auto& step = steps.forward(Action::change_record, *name);
    step.how.emplace_back(words::split_view);
    caution(step, words::split_view_caution);
    steps.verify();
  }
  dedicated_name(steps, setting);
}

}  // namespace fcrdns::remedy::choices
