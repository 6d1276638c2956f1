// For tickets and chats: Markdown in which nothing from the network can become markup. The ladder stands in a code
// block, which every renderer and every mail program shows; with -v as a picture too, for those that show data: images.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/advice.hpp"
#include "fcrdns/report/groups.hpp"
#include "fcrdns/report/ladder.hpp"
#include "fcrdns/base/base64.hpp"
#include "fcrdns/base/markup.hpp"
#include "fcrdns/report/proof.hpp"
#include "fcrdns/report/renderers.hpp"
#include "fcrdns/report/spf.hpp"

namespace fcrdns::report {
namespace {

std::string md(std::string_view text) { return base::markdown_escaped(text); }

class Markdown final : public Renderer {
 public:
  explicit Markdown(const Style& style) : style_(style) {}

  std::string result(const Result& result) override {
    std::string out = fmt::format("## {}\n\n", md(base::escape(result.evidence.subject.text, 255)));
    if (!result.error.empty()) return out + md(result.error) + "\n\n";
    out += fmt::format("**{}**\n\n", md(result.preface.empty() ? headline(result) : result.preface.front()));
    for (std::size_t i = 1; i < result.preface.size(); ++i) out += md(result.preface[i]) + "\n\n";
    if (!result.evidence.addresses.empty()) out += addresses(result);
    out += spf_markdown(result) + ladders(result) + findings(result) + steps(result);
    if (const auto& safe = result.plan.safe_to_resend)
      out += fmt::format("\nSafe to send again{}: {}.\n", safe->observed ? "" : " if mended now", span_text(*safe));
    out += proof_markdown(result, style_);
    for (const auto& note : notes(result)) out += "\nNote: " + md(note) + ".\n";
    return out + "\n";
  }
  std::string end(int) override { return ""; }

 private:
  static std::string addresses(const Result& result) {
    std::string out = "| address | verdict | why |\n|---|---|---|\n";
    for (const auto& group : groups(result)) {
      std::vector<net::Address> all;
      for (const auto index : group.indices) all.push_back(result.evidence.addresses[index].address);
      const auto first = group.indices.front();
      out += fmt::format("| {} | {} | {} |\n", md(address_list(all)), to_word(result.verdicts[first].iprev),
                         md(reason(result.evidence.addresses[first], result.verdicts[first])) +
                             (all.size() > 1 ? "; the others likewise" : ""));
    }
    return out;
  }

  std::string ladders(const Result& result) const {
    std::string out;
    std::vector<std::vector<Rung>> told;
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
      if (result.verdicts[i].iprev == verdict::Iprev::pass && !style_.verbose) continue;
      auto rungs = ladder(result, i);
      if (rungs.empty() || std::ranges::find(told, rungs) != told.end()) continue;
      // An indented block: no fence that data could close.
      out += "\n" + ladder_text(rungs, 8);
      if (style_.verbose)
        out += fmt::format("\n![The delegation ladder](data:image/svg+xml;base64,{})\n",
                           base::base64(ladder_svg(rungs, ladder_title(result.evidence.addresses[i].address))));
      told.push_back(std::move(rungs));
      if (!result.owners[i].empty())
        out += "\nOwner of the reverse zone: " + md(owner_text(result.owners[i].front())) + "\n";
    }
    return out;
  }

  static std::string findings(const Result& result) {
    std::string out = result.findings.empty() ? "" : "\n";
    for (const auto& row : alike(result.findings))
      out += fmt::format("- **{}** {}{} \\[{}\\] {}\n", finding::to_word(row.first->severity),
                         row.addresses.size() > 1 ? md(address_list(row.addresses)) + ": " : "", md(sentence(*row.first)),
                         md(finding::to_word(row.first->id)), md(finding::detail(*row.first)));
    return out;
  }

  std::string steps(const Result& result) const {
    std::string out;
    const auto told = advice(result, style_.verbose);
    for (const auto& each : told.advice) {
      out += fmt::format("\n### What to do: {}\n\n", md(finding::to_word(each.finding)));
      for (const auto& choice : each.choices) {
        if (&choice != &each.choices.front()) out += choice.refusal ? "\nor, if they say no\n\n" : "\nor\n\n";
        for (const auto* step : choice.steps) out += this->step(*step);
      }
    }
    return out;
  }

  static std::string step(const remedy::Step& step) {
    const auto relative = relative_form(step);
    auto out = fmt::format("{}. {}{}\n", step.step, md(instruction(step)), relative.empty() ? "" : " (" + md(relative) + ")");
    // An indented block: no fence that data could close.
    if (step.record) out += "\n        " + record_line(*step.record) + "\n\n";
    for (const auto& how : hints(step)) out += "   " + md(how) + "\n";
    if (!step.caution.empty()) out += "   *Caution:* " + md(step.caution) + ".\n";
    return out;
  }

  Style style_;
};

}  // namespace

std::unique_ptr<Renderer> make_markdown(const Style& style) { return std::make_unique<Markdown>(style); }

}  // namespace fcrdns::report
