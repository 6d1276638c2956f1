// A self-contained page without scripts or links; a policy in its head forbids both.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/advice.hpp"
#include "fcrdns/report/groups.hpp"
#include "fcrdns/report/ladder.hpp"
#include "fcrdns/base/markup.hpp"
#include "fcrdns/report/proof.hpp"
#include "fcrdns/report/renderers.hpp"
#include "fcrdns/report/spf.hpp"

namespace fcrdns::report {
namespace {

std::string html(std::string_view text) { return base::html_escaped(text); }

constexpr std::string_view head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>fcrdns check</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; }
pre { background: #8883; padding: .4rem .6rem; overflow-x: auto; } svg { max-width: 100%; height: auto; }
.pass { color: #0a6b2d; } .fail, .permerror { color: #b00020; } .temperror { color: #8a5a00; }
@media (prefers-color-scheme: dark) {
  .pass { color: #4cc26a; } .fail, .permerror { color: #ff7b72; } .temperror { color: #e3b341; }
}
</style></head><body>
)";

class Html final : public Renderer {
 public:
  std::string begin() override { return std::string(head); }

  std::string result(const Result& result) override {
    std::string out = fmt::format("<section><h2>{}</h2>\n", html(base::escape(result.evidence.subject.text, 255)));
    if (!result.error.empty()) return out + "<p>" + html(result.error) + "</p></section>\n";
    out += "<p><strong>" + html(result.preface.empty() ? headline(result) : result.preface.front()) + "</strong></p>\n";
    for (std::size_t i = 1; i < result.preface.size(); ++i) out += "<p>" + html(result.preface[i]) + "</p>\n";
    if (!result.evidence.addresses.empty()) out += addresses(result) + spf_html(result) + ladders(result);
    if (!result.findings.empty()) {
      out += "<ul>\n";
      for (const auto& row : alike(result.findings))
        out += fmt::format("<li><b>{}</b> {}{} [{}] {}</li>\n", finding::to_word(row.first->severity),
                           row.addresses.size() > 1 ? html(address_list(row.addresses)) + ": " : "",
                           html(sentence(*row.first)), finding::to_word(row.first->id), html(finding::detail(*row.first)));
      out += "</ul>\n";
    }
    out += steps(result);
    if (const auto& safe = result.plan.safe_to_resend)
      out += fmt::format("<p>Safe to send again{}: {}.</p>\n", safe->observed ? "" : " if mended now", span_text(*safe));
    out += proof_html(result);
    for (const auto& note : notes(result)) out += "<p>Note: " + html(note) + ".</p>\n";
    return out + "</section>\n";
  }
  std::string end(int) override { return "</body></html>\n"; }

 private:
  static std::string addresses(const Result& result) {
    std::string out = "<table><tr><th>address</th><th>verdict</th><th>why</th></tr>\n";
    for (const auto& group : groups(result)) {
      std::vector<net::Address> all;
      for (const auto index : group.indices) all.push_back(result.evidence.addresses[index].address);
      const auto first = group.indices.front();
      const auto word = to_word(result.verdicts[first].iprev);
      out += fmt::format("<tr><td>{}</td><td class=\"{}\">{}</td><td>{}{}</td></tr>\n", html(address_list(all)), word, word,
                         html(reason(result.evidence.addresses[first], result.verdicts[first])),
                         all.size() > 1 ? "; the others likewise" : "");
    }
    return out + "</table>\n";
  }
  static std::string ladders(const Result& result) {
    std::string out;
    std::vector<std::vector<Rung>> told;
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
      auto rungs = ladder(result, i);
      if (rungs.empty() || std::ranges::find(told, rungs) != told.end()) continue;
      const auto& address = result.evidence.addresses[i].address;
      out += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", ladder_svg(rungs, ladder_title(address)),
                         html(address.text()));
      if (!result.owners[i].empty())
        out += "<p>Owner of the reverse zone: " + html(owner_text(result.owners[i].front())) + "</p>\n";
      told.push_back(std::move(rungs));
    }
    return out;
  }
  static std::string steps(const Result& result) {
    std::string out;
    for (const auto& each : advice(result, false).advice) {
      out += fmt::format("<h3>What to do: {}</h3>\n", html(finding::to_word(each.finding)));
      for (const auto& choice : each.choices) {
        if (&choice != &each.choices.front()) out += choice.refusal ? "<p>or, if they say no</p>\n" : "<p>or</p>\n";
        out += "<ol>\n";
        for (const auto* step : choice.steps) out += "<li>" + this_step(*step) + "</li>\n";
        out += "</ol>\n";
      }
    }
    return out;
  }
  static std::string this_step(const remedy::Step& step) {
    auto out = html(instruction(step));
    if (const auto relative = relative_form(step); !relative.empty()) out += " (" + html(relative) + ")";
    if (step.record) out += "<pre>" + html(record_line(*step.record)) + "</pre>";
    for (const auto& how : hints(step)) out += "<br>" + html(how);
    if (!step.caution.empty()) out += "<br><em>Caution:</em> " + html(step.caution) + ".";
    return out;
  }
};

}  // namespace

std::unique_ptr<Renderer> make_html() { return std::make_unique<Html>(); }

}  // namespace fcrdns::report
