// What is wrong, and what to do about it: choices in order of cheapness, each step complete enough to paste.
#include <fmt/format.h>


#include "fcrdns/report/advice.hpp"
#include "fcrdns/report/groups.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::report {
namespace {

using finding::Id;
using finding::Severity;

constexpr std::size_t line_width = 100;

/// A command or a form stays as it is, so that it can be pasted; prose is wrapped.
std::string hint(const std::string& how) {
  const bool command = how.find("  ") != std::string::npos || how.find(" --") != std::string::npos ||
                       how.find_first_of("{}=|") != std::string::npos;
  return command ? "     " + how + "\n" : wrap(how, 5);
}

/// The form that panels ask for stands behind the record, as the comment of a zone file.
std::string record_text(const remedy::Step& step) {
  auto out = "       " + record_line(*step.record);
  const auto relative = relative_form(step);
  if (relative.empty()) return out + "\n";
  const bool fits = out.size() + relative.size() + 4 <= line_width + 10;
  return out + (fits ? "  ; " : "\n       ; ") + relative + "\n";
}

std::string step_text(const remedy::Step& step, std::size_t number) {
  const auto how = hints(step);
  auto out = fmt::format("  {}  {}", number, instruction(step));
  const bool brief = !step.record && how.size() == 1 && out.size() + 2 + how.front().size() <= line_width;
  out += brief ? ": " + how.front() + "\n" : "\n";
  if (step.record) out += record_text(step);
  if (!brief)
    for (const auto& line : how) out += hint(line);
  if (!step.caution.empty()) out += wrap("Caution: " + step.caution + ".", 5);
  return out;
}

std::string heading(const Advice& advice, const Advice* before) {
  const bool after_ipv6 =
      before != nullptr && before->finding == Id::ipv6_source_without_ptr && before->address == advice.address;
  if (advice.finding == Id::ipv6_source_without_ptr) return "STOP IT NOW (no DNS change; your IPv4 passes)";
  if (after_ipv6) return "OR GIVE IPv6 ITS NAME";
  if (advice.choices.front().refusal) return "IF THEY SAY NO";
  if (before != nullptr) return fmt::format("WHAT TO DO about {}", finding::to_word(advice.finding));
  return advice.finding == Id::ptr_generic ? "FOR A NAME OF YOUR OWN" : "WHAT TO DO";
}

}  // namespace

std::string findings_text(const Result& result, const Style& style) {
  std::string out;
  const auto* told = leading(result);
  for (const auto& row : alike(result.findings)) {
    const auto& finding = *row.first;
    if (finding.severity == Severity::info && !style.verbose && &finding != told) continue;
    // The headline has said the leading one's sentence already, unless it speaks of a whole prefix.
    const bool said = &finding == told && !result.evidence.subject.prefix;
    const auto count = row.addresses.size();
    const auto where = count > 1 ? fmt::format(" ({} addresses: {})", count, address_list(row.addresses)) : "";
    out += "\n" + wrap(fmt::format("{} {}{}: {}{}", finding::to_word(finding.severity), finding::to_word(finding.id), where,
                                   said ? "" : sentence(finding) + " ", finding::detail(finding)), 2);
  }
  return out;
}

std::string steps_text(const Result& result, const Style& style) {
  const auto& colours = colours_of(style);
  const auto told = advice(result, style.verbose);
  std::string out;
  const auto bold = [&](std::string_view text) { out += fmt::format("{}{}{}\n", colours.bold, text, colours.off); };
  const Advice* before = nullptr;
  for (const auto& each : told.advice) {
    out += '\n';
    bold(heading(each, before));
    std::size_t refusals = 0;
    for (const auto& choice : each.choices) {
      if (&choice != &each.choices.front() && !choice.refusal) bold("OR");
      if (&choice != &each.choices.front() && choice.refusal && refusals == 0) bold("IF THEY SAY NO");
      // What is left then is a list to choose from; the steps of any other way follow one another.
      for (const auto* step : choice.steps)
        out += step_text(*step, choice.refusal ? ++refusals : static_cast<std::size_t>(step->step));
    }
    before = &each;
  }
  if (told.warnings_folded) out += "\nHow to better the warnings: -v\n";
  return out;
}

std::string safe_text(const Result& result, const Style& style) {
  const auto& safe = result.plan.safe_to_resend;
  if (!safe) return "";
  const auto& colours = colours_of(style);
  const auto now = result.evidence.time;
  const auto until = clock_text(safe->latest, now);
  const auto from = clock_text(safe->earliest, now);
  auto out = fmt::format("\n{}SAFE TO SEND AGAIN{} {}{}{}\n", colours.bold, colours.off, safe->observed ? "" : "if mended now: ",
                         from == until ? "from " : "between " + from + "\n  and ", until);
  return safe->note.empty() ? out : out + wrap(safe->note + ".", 2);
}

}  // namespace fcrdns::report
