// For people at a terminal: first the sentence, then the table, then what to do, each step complete enough to paste.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/renderers.hpp"
#include "fcrdns/report/table.hpp"

namespace fcrdns::report {
namespace {

using evidence::AddressEvidence;
using verdict::Iprev;

constexpr std::size_t names_shown = 3;  // per address, unless -v

struct Colours {
  std::string_view good, bad, open, bold, off;
};
constexpr Colours none{"", "", "", "", ""};
constexpr Colours ansi{"\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"};

std::string_view verdict_word(Iprev iprev) {
  switch (iprev) {
    case Iprev::pass: return "pass";
    case Iprev::temperror: return "open";
    default: return "FAIL";
  }
}

std::string ptr_cell(const AddressEvidence& at) {
  switch (at.ptr.status) {
    case dns::Status::nxdomain: return "none (NXDOMAIN)";
    case dns::Status::nodata: return "none (NODATA)";
    case dns::Status::not_asked: return "none possible";
    default: return outcome_text(at.ptr);
  }
}

std::string forward_cell(const evidence::NameEvidence& name, const net::Address& client) {
  const std::string type = client.is_v4() ? "A" : "AAAA";
  switch (name.own.status) {
    case dns::Status::unusable: return "not a host name";
    case dns::Status::not_checked: return "not looked up";
    case dns::Status::nxdomain: return "does not exist";
    case dns::Status::nodata: return "no " + type;
    case dns::Status::noerror: return type + " " + outcome_text(name.own);
    default: return outcome_text(name.own);
  }
}

/// "13:02:00 UTC (14:02 here, in 25 min)"
std::string clock_text(base::WallTime when, base::WallTime now) {
  const auto seconds = std::chrono::floor<base::Seconds>(when).time_since_epoch().count();
  const std::time_t time = seconds;
  std::tm local{};
  ::localtime_r(&time, &local);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(when - now).count();
  return fmt::format("{} UTC ({:02}:{:02} here, in {} min)", base::to_rfc3339(when).substr(11, 8), local.tm_hour,
                     local.tm_min, minutes);
}

class Text final : public Renderer {
 public:
  explicit Text(const Style& style) : style_(style), colours_(style.colour ? ansi : none) {}

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

  [[nodiscard]] std::string_view colour(Iprev iprev) const {
    if (iprev == Iprev::pass) return colours_.good;
    return iprev == Iprev::temperror ? colours_.open : colours_.bad;
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
      out += fmt::format("{}{}{}  {:<24} {}{}\n", colour(iprev), verdict_word(iprev), colours_.off, at.address.text(),
                         reason(at, result.verdicts[i]), via);
    }
    return out;
  }

  std::string told(const Result& result) const {
    if (!result.error.empty())
      return fmt::format("{}: {}\n", base::escape(result.evidence.subject.text, 255), result.error);
    std::string out = std::string(colours_.bold) + wrap(headline(result), 0) + std::string(colours_.off);
    if (!result.evidence.addresses.empty()) out += "\n" + addresses(result);
    out += findings(result) + steps(result) + safe(result);
    for (const auto& note : notes(result)) out += wrap("Note: " + note + ".", 0);
    if (style_.trace) out += trace(result);
    if (!style_.single) out += "\n";
    return out;
  }

  std::string addresses(const Result& result) const {
    std::vector<Row> rows{{"ADDRESS", "PTR", "FORWARD", "VERDICT"}};
    for (std::size_t i = 0; i < result.evidence.addresses.size(); ++i) {
      const auto& at = result.evidence.addresses[i];
      const auto iprev = result.verdicts[i].iprev;
      // Colour goes into the last cell only: it has a width that the table does not see.
      const auto verdict = fmt::format("{}{}{}", colour(iprev), verdict_word(iprev), colours_.off);
      if (at.names.empty()) {
        rows.push_back({at.address.text(), ptr_cell(at), "-", verdict});
        continue;
      }
      const auto shown = style_.verbose ? at.names.size() : std::min(at.names.size(), names_shown);
      for (std::size_t n = 0; n < shown; ++n)
        rows.push_back({n == 0 ? at.address.text() : "", at.names[n].name.text(), forward_cell(at.names[n], at.address),
                        n == 0 ? verdict : ""});
      if (shown < at.names.size()) rows.push_back({"", fmt::format("and {} more (-v)", at.names.size() - shown)});
    }
    return table(rows, 2);
  }

  std::string findings(const Result& result) const {
    std::string out;
    for (const auto& finding : result.findings) {
      if (finding.severity == finding::Severity::info && !style_.verbose) continue;
      out += "\n" + wrap(fmt::format("{}: {}. {}", finding::to_word(finding.severity), finding::title(finding),
                                     finding::detail(finding)), 2);
      out += fmt::format("  [{}]\n", finding::to_word(finding.id));
    }
    return out;
  }

  std::string steps(const Result& result) const {
    std::string out;
    const remedy::Step* last = nullptr;
    for (const auto& step : result.plan.steps) {
      const bool same_finding = last != nullptr && last->finding == step.finding && last->address == step.address;
      if (!same_finding)
        out += fmt::format("\n{}WHAT TO DO{} ({}{})\n", colours_.bold, colours_.off, finding::to_word(step.finding),
                           step.address ? ", " + step.address->text() : "");
      else if (last->choice != step.choice)
        out += fmt::format("{}OR{}\n", colours_.bold, colours_.off);
      out += this->step(step);
      last = &step;
    }
    return out;
  }

  static std::string step(const remedy::Step& step) {
    std::string out;
    std::string verb(remedy::to_word(step.action));
    std::ranges::replace(verb, '_', ' ');
    const auto place = step.zone ? "in zone " + *step.zone : "by " + step.who;
    out += wrap(fmt::format("{}  {}, {}", step.step, verb, place), 2);
    if (step.record) out += fmt::format("       {}\n", record_line(*step.record));
    for (const auto& how : step.how) out += wrap(how, 5);
    if (!step.caution.empty()) out += wrap("Caution: " + step.caution + ".", 5);
    return out;
  }

  std::string safe(const Result& result) const {
    if (!result.plan.safe_to_resend) return "";
    const auto& safe = *result.plan.safe_to_resend;
    const auto now = result.evidence.time;
    return fmt::format("\n{}SAFE TO SEND AGAIN{} {}between {}\n  and {}.\n", colours_.bold, colours_.off,
                       safe.observed ? "" : "if mended now: ", clock_text(safe.earliest, now), clock_text(safe.latest, now));
  }

  std::string trace(const Result& result) const {
    std::vector<Row> rows{{"#", "QUESTION", "AFTER", "START", "TOOK", "OUTCOME", "SERVER"}};
    for (std::size_t i = 0; i < result.evidence.trace.size(); ++i) {
      const auto& line = result.evidence.trace[i];
      rows.push_back({std::to_string(i + 1), line.question, line.after ? "#" + std::to_string(*line.after + 1) : "-",
                      fmt::format("{} ms", line.start.count()), fmt::format("{} ms", line.took.count()), line.outcome,
                      line.attempts.empty() ? "-" : line.attempts.front().server});
      if (line.attempts.size() < 2) continue;
      for (const auto& attempt : line.attempts)
        rows.push_back({"", "  " + attempt.transport, "", fmt::format("{} ms", std::chrono::floor<base::Milliseconds>(attempt.sent.time_since_epoch()).count()),
                        fmt::format("{} ms", attempt.took.count()), attempt.outcome, attempt.server});
    }
    return "\n" + table(rows, 2) +
           fmt::format("  longest chain {} ms, wall {} ms\n", evidence::longest_chain(result.evidence.trace).count(),
                       result.evidence.wall.count());
  }

  Style style_;
  Colours colours_;
  std::size_t subjects_ = 0, pass_ = 0, fail_ = 0, open_ = 0, errors_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> make_text(const Style& style) { return std::make_unique<Text>(style); }

}  // namespace fcrdns::report
