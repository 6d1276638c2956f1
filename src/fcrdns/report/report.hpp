// The one value that is handed on, and its renderings. Nothing is decided here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/finding/finding.hpp"
#include "fcrdns/remedy/remedy.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::report {

/// Everything about one subject. Pure function of its Evidence (diagnosis::report_on).
struct Result {
  evidence::Evidence evidence;
  std::vector<verdict::Verdict> verdicts;   ///< one per evidence.addresses
  std::optional<verdict::Iprev> iprev;      ///< the worst of them; empty when there is no address
  std::vector<std::vector<owner::Candidate>> owners;  ///< one list per evidence.addresses
  finding::Profile profile = finding::Profile::google;
  std::vector<finding::Finding> findings;
  remedy::Plan plan;
  std::vector<std::string> preface;         ///< what led here (a bounce): its sentence stands in the headline's place, its lines behind
  std::string error;                        ///< a line of a list that is no subject: why; all else is empty then
  int exit_code = 0;                        ///< 0, 1, 2 or 64
};

/// The exit codes of the interface, from the one that outranks the others.
enum ExitCode { ok = 0, failed = 1, undetermined = 2, other_reason = 3, usage = 64, internal = 70, input_output = 74, interrupted = 130 };
[[nodiscard]] int worse_exit(int a, int b);

struct Style {
  bool colour = false;
  bool verbose = false;
  bool trace = false;
  bool single = true;  ///< one subject: told at length; many: one row each
  finding::Profile profile = finding::Profile::google;  ///< whose rules weighed the findings
  bool redact = false;  ///< mask what tells more of the user than the addresses and names it is about (redact.hpp)
};

/// Turns results into text as they come. A rendering's octets are safe for where it is shown: printable ASCII for
/// terminals (and box-drawing only of ours), valid UTF-8 for JSON, escaped for HTML and Markdown.
class Renderer {
 public:
  virtual ~Renderer() = default;
  [[nodiscard]] virtual std::string begin() { return ""; }
  [[nodiscard]] virtual std::string result(const Result& result) = 0;
  [[nodiscard]] virtual std::string end(int exit_code) = 0;
  /// The exit code of the process; only the plugin line has a convention of its own.
  [[nodiscard]] virtual int exit_code(int code) const { return code; }
};

enum class Format { text, json, markdown, html, nagios };
[[nodiscard]] std::optional<Format> parse_format(std::string_view word);
[[nodiscard]] std::unique_ptr<Renderer> make_renderer(Format format, const Style& style);

// Words shared by the renderings (words.cpp, headline.cpp).
/// One plain sentence about the verdict of an address; says "no PTR", not "permerror".
[[nodiscard]] std::string reason(const evidence::AddressEvidence& address, const verdict::Verdict& verdict);
/// The same in two or three words: "no PTR".
[[nodiscard]] std::string_view brief(const evidence::AddressEvidence& address, verdict::Iprev iprev);
/// A finding's title with its full stop.
[[nodiscard]] std::string sentence(const finding::Finding& finding);
/// The finding the headline tells: the first error, else the first open question, else what explains that an address
/// does not confirm; null when all is right.
[[nodiscard]] const finding::Finding* leading(const Result& result);
/// The sentence that comes first.
[[nodiscard]] std::string headline(const Result& result);
/// "203.0.113.9, 203.0.113.10" of an answer, or its trouble in a word.
[[nodiscard]] std::string outcome_text(const resolver::Answer& answer);
/// What this report could not or did not look at, for the user to know.
[[nodiscard]] std::vector<std::string> notes(const Result& result);
/// "mail.example.com. 3600 IN A 203.0.113.5"
[[nodiscard]] std::string record_line(const remedy::PlannedRecord& record);
/// "mail in zone example.com": what panels ask for; empty when the zone is not known.
[[nodiscard]] std::string relative_form(const remedy::Step& step);
/// Every server of a zone was proven not to answer: no passing trouble.
[[nodiscard]] bool is_broken(const finding::Finding& finding);
/// "Example Hosting GmbH, likely (RDAP)"
[[nodiscard]] std::string owner_text(const owner::Candidate& candidate);
/// "between 2026-11-21T13:02:00Z and 2026-11-21T14:02:01Z"
[[nodiscard]] std::string span_text(const remedy::SafeToResend& safe);
/// "2026-11-21 13:02 UTC (14:02 here, in 25 min)"; the day only when it is another one than now's. Less than two minutes
/// ahead: "13:02:22 UTC (in 22 s)".
[[nodiscard]] std::string clock_text(base::WallTime when, base::WallTime now);

}  // namespace fcrdns::report
