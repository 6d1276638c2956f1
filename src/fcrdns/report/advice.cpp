#include "fcrdns/report/advice.hpp"

#include <algorithm>

#include "fcrdns/remedy/words.hpp"

namespace fcrdns::report {
namespace {

using finding::Severity;

bool is_refusal(const remedy::Step& step) { return !step.how.empty() && step.how.front() == remedy::words::if_no; }

/// What makes two ways the same, whichever finding they mend.
bool says_the_same(const remedy::Step& a, const remedy::Step& b) {
  const auto text = [](const remedy::Step& step) { return step.record ? record_line(*step.record) : std::string(); };
  return a.action == b.action && a.who == b.who && a.how == b.how && text(a) == text(b);
}
bool says_the_same(const Choice& a, const Choice& b) {
  return std::ranges::equal(a.steps, b.steps, [](const auto* x, const auto* y) { return says_the_same(*x, *y); });
}

const finding::Finding* finding_of(const Result& result, const remedy::Step& step) {
  const auto found = std::ranges::find_if(result.findings, [&](const finding::Finding& finding) {
    return finding.id == step.finding && finding.address == step.address;
  });
  return found == result.findings.end() ? nullptr : &*found;
}

/// Errors and open questions are told, and what the headline tells; of warnings the first, when there is nothing worse.
class Urgency {
 public:
  explicit Urgency(const Result& result) : leading_(leading(result)) {
    worse_ = std::ranges::any_of(result.findings, [](const auto& finding) {
      return finding.severity == Severity::error || finding.severity == Severity::undetermined;
    });
  }
  [[nodiscard]] bool folds(const finding::Finding& finding) {
    if (&finding == leading_) return false;
    if (finding.severity == Severity::info) return true;
    if (finding.severity != Severity::warning) return false;
    if (!worse_ && (!warning_ || *warning_ == finding.id)) {
      warning_ = finding.id;
      return false;
    }
    return true;
  }

 private:
  const finding::Finding* leading_;
  bool worse_ = false;
  std::optional<finding::Id> warning_;
};

}  // namespace

Told advice(const Result& result, bool everything) {
  Told out;
  std::vector<Choice> told;
  Urgency urgency(result);
  const auto& steps = result.plan.steps;
  for (std::size_t i = 0; i < steps.size();) {
    const auto& first = steps[i];
    Choice choice{{}, is_refusal(first)};
    // Two findings of one id and address follow one another: then the numbers begin anew.
    const auto belongs = [&](const remedy::Step& step) {
      return step.finding == first.finding && step.address == first.address && step.choice == first.choice &&
             (choice.steps.empty() || step.step > choice.steps.back()->step);
    };
    for (; i < steps.size() && belongs(steps[i]); ++i) choice.steps.push_back(&steps[i]);
    const auto* about = finding_of(result, first);
    if (!everything && about != nullptr && urgency.folds(*about)) {
      out.warnings_folded = out.warnings_folded || about->severity == Severity::warning;
      continue;
    }
    const auto same = [&](const Choice& other) { return says_the_same(other, choice); };
    if (std::ranges::any_of(told, same)) continue;
    told.push_back(choice);
    if (out.advice.empty() || out.advice.back().finding != first.finding || out.advice.back().address != first.address)
      out.advice.push_back({first.finding, first.address, {}});
    out.advice.back().choices.push_back(std::move(choice));
  }
  return out;
}

std::string instruction(const remedy::Step& step) {
  using enum remedy::Action;
  constexpr std::string_view you = "you, ";
  const bool reverse = step.record && step.record->type == "PTR" && step.record->name.ends_with(".arpa.");
  const auto where = step.who.starts_with(you) ? step.who.substr(you.size()) : (reverse ? "at " : "by ") + step.who;
  switch (step.action) {
    case add_record: return "create, " + where;
    case change_record: return "change, " + where;
    case remove_record: return "remove, " + where;
    case change_config: return step.who.starts_with(you) ? where : step.who;
    case contact_owner: return "ask " + step.who;
    case wait: return "wait";
    case verify: return step.step == 1 ? "first" : "then see";
  }
  return "";
}

std::span<const std::string> hints(const remedy::Step& step) {
  return std::span(step.how).subspan(is_refusal(step) ? 1 : 0);
}

}  // namespace fcrdns::report
