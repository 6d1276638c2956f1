// For people at a terminal: first the sentence, then the table, then what to do, each step complete enough to paste.
#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/proof.hpp"
#include "fcrdns/report/renderers.hpp"
#include "fcrdns/report/spf.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::report {

const Colours& colours_of(const Style& style) {
  static constexpr Colours none{"", "", "", "", ""};
  static constexpr Colours ansi{"\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"};
  return style.colour ? ansi : none;
}

std::string_view colour(const Colours& colours, verdict::Iprev iprev) {
  if (iprev == verdict::Iprev::pass) return colours.good;
  return iprev == verdict::Iprev::temperror ? colours.open : colours.bad;
}

std::string_view verdict_word(verdict::Iprev iprev) {
  switch (iprev) {
    case verdict::Iprev::pass: return "pass";
    case verdict::Iprev::temperror: return "open";
    default: return "FAIL";
  }
}

std::string trace_text(const Result& result) {
  std::vector<Row> rows{{"#", "QUESTION", "AFTER", "START", "TOOK", "OUTCOME", "SERVER"}};
  for (std::size_t i = 0; i < result.evidence.trace.size(); ++i) {
    const auto& line = result.evidence.trace[i];
    rows.push_back({std::to_string(i + 1), line.question, line.after ? "#" + std::to_string(*line.after + 1) : "-",
                    fmt::format("{} ms", line.start.count()), fmt::format("{} ms", line.took.count()), line.outcome,
                    line.attempts.empty() ? "-" : line.attempts.front().server});
    if (line.attempts.size() < 2) continue;
    for (const auto& attempt : line.attempts)
      rows.push_back({"", "  " + attempt.transport, "",
                      fmt::format("{} ms", std::chrono::floor<base::Milliseconds>(attempt.sent.time_since_epoch()).count()),
                      fmt::format("{} ms", attempt.took.count()), attempt.outcome, attempt.server});
  }
  return "\n" + table(rows, 2) +
         fmt::format("  longest chain {} ms, wall {} ms\n", evidence::longest_chain(result.evidence.trace).count(),
                     result.evidence.wall.count());
}

namespace {

class Text final : public Renderer {
 public:
  explicit Text(const Style& style) : style_(style), colours_(colours_of(style)) {}

  std::string result(const Result& result) override {
    count(result);
    return style_.single || style_.verbose ? told(result) : row(result);
  }

  std::string end(int) override {
    if (style_.single || subjects_ < 2) return "";
    return fmt::format("\n{} subjects: {} pass, {} fail, {} open{}{}\n", subjects_, pass_, fail_, open_,
                       errors_ > 0 ? fmt::format(", {} not understood", errors_) : "",
                       style_.verbose ? "" : "; what to do about one: fcrdns check SUBJECT, for all: -v");
  }

 private:
  void count(const Result& result) {
    ++subjects_;
    if (!result.error.empty()) ++errors_;
    else if (result.exit_code == ok) ++pass_;
    else if (result.exit_code == failed) ++fail_;
    else ++open_;
  }

  /// One line per address: what a list of hundreds is read by.
  std::string row(const Result& result) const {
    const auto subject = base::escape(result.evidence.subject.text, 60);
    if (!result.error.empty()) return fmt::format("{}????{}  {:<24} {}\n", colours_.bad, colours_.off, subject, result.error);
    if (result.evidence.addresses.empty())
      return fmt::format("{}{}{}  {:<24} {}\n", result.exit_code == failed ? colours_.bad : colours_.open,
                         result.exit_code == failed ? "FAIL" : "open", colours_.off, subject, headline(result));
    std::string out;
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
      const auto& at = result.evidence.addresses[i];
      const auto iprev = result.verdicts[i].iprev;
      const auto via = result.evidence.subject.address ? "" : " (" + subject + ")";
      out += fmt::format("{}{}{}  {:<24} {}{}\n", colour(colours_, iprev), verdict_word(iprev), colours_.off,
                         at.address.text(), reason(at, result.verdicts[i]), via);
    }
    return out;
  }

  std::string told(const Result& result) const {
    if (!result.error.empty()) return result.error + "\n";
    std::string out = std::string(colours_.bold) + wrap(result.preface.empty() ? headline(result) : result.preface.front(), 0) + std::string(colours_.off);
    for (std::size_t i = 1; i < result.preface.size(); ++i) out += wrap(result.preface[i], 2);
    if (!result.evidence.addresses.empty()) out += "\n" + address_table(result, style_);
    out += expectation_text(result) + spf_text(result, style_) + zones_text(result, style_) + findings_text(result, style_);
    out += steps_text(result, style_) + safe_text(result, style_) + proof_text(result, style_);
    const auto more = notes(result);
    if (!more.empty()) out += "\n";
    for (const auto& note : more) out += wrap("Note: " + note + (note.ends_with('.') ? "" : "."), 0);
    if (style_.trace) out += trace_text(result);
    if (!style_.single) out += "\n";
    return out;
  }

  Style style_;
  const Colours& colours_;
  std::size_t subjects_ = 0, pass_ = 0, fail_ = 0, open_ = 0, errors_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> make_text(const Style& style) { return std::make_unique<Text>(style); }

}  // namespace fcrdns::report
