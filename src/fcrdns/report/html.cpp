// A self-contained page without scripts or links; a policy in its head forbids both.
#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/renderers.hpp"

namespace fcrdns::report {
namespace {

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

constexpr std::string_view head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>fcrdns check</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; }
pre { background: #f4f4f4; padding: .4rem .6rem; overflow-x: auto; }
.pass { color: #0a6b2d; } .fail, .permerror { color: #b00020; } .temperror { color: #8a5a00; }
</style></head><body>
)";

class Html final : public Renderer {
 public:
  std::string begin() override { return std::string(head); }

  std::string result(const Result& result) override {
    std::string out = fmt::format("<section><h2>{}</h2>\n", html(base::escape(result.evidence.subject.text, 255)));
    if (!result.error.empty()) return out + "<p>" + html(result.error) + "</p></section>\n";
    out += "<p><strong>" + html(headline(result)) + "</strong></p>\n";
    if (!result.evidence.addresses.empty()) out += addresses(result);
    if (!result.findings.empty()) {
      out += "<ul>\n";
      for (const auto& finding : result.findings)
        out += fmt::format("<li><b>{}</b> {} [{}] {}</li>\n", finding::to_word(finding.severity),
                           html(sentence(finding)), finding::to_word(finding.id), html(finding::detail(finding)));
      out += "</ul>\n";
    }
    out += steps(result.plan);
    if (const auto& safe = result.plan.safe_to_resend)
      out += fmt::format("<p>Safe to send again if mended now: between {} and {}.</p>\n", base::to_rfc3339(safe->earliest),
                         base::to_rfc3339(safe->latest));
    for (const auto& note : notes(result)) out += "<p>Note: " + html(note) + ".</p>\n";
    return out + "</section>\n";
  }
  std::string end(int) override { return "</body></html>\n"; }

 private:
  static std::string addresses(const Result& result) {
    std::string out = "<table><tr><th>address</th><th>verdict</th><th>why</th></tr>\n";
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
      const auto& at = result.evidence.addresses[i];
      const auto word = to_word(result.verdicts[i].iprev);
      out += fmt::format("<tr><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>\n", html(at.address.text()), word, word,
                         html(reason(at, result.verdicts[i])));
    }
    return out + "</table>\n";
  }
  static std::string steps(const remedy::Plan& plan) {
    std::string out;
    for (const auto& step : plan.steps) {
      out += fmt::format("<p>{}, choice {}, step {}: {}</p>\n", html(finding::to_word(step.finding)), step.choice, step.step,
                         html(step.who));
      if (step.record) out += "<pre>" + html(record_line(*step.record)) + "</pre>\n";
      for (const auto& how : step.how) out += "<p>" + html(how) + "</p>\n";
      if (!step.caution.empty()) out += "<p><em>Caution:</em> " + html(step.caution) + ".</p>\n";
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<Renderer> make_html() { return std::make_unique<Html>(); }

}  // namespace fcrdns::report
