#include "fcrdns/report/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "fcrdns/evidence/proof.hpp"
#include "fcrdns/base/markup.hpp"
#include "fcrdns/report/table.hpp"

namespace fcrdns::report {
namespace {

using evidence::ProofRow;
using Rows = std::vector<const ProofRow*>;

bool is_well(const ProofRow* row) { return row->right == row->asked; }
bool all_well(const Rows& rows) { return std::ranges::all_of(rows, is_well); }

std::string transports(const Rows& rows) {
  const bool udp = std::ranges::any_of(rows, [](const ProofRow* row) { return !row->tcp; });
  const bool tcp = std::ranges::any_of(rows, [](const ProofRow* row) { return row->tcp; });
  return udp && tcp ? "UDP and TCP" : tcp ? "TCP" : "UDP";
}

std::string families(const Rows& rows) {
  const bool v4 = std::ranges::any_of(rows, [](const ProofRow* row) { return row->endpoint.address.is_v4(); });
  const bool v6 = std::ranges::any_of(rows, [](const ProofRow* row) { return !row->endpoint.address.is_v4(); });
  return v4 && v6 ? "IPv4 and IPv6" : v6 ? "IPv6" : "IPv4";
}

std::string right_of(const Rows& rows) {
  unsigned right = 0, asked = 0;
  for (const auto* row : rows) right += row->right, asked += row->asked;
  return fmt::format("{} of {}", right, asked);
}

std::string otherwise(const Rows& rows) {
  std::map<dns::Status, unsigned> what;
  for (const auto* row : rows)
    for (const auto& [status, count] : row->others) what[status] += count;
  std::string out;
  for (const auto& [status, count] : what)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, status == dns::Status::noerror ? "other data" : to_word(status));
  return out.empty() ? "-" : out;
}

base::Milliseconds slowest(const Rows& rows) { return (*std::ranges::max_element(rows, {}, &ProofRow::slowest))->slowest; }

std::string times(const Rows& rows) {
  Rows answered;
  for (const auto* row : rows)
    if (row->asked > evidence::unanswered(*row)) answered.push_back(row);
  if (answered.empty()) return "-";
  const auto fastest = (*std::ranges::min_element(answered, {}, &ProofRow::fastest))->fastest;
  const auto median = (*std::ranges::max_element(answered, {}, &ProofRow::median))->median;
  return fmt::format("{}/{}/{}", fastest.count(), median.count(), slowest(answered).count());
}

ProofLine line_of(const Rows& rows, std::string manner) {
  const auto& first = *rows.front();
  return {first.server.text(), first.endpoint.address.text(), transports(rows), std::move(manner), right_of(rows), otherwise(rows), times(rows)};
}

std::string everything_well(const Rows& rows) {
  std::set<dns::Name> servers;
  for (const auto* row : rows) servers.insert(row->server);
  const auto who = servers.size() == 1   ? servers.begin()->text()
                   : servers.size() == 2 ? "both servers"
                                         : fmt::format("all {} servers", servers.size());
  return fmt::format("{}: {} over {}, {}; slowest {} ms", who, right_of(rows), transports(rows), families(rows), slowest(rows).count());
}

/// One server address over one transport: manners that were all well, or all not, share a line.
void add_lines(const Rows& rows, bool whole, std::vector<ProofLine>& out) {
  const bool alike = all_well(rows) || std::ranges::none_of(rows, is_well);
  if (alike && !whole) return out.push_back(line_of(rows, ""));
  Rows well;
  for (const auto* row : rows) {
    if (is_well(row) && !whole) well.push_back(row);
    else out.push_back(line_of({row}, std::string(to_word(row->manner))));
  }
  if (!well.empty()) out.push_back(line_of(well, "the others"));
}

ProofTable table_of(const Rows& rows, bool whole) {
  const auto& first = *rows.front();
  ProofTable out{dns::to_text(first.question.type) + " " + first.question.name.text(), first.expected, {}, {}};
  if (all_well(rows)) out.sentence = everything_well(rows);
  if (!out.sentence.empty() && !whole) return out;
  std::map<std::pair<dns::Name, net::Endpoint>, std::map<bool, Rows>> servers;
  for (const auto* row : rows) servers[{row->server, row->endpoint}][row->tcp].push_back(row);
  for (const auto& [server, by_transport] : servers) {
    Rows all;
    for (const auto& [tcp, its] : by_transport) all.insert(all.end(), its.begin(), its.end());
    if (all_well(all) && !whole) out.lines.push_back(line_of(all, ""));
    else
      for (const auto& [tcp, its] : by_transport) add_lines(its, whole, out.lines);
  }
  return out;
}

constexpr std::string_view headings[] = {"SERVER", "ADDRESS", "OVER", "MANNER", "RIGHT", "ELSE", "MS"};

Row cells(const ProofLine& line) {
  return {line.server, line.address, line.over, line.manner.empty() ? "all" : line.manner, line.right, line.otherwise, line.times};
}

std::string with_answer(const ProofTable& table) { return table.question + (table.expected.empty() ? "" : " = " + table.expected); }

/// Calls with each address that was proved.
template <typename Tell>
void for_each_proved(const Result& result, Tell tell) {
  for (const auto& at : result.evidence.addresses)
    if (!at.proof.empty()) tell(at);
}

}  // namespace

std::vector<ProofTable> proof_tables(const evidence::AddressEvidence& address, bool whole) {
  std::vector<std::pair<dns::Question, Rows>> questions;
  for (const auto& row : address.proof) {
    auto place = std::ranges::find(questions, row.question, &std::pair<dns::Question, Rows>::first);
    if (place == questions.end()) place = questions.insert(questions.end(), {row.question, {}});
    place->second.push_back(&row);
  }
  std::vector<ProofTable> out;
  for (const auto& [question, rows] : questions) out.push_back(table_of(rows, whole));
  return out;
}

std::string proof_heading(const Result& result) {
  unsigned times = 0;
  for_each_proved(result, [&](const auto& at) {
    for (const auto& row : at.proof) times = std::max(times, row.asked);
  });
  if (times == 0) return "";
  return fmt::format("Proof of {}: each question {} times: plain, EDNS, EDNS with DO, mixed letter case",
                     base::to_rfc3339(result.evidence.time), times);
}

std::string proof_text(const Result& result, const Style& style) {
  const auto heading = proof_heading(result);
  if (heading.empty()) return "";
  auto out = "\n" + wrap(heading, 0);
  for_each_proved(result, [&](const auto& at) {
    for (const auto& told : proof_tables(at, style.verbose)) {
      out += wrap(with_answer(told), 2);
      if (!told.sentence.empty()) out += wrap(told.sentence, 4);
      if (told.lines.empty()) continue;
      std::vector<Row> rows{Row(std::begin(headings), std::end(headings))};
      for (const auto& line : told.lines) rows.push_back(cells(line));
      out += table(rows, 4);
    }
  });
  return out;
}

std::string proof_markdown(const Result& result, const Style& style) {
  const auto heading = proof_heading(result);
  if (heading.empty()) return "";
  auto out = "\n### " + base::markdown_escaped(heading) + "\n";
  for_each_proved(result, [&](const auto& at) {
    for (const auto& told : proof_tables(at, style.verbose)) {
      out += "\n" + base::markdown_escaped(with_answer(told)) + "\n\n";
      if (!told.sentence.empty()) out += base::markdown_escaped(told.sentence) + "\n";
      if (told.lines.empty()) continue;
      out += "\n| server | address | over | manner | right | else | ms |\n|---|---|---|---|---|---|---|\n";
      for (const auto& line : told.lines) {
        out += "|";
        for (const auto& cell : cells(line)) out += " " + base::markdown_escaped(cell) + " |";
        out += "\n";
      }
    }
  });
  return out;
}

std::string proof_html(const Result& result) {
  const auto heading = proof_heading(result);
  if (heading.empty()) return "";
  auto out = "<h3>" + base::html_escaped(heading) + "</h3>\n";
  for_each_proved(result, [&](const auto& at) {
    for (const auto& told : proof_tables(at, false)) {
      out += "<p>" + base::html_escaped(with_answer(told)) + (told.sentence.empty() ? "" : "<br>" + base::html_escaped(told.sentence)) + "</p>\n";
      if (told.lines.empty()) continue;
      out += "<table><tr><th>server</th><th>address</th><th>over</th><th>manner</th><th>right</th><th>else</th><th>ms</th></tr>\n";
      for (const auto& line : told.lines) {
        out += "<tr>";
        for (const auto& cell : cells(line)) out += "<td>" + base::html_escaped(cell) + "</td>";
        out += "</tr>\n";
      }
      out += "</table>\n";
    }
  });
  return out;
}

Json proof_json(const evidence::AddressEvidence& address) {
  auto out = Json::array();
  for (const auto& row : address.proof) {
    auto others = Json::array();
    for (const auto& [status, count] : row.others) others.push_back({{"status", to_word(status)}, {"count", count}});
    Json ms = nullptr;
    if (row.asked > evidence::unanswered(row))
      ms = {{"fastest", row.fastest.count()}, {"median", row.median.count()}, {"slowest", row.slowest.count()}};
    out.push_back({{"question", {{"name", row.question.name.text()}, {"type", dns::to_text(row.question.type)}}},
                   {"expected", row.expected.empty() ? Json(nullptr) : Json(row.expected)},
                   {"server", row.server.text()}, {"address", row.endpoint.address.text()}, {"transport", row.tcp ? "tcp" : "udp"},
                   {"manner", to_word(row.manner)}, {"asked", row.asked}, {"right", row.right}, {"others", std::move(others)},
                   {"ms", std::move(ms)}});
  }
  return out;
}

}  // namespace fcrdns::report
