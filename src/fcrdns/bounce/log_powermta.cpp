// PowerMTA's accounting file: CSV (RFC 4180), whose first line names the columns. Types: b (bounced), t (tried again),
// rb (bounced later, told by a mail), d (delivered).
#include <algorithm>
#include <iterator>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t absent = std::string_view::npos;
constexpr std::size_t max_cells = 200;

/// The columns by their names; a file has one of those that share a row.
struct Name {
  std::string_view name;
  PowerMta::Column column;
};
constexpr Name names[] = {
    {"type", PowerMta::type},          {"timelogged", PowerMta::time_logged}, {"orig", PowerMta::orig},
    {"rcpt", PowerMta::rcpt},          {"dsndiag", PowerMta::dsn_diag},       {"dsnmta", PowerMta::dsn_mta},
    {"dlvsourceip", PowerMta::source_ip}, {"srcip", PowerMta::source_ip},     {"jobid", PowerMta::job_id},
};

/// Takes the next cell off `line`, quotes undone.
void take_cell(std::string_view& line, std::string& cell) {
  cell.clear();
  if (line.starts_with('"')) {
    line.remove_prefix(1);
    while (!line.empty()) {
      const auto end = line.find('"');
      cell.append(line.substr(0, end));
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
      if (!line.starts_with('"')) break;
      cell += '"';
      line.remove_prefix(1);
    }
  }
  const auto end = line.find(',');
  cell.append(line.substr(0, end));
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
}

}  // namespace

bool PowerMta::header(std::string_view line) {
  place_.fill(absent);
  if (!line.starts_with("type,")) return false;
  std::size_t place = 0;
  for (const auto name : base::split(base::trim(line).substr(0, 16 * 1024), ',')) {
    const auto lowered = base::to_lower(base::trim(name));
    const auto* const found = std::ranges::find(names, lowered, &Name::name);
    if (found != std::end(names) && (place_[found->column] == absent || lowered == "dlvsourceip")) place_[found->column] = place;
    ++place;
  }
  return place_[rcpt] != absent && place_[dsn_diag] != absent;
}

bool PowerMta::record(std::string_view line, Reporter& reporter) {
  const auto kind = line.substr(0, line.find(','));
  if (kind == "d") return reporter.accepted(1), true;
  if (kind != "b" && kind != "t" && kind != "rb") return false;
  for (auto& cell : cell_) cell.clear();
  std::string cell;
  for (std::size_t place = 0; !line.empty() && place < max_cells; ++place) {
    take_cell(line, cell);
    const auto column = std::ranges::find(place_, place);
    if (column != place_.end()) cell_[static_cast<std::size_t>(column - place_.begin())] = cell;
  }
  // "smtp;550 5.7.25 ..."; with "x-pmta;" PowerMTA itself tells why
  std::string_view diagnostic = cell_[dsn_diag];
  if (!base::to_lower(diagnostic.substr(0, 5)).starts_with("smtp;")) return true;
  diagnostic.remove_prefix(5);
  diagnostic = base::trim(diagnostic);

  LogLine row;
  if (const auto stamp = reporter.stamps().read(cell_[time_logged])) row.time = stamp->time;
  auto& claim = reporter.begin("powermta", Direction::outbound, row);
  put(claim.queue_id, cell_[job_id]);
  put(claim.sender, cell_[orig]);
  put(claim.recipient, cell_[rcpt]);
  const std::string_view server = cell_[dsn_mta];  // "mx1.free.fr (127.0.0.14)"
  put(claim.remote_mta, server.substr(0, server.find(' ')));
  put_address(claim, cell_[source_ip]);
  claim.permanent = kind != "t";
  reporter.finish(diagnostic);
  return true;
}

}  // namespace fcrdns::bounce
