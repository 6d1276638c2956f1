#include "fcrdns/fix/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::fix {
namespace {

using provider::Condition;
using remedy::FixPlan;
using remedy::PlanStep;
using remedy::Recipe;
using remedy::RecipeKind;
using remedy::Station;

constexpr std::size_t body = 5;       // where a step's lines begin, under its first word
constexpr std::size_t recipe_at = 16;  // where a recipe begins, behind its kind
constexpr std::size_t line_width = 100;

std::string bare(const dns::Name& name) { return base::without_final_dot(name.text()); }

/// A clause that follows a colon or stands in the middle becomes a sentence.
std::string as_sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z' && text.find('.') > text.find(' ')) text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

/// "60 min", "2 h", "45 s": rounded up.
std::string span_of(base::Seconds span) {
  const auto seconds = span.count();
  if (seconds < 120) return fmt::format("{} s", seconds);
  const auto minutes = (seconds + 50) / 60;  // a few seconds make no minute
  if (minutes <= 120) return fmt::format("{} min", minutes);
  const auto hours = (seconds + 3599) / 3600;
  return hours <= 72 ? fmt::format("{} h", hours) : fmt::format("{} days", (hours + 23) / 24);
}

bool is_told_plainly(RecipeKind kind) { return kind != RecipeKind::terraform && kind != RecipeKind::ansible; }

/// The kind, then the text; of several lines each keeps its own, so that they can be pasted.
std::string recipe_lines(const Recipe& recipe, bool several) {
  const auto prose = recipe.kind == RecipeKind::panel || recipe.kind == RecipeKind::ticket;
  const auto note = recipe.verified ? "" : prose ? " (not confirmed)" : "   # not confirmed";
  const auto label = fmt::format("{:<{}}", to_word(recipe.kind), recipe_at - body);
  const auto who = several ? recipe.provider + (prose ? ": " : "") : "";
  if (prose) {
    auto text = report::wrap((recipe.perhaps ? "perhaps " : "") + who + recipe.text + note, recipe_at);
    text.replace(body, label.size(), label);
    return text;
  }
  const auto lines = base::split(recipe.text, '\n');
  const bool heading = several || recipe.perhaps || lines.size() > 1;
  auto out = std::string(body, ' ') + label;
  if (heading) {
    const auto who_has_it = fmt::format("{}{}{}", recipe.perhaps ? "perhaps " : "", several || recipe.perhaps ? recipe.provider : "", recipe.verified ? "" : " (not confirmed)");
    out += base::trim(who_has_it);
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  }
  for (const auto line : lines) {
    if (heading) out.append(lines.size() > 1 ? body + 2 : recipe_at, ' ');
    out += std::string(line) + (heading ? "" : note) + '\n';
  }
  return out;
}

std::string recipe_text(const Recipe& recipe, bool several, bool verbose) {
  const auto out = recipe_lines(recipe, several);
  return verbose && !recipe.also.empty() ? out + report::wrap("(" + recipe.also + ")", recipe_at) : out;
}

std::string recipes_text(const FixPlan& plan, const PlanStep& step, bool verbose) {
  const bool several = std::ranges::any_of(step.recipes, [&](const Recipe& one) { return one.provider != step.recipes.front().provider; });
  std::string out, folded;
  for (const auto& recipe : step.recipes) {
    if (verbose || is_told_plainly(recipe.kind)) {
      out += recipe_text(recipe, several, verbose);
    } else if (const auto kind = std::string(to_word(recipe.kind)); folded.find(kind) == folded.npos) {
      folded += (folded.empty() ? "" : ", ") + kind;
    }
  }
  const bool by_letter = step.station == Station::ptr && std::ranges::none_of(step.recipes, [](const Recipe& one) { return one.kind != RecipeKind::ticket && !one.provider.empty(); });
  if (by_letter)
    out += fmt::format("{:<{}}fcrdns fix {} {} --ticket\n", std::string(body, ' ') + "letter", recipe_at, plan.address.text(), bare(plan.hostname));
  if (folded.empty()) return out;
  return out + fmt::format("{:<{}}{}: fcrdns fix {} {} -v\n", std::string(body, ' ') + "also", recipe_at, folded, plan.address.text(), bare(plan.hostname));
}

/// What brings a default name back matters to who undoes it: -v tells.
bool is_told_plainly(Condition kind) { return kind != Condition::delete_is_default; }

std::string conditions_text(const PlanStep& step, bool verbose) {
  std::string out;
  for (const auto& condition : step.conditions)
    if (verbose || is_told_plainly(condition.kind))
      out += report::wrap(fmt::format("Note: {}{}", as_sentence(condition.text), condition.verified ? "" : " (Not confirmed.)"), body);
  return out;
}

/// What panels and zone files ask for, as the comment of a zone file.
std::string record_text(const PlanStep& step) {
  auto out = std::string(body + 2, ' ') + report::record_line(*step.record);
  if (step.zone && !step.record->relative.empty()) {
    const auto panel = fmt::format("; {} in zone {}", step.record->relative, base::without_final_dot(*step.zone));
    out += out.size() + panel.size() + 2 <= line_width ? "  " + panel : "\n" + std::string(body + 2, ' ') + panel;
  }
  return out + '\n';
}

std::string_view title_of(const PlanStep& step) {
  switch (step.station) {
    case Station::forward: return "the address record, at whoever runs the zone of the name";
    case Station::ptr: return "the PTR, at the owner of the address (not at your domain registrar)";
    case Station::wait_forward:
    case Station::wait_ptr:
    case Station::verify: break;
  }
  return "";
}

std::string record_step(const FixPlan& plan, const PlanStep& step, const report::Style& style) {
  auto out = record_text(step) + report::wrap("Who: " + step.who + ".", body);
  if (step.action == remedy::Action::change_record) out += report::wrap(as_sentence(step.why), body);
  out += recipes_text(plan, step, style.verbose) + conditions_text(step, style.verbose);
  if (!step.caution.empty()) out += report::wrap("Caution: " + step.caution + ".", body);
  return out;
}

std::string done_text(const FixPlan& plan, const PlanStep& step) {
  const auto from = step.station == Station::forward ? bare(plan.hostname) : plan.address.text();
  const auto to = step.station == Station::forward ? plan.address.text() : bare(plan.hostname);
  return fmt::format("{} leads to {} already.", from, to);
}

std::string step_text(const FixPlan& plan, const PlanStep& step, std::size_t number, const report::Style& style) {
  const auto begin = fmt::format("  {}  ", number);
  if (step.done && step.record) return begin + report::wrap("done: " + done_text(plan, step), body).substr(body);
  switch (step.station) {
    case Station::wait_forward:
    case Station::wait_ptr:
      return begin + report::wrap(step.wait.count() > 0 ? fmt::format("wait, up to {}: {}.", span_of(step.wait), step.why) : "wait " + step.why + ".", body).substr(body);
    case Station::verify:
      return begin + fmt::format("fcrdns wait {} {}\n", plan.address.text(), bare(plan.hostname)) + report::wrap(as_sentence(step.why), body);
    case Station::forward:
    case Station::ptr: break;
  }
  return begin + std::string(title_of(step)) + "\n" + record_step(plan, step, style);
}

/// A wait for nothing is no step for a person, nor is one for what is over.
bool is_idle(const FixPlan& plan, const PlanStep& step) {
  const bool ptr_done = plan.steps[static_cast<std::size_t>(Station::ptr)].done;
  if (step.station == Station::wait_forward) return ptr_done || (step.done && step.wait == base::Seconds{});
  return step.station == Station::wait_ptr && step.wait == base::Seconds{};
}

}  // namespace

std::string plan_sentence(const FixPlan& plan) {
  const auto address = plan.address.text();
  const auto name = bare(plan.hostname);
  if (!plan.dead_ends.empty()) return fmt::format("{} cannot get the PTR {} as things are.", address, name);
  const auto open = [&](Station station) { return !plan.steps[static_cast<std::size_t>(station)].done; };
  if (open(Station::forward) && open(Station::ptr))
    return fmt::format("Two records make {} and {} lead to each other, in this order.", name, address);
  if (open(Station::forward)) return fmt::format("{} names {} already; the address record that leads back is missing.", address, name);
  if (open(Station::ptr)) return fmt::format("{} leads to {} already; the PTR is missing.", name, address);
  return fmt::format("{} and {} lead to each other already: there is nothing to change.", name, address);
}

std::string plan_text(const FixPlan& plan, const report::Style& style) {
  const auto& colours = report::colours_of(style);
  auto out = fmt::format("{}{}{}\n", colours.bold, plan_sentence(plan), colours.off);
  for (const auto& end : plan.dead_ends) out += report::wrap(as_sentence(end), 2);
  for (const auto& warning : plan.warnings) out += report::wrap("Note: " + as_sentence(warning), 2);
  if (!plan.dead_ends.empty())
    return out + report::wrap(fmt::format("What is left: fcrdns fix {} {} --owner-refuses", plan.address.text(), bare(plan.hostname)), 2);
  out += '\n';
  std::size_t number = 0;
  for (const auto& step : plan.steps)
    if (!is_idle(plan, step)) out += step_text(plan, step, ++number, style);
  return out;
}

}  // namespace fcrdns::fix
