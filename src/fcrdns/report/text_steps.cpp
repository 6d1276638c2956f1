// What is wrong, and what to do about it: choices in order of cheapness, each step complete enough to paste.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "fcrdns/remedy/words.hpp"
#include "fcrdns/report/groups.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::report {
namespace {

using finding::Id;
using finding::Severity;

/// Steps of a choice that is left when the owner of the address refuses.
bool is_refusal(const remedy::Step& step) { return !step.how.empty() && step.how.front() == remedy::words::if_no; }

class Steps {
 public:
  Steps(const Result& result, const Style& style)
      : result_(result), style_(style), colours_(colours_of(style)), told_(leading(result)),
        something_worse_(std::ranges::any_of(result.findings, [](const auto& finding) {
          return finding.severity == Severity::error || finding.severity == Severity::undetermined;
        })) {}

  std::string build() {
    for (const auto& step : result_.plan.steps) {
      if (folded(step)) continue;
      begin(step);
      write(step);
      last_ = &step;
      last_refusal_ = is_refusal(step) || (last_refusal_ && step.step > 1);
    }
    if (warnings_folded_) out_ += "\nHow to better the warnings: -v\n";
    return out_;
  }

 private:
  /// Warnings are mended when there is time, and notes need nothing: folded away behind what is worse.
  bool folded(const remedy::Step& step) {
    if (style_.verbose) return false;
    const auto found = std::ranges::find_if(result_.findings, [&](const finding::Finding& finding) {
      return finding.id == step.finding && finding.address == step.address;
    });
    if (found == result_.findings.end() || &*found == told_) return false;
    const bool warning = found->severity == Severity::warning && something_worse_;
    warnings_folded_ = warnings_folded_ || warning;
    return warning || found->severity == Severity::info;
  }

  /// What stands above a step that begins something.
  void begin(const remedy::Step& step) {
    const auto bold = [&](std::string_view text) { out_ += fmt::format("{}{}{}\n", colours_.bold, text, colours_.off); };
    const bool same = last_ != nullptr && last_->finding == step.finding && last_->address == step.address;
    if (!same) {
      out_ += '\n';
      bold(heading(step));
    } else if (last_->choice != step.choice) {
      if (!is_refusal(step)) bold("OR");
      else if (!last_refusal_) bold("IF THEY SAY NO");
      else bold("OR");
    }
  }

  std::string heading(const remedy::Step& step) const {
    if (step.finding == Id::ipv6_source_without_ptr) return "STOP IT NOW (no DNS change; your IPv4 passes)";
    if (is_refusal(step)) return "IF THEY SAY NO";
    if (last_ != nullptr && last_->finding == Id::ipv6_source_without_ptr && last_->address == step.address)
      return "OR GIVE IPv6 ITS NAME";
    if (step.finding == Id::ptr_generic && last_ == nullptr) return "FOR A NAME OF YOUR OWN";
    return last_ == nullptr ? "WHAT TO DO" : fmt::format("WHAT TO DO about {}", finding::to_word(step.finding));
  }

  /// What is to be done, before the record and the hints.
  static std::string instruction(const remedy::Step& step) {
    using enum remedy::Action;
    const bool reverse = step.record && step.record->type == "PTR";
    const auto where = (reverse ? "at " : "by ") + step.who;
    switch (step.action) {
      case add_record: return "create, " + where;
      case change_record: return "change, " + where;
      case remove_record: return "remove, " + where;
      case change_config: return "on the mail server";
      case contact_owner: return "ask " + step.who;
      case wait: return "wait";
      case verify: return step.step == 1 ? "first" : "then see";
    }
    return "";
  }

  /// A command or a form stays as it is, so that it can be pasted; prose is wrapped.
  static std::string hint(const std::string& how) {
    const bool command = how.find("  ") != std::string::npos || how.find(" --") != std::string::npos ||
                         how.find_first_of("{}=|") != std::string::npos;
    return command ? "     " + how + "\n" : wrap(how, 5);
  }

  void write(const remedy::Step& step) {
    const std::span how(step.how.begin() + (is_refusal(step) ? 1 : 0), step.how.end());
    const bool brief = !step.record && step.caution.empty() && how.size() == 1 && how.front().size() < 70;
    out_ += fmt::format("  {}  {}{}\n", step.step, instruction(step), brief ? ": " + how.front() : "");
    if (step.record) {
      // The form that panels ask for stands behind it, as the comment of a zone file.
      const auto relative = relative_form(step);
      out_ += fmt::format("       {}{}\n", record_line(*step.record), relative.empty() ? "" : "  ; " + relative);
    }
    if (!brief)
      for (const auto& line : how) out_ += hint(line);
    if (!step.caution.empty()) out_ += wrap("Caution: " + step.caution + ".", 5);
  }

  const Result& result_;
  const Style& style_;
  const Colours& colours_;
  const finding::Finding* told_;
  bool something_worse_, warnings_folded_ = false, last_refusal_ = false;
  const remedy::Step* last_ = nullptr;
  std::string out_;
};

}  // namespace

std::string findings_text(const Result& result, const Style& style) {
  std::string out;
  const auto* told = leading(result);
  for (const auto& row : alike(result.findings)) {
    const auto& finding = *row.first;
    if (finding.severity == Severity::info && !style.verbose && &finding != told) continue;
    // The headline has said the leading one's sentence already, unless it speaks of a whole prefix.
    const bool said = &finding == told && !result.evidence.subject.prefix;
    const auto where = row.addresses.size() > 1 ? fmt::format(" ({} addresses: {})", row.addresses.size(), address_list(row.addresses)) : "";
    out += "\n" + wrap(fmt::format("{} {}{}: {}{}", finding::to_word(finding.severity), finding::to_word(finding.id), where,
                                   said ? "" : sentence(finding) + " ", finding::detail(finding)), 2);
  }
  return out;
}

std::string steps_text(const Result& result, const Style& style) { return Steps(result, style).build(); }

std::string safe_text(const Result& result, const Style& style) {
  const auto& safe = result.plan.safe_to_resend;
  if (!safe) return "";
  const auto& colours = colours_of(style);
  const auto now = result.evidence.time;
  const auto until = clock_text(safe->latest, now);
  const auto from = clock_text(safe->earliest, now);
  auto out = fmt::format("\n{}SAFE TO SEND AGAIN{} {}{}{}\n", colours.bold, colours.off, safe->observed ? "" : "if mended now: ",
                         from == until ? "" : "between " + from + "\n  and ", until);
  return safe->note.empty() ? out : out + wrap(safe->note + ".", 2);
}

}  // namespace fcrdns::report
