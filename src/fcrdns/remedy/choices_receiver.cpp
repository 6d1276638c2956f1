// What is left to do when a bounce tells of something that no record of ours mends.
#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {

void tell_receiver(Steps& steps, const Setting& setting) {
  auto& step = steps.add(Action::verify, words::mail_admin);
  step.how.emplace_back(words::one_test_mail);
  step.how.push_back(fmt::format(words::proof_for_postmaster, words::receivers_postmaster));
  if (setting.finding.id == finding::Id::receiver_sees_gateway)
    steps.add(Action::contact_owner, words::receivers_postmaster).how.emplace_back(words::gateway_to_mend);
}

void blame_is_authentication(Steps& steps, const Setting& setting) {
  const auto form = setting.text("form");
  if (form == "spf") return;  // the record's own finding says what mends it
  auto& step = steps.add(Action::verify, words::mail_admin);
  if (form != "spf_passes") step.how.push_back(fmt::format(words::look_at_spf, setting.address().text()));
  step.how.emplace_back(words::look_at_dkim);
}

void not_our_address(Steps& steps, const Setting& setting) {
  steps.add(Action::contact_owner, "postmaster@" + base::without_final_dot(setting.text("domain"))).how.emplace_back(words::tell_operator);
}

}  // namespace fcrdns::remedy::choices
