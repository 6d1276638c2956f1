#include "fcrdns/report/spf.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/report/groups.hpp"
#include "fcrdns/base/markup.hpp"

namespace fcrdns::report {
namespace {

using spf::Identity;
using spf::Outcome;

/// Addresses of which SPF says the same, for the same reason.
struct Alike {
  const Outcome* outcome;
  std::vector<net::Address> addresses;
};

/// Few HELO names have a record of their own, and nobody is refused for that: told only with `all`.
std::vector<Alike> alike_outcomes(const Result& result, bool all) {
  std::vector<Alike> out;
  for (const auto identity : {Identity::mailfrom, Identity::helo})
    for (const auto& at : result.evidence.addresses)
      for (const auto& outcome : at.spf) {
        if (outcome.identity != identity || (!all && identity == Identity::helo && outcome.result == spf::Result::none)) continue;
        const auto known = std::ranges::find_if(out, [&](const Alike& other) {
          return other.outcome->identity == identity && other.outcome->domain == outcome.domain && other.outcome->result == outcome.result &&
                 decided_by(*other.outcome) == decided_by(outcome) && other.outcome->lookups == outcome.lookups;
        });
        if (known == out.end()) out.push_back({&outcome, {at.address}});
        else known->addresses.push_back(at.address);
      }
  return out;
}

std::string who(const Outcome& outcome) {
  return (outcome.identity == Identity::mailfrom ? "MAIL FROM " : "HELO ") + outcome.domain;
}

std::string terms_text(const Outcome& outcome) {
  std::vector<Row> rows{{"TERM", "IN THE RECORD OF", "OUTCOME", "LOOK-UPS", "VOID"}};
  for (const auto& term : outcome.trace)
    rows.push_back({std::string(2UL * term.depth, ' ') + term.text, term.domain, term.outcome, std::to_string(term.lookups), std::to_string(term.void_lookups)});
  return rows.size() > 1 ? "\n  " + who(outcome) + "\n" + table(rows, 4) : "";
}

}  // namespace

std::string decided_by(const Outcome& outcome) {
  using enum spf::Result;
  if (outcome.result == none) return "no record";
  if (!outcome.problem.empty()) return outcome.problem;
  if (outcome.mechanism == "default") return "no term matches";
  const auto sign = outcome.result == fail ? "-" : outcome.result == softfail ? "~" : outcome.result == neutral ? "?" : "";
  return sign + outcome.mechanism + (outcome.through.empty() ? "" : ", through " + outcome.through);
}

std::vector<Row> spf_rows(const Result& result, bool all) {
  std::vector<Row> rows;
  for (const auto& [outcome, addresses] : alike_outcomes(result, all)) {
    if (rows.empty()) rows.push_back({"SPF OF", "ADDRESS", "RESULT", "BY", "LOOK-UPS"});
    rows.push_back({who(*outcome), address_list(addresses), std::string(to_word(outcome->result)), decided_by(*outcome), fmt::format("{} of {}", outcome->lookups, spf::Limits{}.terms)});
  }
  return rows;
}

std::string spf_text(const Result& result, const Style& style) {
  const auto rows = spf_rows(result, style.verbose);
  if (rows.empty()) return "";
  auto out = "\n" + table(rows, 2);
  if (style.verbose)
    for (const auto& each : alike_outcomes(result, true)) out += terms_text(*each.outcome);
  return out;
}

std::string spf_markdown(const Result& result) {
  std::string out;
  for (const auto& row : spf_rows(result)) {
    out += out.empty() ? "\n|" : "|";
    for (const auto& cell : row) out += " " + base::markdown_escaped(cell) + " |";
    out += "\n";
    if (out.find('\n', 1) == out.size() - 1) out += "|---|---|---|---|---|\n";
  }
  return out;
}

std::string spf_html(const Result& result) {
  std::string out;
  for (const auto& row : spf_rows(result)) {
    const auto* tag = out.empty() ? "th" : "td";
    out += out.empty() ? "<table><tr>" : "<tr>";
    for (const auto& cell : row) out += fmt::format("<{0}>{1}</{0}>", tag, base::html_escaped(cell));
    out += "</tr>\n";
  }
  return out.empty() ? out : out + "</table>\n";
}

Json spf_json(const evidence::AddressEvidence& at) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  auto out = Json::array();
  for (const auto& outcome : at.spf) {
    auto terms = Json::array();
    for (const auto& term : outcome.trace)
      terms.push_back({{"depth", term.depth}, {"domain", term.domain}, {"term", term.text}, {"outcome", term.outcome},
                       {"lookups", term.lookups}, {"void_lookups", term.void_lookups}});
    out.push_back({{"identity", to_word(outcome.identity)}, {"domain", outcome.domain}, {"result", to_word(outcome.result)},
                   {"mechanism", or_null(outcome.mechanism)}, {"explanation", outcome.explanation ? Json(*outcome.explanation) : Json(nullptr)},
                   {"lookups", outcome.lookups}, {"void_lookups", outcome.void_lookups}, {"through", or_null(outcome.through)},
                   {"problem", or_null(outcome.problem)}, {"record", or_null(outcome.record)}, {"terms", std::move(terms)}});
  }
  return out;
}

}  // namespace fcrdns::report
