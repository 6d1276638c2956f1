// Trouble with the DNS itself: servers that do not answer, disagree, or fail validation; caches that hold on; TTLs.
#include <fmt/format.h>

#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/owners_way.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy::choices {
namespace {

constexpr std::size_t servers_shown = 6;

/// Whether the finding is about the reverse side; else about a forward name.
bool is_reverse(const Setting& setting) {
  if (setting.finding.id == finding::Id::reverse_unreachable) return true;
  const auto question = setting.text("question");
  return net::looks_like_reverse_name(question) || question.starts_with("PTR ") || question.find(".arpa. PTR") != question.npos;
}

std::string runs_it(const Setting& setting) {
  if (!is_reverse(setting)) return std::string(words::owner_of_name);
  const auto owner = who(setting.owners);
  return owner.empty() ? std::string(words::owner_of_address) : owner;
}

/// What each server of the zone said: what its owner needs to find the fault.
std::vector<std::string> said(const Setting& setting) {
  std::vector<std::string> out;
  const auto* walk = setting.at != nullptr && is_reverse(setting) ? evidence::reverse_zone(*setting.at) : nullptr;
  if (walk == nullptr) return out;
  for (const auto& server : walk->servers) {
    if (dns::is_definite(server.answer.status)) continue;
    if (out.size() == servers_shown) break;
    out.push_back(fmt::format("{} ({}): UDP {}, TCP {}", server.name.text(), server.address.text(), to_word(server.udp),
                              to_word(server.tcp)));
  }
  return out;
}

}  // namespace

void unreachable(Steps& steps, const Setting& setting) {
  const auto form = setting.text("form");
  if (form == "resolver_only") {
    steps.add(Action::verify, words::anybody).how.emplace_back(words::other_resolver);
    return;
  }
  if (form != "broken") steps.add(Action::wait, words::anybody).how.emplace_back(words::ask_again);
  auto& step = steps.add(Action::contact_owner, runs_it(setting));
  step.how.emplace_back(words::mend_servers);
  for (auto& line : said(setting)) step.how.push_back(std::move(line));
}

void dnssec_bogus(Steps& steps, const Setting& setting) {
  auto& step = steps.add(Action::contact_owner, runs_it(setting));
  step.how.emplace_back(words::resign);
  if (const auto reason = setting.text("reason"); !reason.empty()) step.how.push_back("the reason given: " + reason);
}

void servers_disagree(Steps& steps, const Setting& setting) {
  steps.add(Action::wait, words::anybody).how.emplace_back(words::secondaries);
  auto& step = steps.add(Action::contact_owner, runs_it(setting));
  step.how.emplace_back(words::mend_transfer);
  for (const auto& server : setting.list("lacking")) {
    if (step.how.size() > servers_shown) break;
    step.how.push_back("lacks the record: " + server);
  }
}

void authority_flaky(Steps& steps, const Setting& setting) {
  auto& step = steps.add(Action::contact_owner, runs_it(setting));
  step.how.emplace_back(words::mend_unsteady);
  for (const auto& server : setting.list("servers")) {
    if (step.how.size() > servers_shown) break;
    step.how.push_back(server);
  }
  step.how.push_back(fmt::format(words::show_proof, setting.address().text()));
}

void stale_cache(Steps& steps, const Setting& setting) {
  auto& step = steps.add(Action::wait, words::anybody);
  const auto remaining = setting.text("remaining_ttl");
  step.how.push_back(remaining.empty() ? std::string(words::nothing_to_change) : fmt::format(words::nothing_to_change_for, remaining));
}

void own_dns_path_blocked(Steps& steps, const Setting&) {
  steps.add(Action::verify, words::anybody).how.emplace_back(words::ask_elsewhere);
}

void ttl_extreme(Steps& steps, const Setting& setting) {
  if (setting.finding.severity == finding::Severity::info) return;  // nothing is about to change
  auto& step = steps.add(Action::change_record, runs_it(setting));
  step.how.push_back(fmt::format(words::lower_ttl, setting.text("ttl")));
}

}  // namespace fcrdns::remedy::choices
