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

std::string why(const AddressEvidence& at, Iprev iprev) {
  return iprev == Iprev::pass ? "" : "  " + std::string(brief(at, iprev));
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
    if (!result.error.empty()) return result.error + "\n";
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
      const auto verdict = fmt::format("{}{}{}{}", colour(iprev), verdict_word(iprev), colours_.off, why(at, iprev));
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
      // The headline has said the leading one's sentence already.
      const auto said = &finding == leading(result) ? "" : sentence(finding) + " ";
      out += "\n" + wrap(fmt::format("{} {}: {}{}", finding::to_word(finding.severity), finding::to_word(finding.id), said,
                                     finding::detail(finding)), 2);
    }
    return out;
  }

  /// Warnings are mended when there is time: their steps are folded away.
  bool folded(const Result& result, const remedy::Step& step) const {
    const auto same = [&](const finding::Finding& finding) {
      return finding.id == step.finding && finding.address == step.address && finding.severity == finding::Severity::warning;
    };
    return !style_.verbose && std::ranges::any_of(result.findings, same);
  }

  std::string steps(const Result& result) const {
    std::string out;
    const remedy::Step* last = nullptr;
    bool any_folded = false;
    for (const auto& step : result.plan.steps) {
      if (folded(result, step)) {
        any_folded = true;
        continue;
      }
      if (last == nullptr || last->finding != step.finding || last->address != step.address)
        out += fmt::format("\n{}{}{}\n", colours_.bold, heading(last, step), colours_.off);
      else if (last->choice != step.choice)
        out += fmt::format("{}OR{}\n", colours_.bold, colours_.off);
      out += this->step(step);
      last = &step;
    }
    if (any_folded) out += "\nHow to better it: -v\n";
    return out;
  }

  static std::string heading(const remedy::Step* last, const remedy::Step& step) {
    if (step.finding == finding::Id::ipv6_source_without_ptr) return "STOP IT NOW (no DNS change; your IPv4 passes)";
    if (last != nullptr && last->finding == finding::Id::ipv6_source_without_ptr && last->address == step.address)
      return "OR GIVE IPv6 ITS NAME";
    return last == nullptr ? "WHAT TO DO" : fmt::format("WHAT TO DO about {}", finding::to_word(step.finding));
  }

  /// What is to be done, before the record and the hints.
  static std::string instruction(const remedy::Step& step) {
    using enum remedy::Action;
    const auto where = step.zone ? "in zone " + *step.zone : "at " + step.who;
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

  static std::string step(const remedy::Step& step) {
    const bool brief = !step.record && step.caution.empty() && step.how.size() == 1;
    auto out = fmt::format("  {}  {}{}\n", step.step, instruction(step), brief ? ": " + step.how.front() : "");
    if (step.record) out += fmt::format("       {}\n", record_line(*step.record));
    if (!brief)
      for (const auto& how : step.how) out += fmt::format("     {}\n", how);
    if (!step.caution.empty()) out += wrap("Caution: " + step.caution + ".", 5);
    return out;
  }

  std::string safe(const Result& result) const {
    if (!result.plan.safe_to_resend) return "";
    const auto& [observed, earliest, latest, note] = *result.plan.safe_to_resend;
    const auto now = result.evidence.time;
    const auto until = clock_text(latest, now);
    return fmt::format("\n{}SAFE TO SEND AGAIN{} {}{}{}\n", colours_.bold, colours_.off, observed ? "" : "if mended now: ",
                       earliest == latest ? "" : "between " + clock_text(earliest, now) + "\n  and ", until);
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
