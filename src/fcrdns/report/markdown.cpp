// For tickets and chats: Markdown in which nothing from the network can become markup.
#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/renderers.hpp"

namespace fcrdns::report {
namespace {

/// ASCII punctuation may be backslash-escaped everywhere (CommonMark 2.4); in a table that holds for the pipe too.
std::string md(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]()<>#+!|&~$@:").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

class Markdown final : public Renderer {
 public:
  std::string result(const Result& result) override {
    std::string out = fmt::format("## {}\n\n", md(base::escape(result.evidence.subject.text, 255)));
    if (!result.error.empty()) return out + md(result.error) + "\n\n";
    out += fmt::format("**{}**\n\n", md(headline(result)));
    if (!result.evidence.addresses.empty()) out += "| address | verdict | why |\n|---|---|---|\n";
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
      const auto& at = result.evidence.addresses[i];
      out += fmt::format("| {} | {} | {} |\n", md(at.address.text()), to_word(result.verdicts[i].iprev),
                         md(reason(at, result.verdicts[i])));
    }
    if (!result.findings.empty()) out += "\n";
    for (const auto& finding : result.findings)
      out += fmt::format("- **{}** {} \\[{}\\] {}\n", finding::to_word(finding.severity), md(sentence(finding)),
                         md(finding::to_word(finding.id)), md(finding::detail(finding)));
    out += steps(result.plan);
    if (result.plan.safe_to_resend)
      out += fmt::format("\nSafe to send again if mended now: between {} and {}.\n",
                         base::to_rfc3339(result.plan.safe_to_resend->earliest),
                         base::to_rfc3339(result.plan.safe_to_resend->latest));
    for (const auto& note : notes(result)) out += "\nNote: " + md(note) + ".\n";
    return out + "\n";
  }
  std::string end(int) override { return ""; }

 private:
  static std::string steps(const remedy::Plan& plan) {
    std::string out;
    const remedy::Step* last = nullptr;
    for (const auto& step : plan.steps) {
      if (last == nullptr || last->finding != step.finding || last->address != step.address)
        out += fmt::format("\n### What to do: {}\n\n", md(finding::to_word(step.finding)));
      else if (last->choice != step.choice)
        out += "\nor\n\n";
      out += fmt::format("{}. {}: {}\n", step.step, md(step.who), md(remedy::to_word(step.action)));
      // An indented block: no fence that data could close.
      if (step.record) out += "\n        " + record_line(*step.record) + "\n\n";
      for (const auto& how : step.how) out += "   " + md(how) + "\n";
      if (!step.caution.empty()) out += "   *Caution:* " + md(step.caution) + ".\n";
      last = &step;
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<Renderer> make_markdown() { return std::make_unique<Markdown>(); }

}  // namespace fcrdns::report
