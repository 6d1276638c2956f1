// What the sender's domain publishes of the addresses that send (RFC 7208), and the name said in HELO. A record is changed
// as a whole and nowhere replaced: the term that is missing goes into what stands there.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {
namespace {

using finding::Id;
using spf::Identity;
using spf::Outcome;

constexpr std::size_t max_terms = 4;       ///< addresses that are put into a record one by one
constexpr std::size_t max_string = 255;    ///< octets of one string of a TXT record (RFC 1035 3.3)
constexpr std::size_t dearest_shown = 5;

/// The evaluation that the finding tells of; null when the evidence has none.
const Outcome* outcome_of(const Setting& setting) {
  if (setting.at == nullptr) return nullptr;
  const auto identity = setting.text("form") == "helo" ? Identity::helo : Identity::mailfrom;
  const auto found = std::ranges::find_if(setting.at->spf, [&](const Outcome& outcome) {
    return outcome.identity == identity && outcome.domain == setting.text("domain");
  });
  return found == setting.at->spf.end() ? nullptr : &*found;
}

std::vector<net::Address> addresses_of(const Setting& setting) {
  std::vector<net::Address> out;
  for (const auto& text : setting.list("addresses"))
    if (const auto address = net::Address::parse(text)) out.push_back(*address);
  if (out.empty() || out.size() > max_terms) out = {setting.address()};
  return out;
}

/// As a zone file wants it: quoted, in strings of at most 255 octets.
std::string txt_data(std::string_view record) {
  std::string out;
  for (std::size_t at = 0; at < record.size(); at += max_string) {
    out += at == 0 ? "\"" : " \"";
    for (const auto c : record.substr(at, max_string)) out += c == '"' ? std::string("\\\"") : std::string(1, c);
    out += '"';
  }
  return out;
}

/// How the domain's record is looked at again.
void look_again(Steps& steps, const Setting& setting) {
  const auto* option = setting.text("form") == "helo" ? "--helo" : "--mail-from";
  const auto domain = setting.text("domain");
  steps.add(Action::verify, words::anybody).how.push_back(fmt::format("fcrdns check {} {} {}", setting.address().text(), option, is_plain(domain) ? domain : "DOMAIN"));
}

Step* txt_record(Steps& steps, const Setting& setting, Action action, std::string_view record) {
  const auto name = dns::Name::parse(setting.text("domain"));
  if (!name) return nullptr;
  return &steps.record(action, forward_place(setting.evidence(), *name), "TXT", txt_data(record));
}

/// "include:_spf.example.net 5, mx 2": the terms of the domain's own record, by what they cost.
std::string dearest(const Outcome& outcome) {
  std::vector<const spf::Term*> terms;
  for (const auto& term : outcome.trace)
    if (term.depth == 0 && term.lookups > 0) terms.push_back(&term);
  std::ranges::stable_sort(terms, std::ranges::greater{}, &spf::Term::lookups);
  std::string out;
  for (std::size_t i = 0; i < std::min(terms.size(), dearest_shown); ++i) out += fmt::format("{}{} {}", i == 0 ? "" : ", ", terms[i]->text, terms[i]->lookups);
  return out;
}

void helo_name(Steps& steps, std::string_view name) {
  auto& step = steps.add(Action::change_config, words::mail_admin);
  if (name == name_to_choose) step.how.emplace_back(words::choose_helo_name);
  const auto said = base::without_final_dot(name);
  for (const auto line : {words::helo_postfix, words::helo_exim, words::helo_opensmtpd, words::helo_sendmail})
    step.how.push_back(fmt::format(fmt::runtime(line), said));
  caution(step, words::helo_not_myhostname);
}

}  // namespace

void spf_not_listed(Steps& steps, const Setting& setting) {
  const auto* outcome = outcome_of(setting);
  if (outcome == nullptr) return;
  auto record = outcome->record;
  std::string terms;
  for (const auto& address : addresses_of(setting)) {
    const auto with = spf::with_term(record, address);
    if (!with || *with == record) continue;
    record = *with;
    terms += (terms.empty() ? "" : " and ") + spf::term_for(address);
  }
  if (!terms.empty())
    if (auto* step = txt_record(steps, setting, Action::change_record, record)) {
      step->how.push_back(fmt::format(words::spf_term, terms));
      caution(*step, words::spf_whose_address);
    }
  look_again(steps, setting);
  steps.choice();
  steps.add(Action::change_config, words::mail_admin).how.emplace_back(words::spf_other_way);
}

void spf_none(Steps& steps, const Setting& setting) {
  std::string record = "v=spf1";
  for (const auto& address : addresses_of(setting)) record += " " + spf::term_for(address);
  if (auto* step = txt_record(steps, setting, Action::add_record, record + " ~all")) {
    step->how.emplace_back(words::spf_first_record);
    caution(*step, words::spf_all_senders);
  }
  look_again(steps, setting);
}

void spf_permerror(Steps& steps, const Setting& setting) {
  const auto* outcome = outcome_of(setting);
  if (outcome == nullptr) return;
  auto& step = steps.add(Action::change_record, fmt::format(words::owner_of_zone, outcome->domain));
  const auto speaks_of = [&](std::string_view words) { return outcome->problem.find(words) != std::string::npos; };
  if (speaks_of("more than one")) {
    step.how.emplace_back(words::spf_merge);
  } else if (speaks_of("more than")) {
    if (const auto costs = dearest(*outcome); !costs.empty()) step.how.push_back(fmt::format(words::spf_costs, costs));
    step.how.emplace_back(words::spf_fewer);
    caution(step, words::spf_networks_move);
  } else {
    step.how.push_back(fmt::format(words::spf_mend, outcome->problem));
    if (!outcome->through.empty()) step.how.push_back(fmt::format(words::spf_theirs, outcome->through));
  }
  look_again(steps, setting);
}

void helo_invalid(Steps& steps, const Setting& setting) {
  const auto* own = setting.confirmed();
  const bool known = own != nullptr && is_pasteable(own->name.text(), setting.address());
  const auto name = known ? own->name.text() : chosen_name(setting).text();
  helo_name(steps, name);
  steps.add(Action::verify, words::anybody).how.push_back(fmt::format("fcrdns check {} --helo {}", setting.address().text(), base::without_final_dot(name)));
}

}  // namespace fcrdns::remedy::choices
