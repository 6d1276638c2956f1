// What the findings on the host come to: proposals, and the changes of files or the knobs that carry them out.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/asking.hpp"

namespace fcrdns::doctor {
namespace {

/// A project's own knob instead of an edit: its files are written anew.
void name_knob(host::Change& change, const host::Wish& wish, const host::Project& project) {
  const bool v4_only = wish.what == host::Wish::What::v4_only, helo = wish.what == host::Wish::What::say_helo;
  const bool source = wish.what == host::Wish::What::bind_source;
  const auto& of_source = wish.address.is_v4() ? project.source_v4 : project.source_v6;
  const auto knob = v4_only ? project.v4_only : helo ? project.helo : source ? of_source : std::string();
  const auto& file = v4_only ? project.v4_only_file : helo ? project.helo_file : project.settings;
  const auto value = helo ? "=" + wish.name : source ? "=" + wish.address.text() : std::string();
  change.edits.clear();
  change.commands.clear();
  if (!knob.empty())
    change.instead = fmt::format("{}{} in {}, then {}", knob, value, file.empty() ? project.settings : file, project.recreate);
  if (v4_only && !project.caution.empty()) change.caution = project.caution;
}

std::vector<std::string> escaped_lines(const std::string& text) {
  std::vector<std::string> out;
  for (const auto line : base::split(text, '\n')) out.push_back(base::escape(line));
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

Proposed proposed(remedy::Proposal proposal, const Machine& machine, host::Files& files) {
  Proposed out{.proposal = std::move(proposal)};
  if (!out.proposal.wish || machine.mtas.empty()) return out;
  const auto& wish = *out.proposal.wish;
  // Behind a gateway the address to leave from is the gateway's: the mail server cannot bind to it.
  const bool absent = wish.what == host::Wish::What::bind_source &&
                      std::ranges::find(machine.addresses, wish.address, &host::InterfaceAddress::address) == machine.addresses.end();
  if (!absent) out.change = host::change_for(machine.senders[out.proposal.sender], wish, files, out.proposal.clients);
  if (machine.place.project) {
    if (!out.change) out.change.emplace();
    name_knob(*out.change, wish, *machine.place.project);
    if (absent && !out.change->instead.empty()) {
      out.proposal.how.clear();
      out.proposal.caution.clear();
    }
  }
  if (!out.change) return out;
  for (const auto& edit : out.change->edits)
    for (auto& line : escaped_lines(host::unified_diff(edit))) out.diffs.push_back(std::move(line));
  return out;
}

}  // namespace

void conclude(Story& story, Reached& reached, Asking& asking) {
  story.contradictions = contradictions(story.machine, story.ways, asking.answers(), story.results, asking.ask_system(story));
  story.findings = finding::judge_host(story.facts(), story.profile);
  for (auto& proposal : remedy::plan_host(story.facts(), story.findings))
    if (!story.machine.mtas.empty() || !proposal.wish)  // where there is no mail server there is nothing to set
      story.proposals.push_back(proposed(std::move(proposal), story.machine, *reached.files));
}

}  // namespace fcrdns::doctor
