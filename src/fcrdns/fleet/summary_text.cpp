// The summary on a terminal: the sentence, the table, what to do.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/chart.hpp"
#include "fcrdns/fleet/summary.hpp"
#include "fcrdns/fleet/trouble.hpp"
#include "fcrdns/fleet/words.hpp"

namespace fcrdns::fleet {
namespace {

std::uint64_t undetermined(const Summary& summary) { return summary.tally->all()[static_cast<std::size_t>(Class::undetermined)]; }

std::string asked(const Summary& summary) {
  const auto servers = summary.counts.servers > 0 ? summary.counts.servers : summary.servers.size();
  const auto seconds = static_cast<double>(summary.took.count()) / 1000;
  if (servers == 0 || summary.counts.packets == 0 || seconds <= 0) return {};
  return fmt::format(", {} server{} asked at {} q/s", grouped(servers), servers == 1 ? "" : "s",
                     about(static_cast<double>(summary.counts.packets) / seconds, 2));
}

}  // namespace

std::string to_sentence(const Summary& summary) {
  const auto rows = summary.tally->total();
  const auto open = undetermined(summary);
  auto out = summary.interrupted ? "Stopped after " + grouped(rows) : grouped(rows);
  if (summary.interrupted && summary.total > rows) out += " of " + grouped(summary.total);
  out += fmt::format(" address{} in {}{}; nothing lost", rows == 1 && summary.total <= 1 ? "" : "es", span(summary.took), asked(summary));
  if (open > 0) out += fmt::format("; {} undetermined (not counted as broken)", grouped(open));
  return out;
}

std::string to_note(const Summary& summary, Class in) {
  if (in == Class::default_name) return "confirms; some receivers refuse the name";
  if (in == Class::undetermined) return where_undetermined(*summary.tally, summary.counts, summary.servers);
  if (in == Class::bad_input) return "a line of the input that cannot be read";
  return {};
}

namespace {

std::string change(std::uint64_t now, std::uint64_t before) {
  if (now == before) return "0";
  return now > before ? "+" + grouped(now - before) : "-" + grouped(before - now);
}

std::string table(const Summary& summary) {
  struct Line {
    Class in;
    std::array<std::string, 3> cells;
  };
  const auto& now = summary.tally->all();
  std::vector<Line> lines;
  std::array<std::size_t, 3> widths{};
  for (std::size_t i = 0; i < classes; ++i) {
    const auto before = summary.changes ? summary.changes->before[i] : 0;
    if (static_cast<Class>(i) == Class::bad_input && now[i] == 0 && before == 0) continue;
    lines.push_back({static_cast<Class>(i), {grouped(now[i])}});
    if (summary.changes) lines.back().cells = {grouped(now[i]), grouped(before), change(now[i], before)};
    for (std::size_t c = 0; c < widths.size(); ++c) widths[c] = std::max(widths[c], lines.back().cells[c].size());
  }
  widths[0] = std::max<std::size_t>(widths[0], 3);
  auto out = fmt::format("  {:18}  {:^{}}", "", "ALL", widths[0]);
  if (summary.changes) out += "   " + base::escape(summary.changes->before_name, 40);
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
  for (const auto& [in, cells] : lines) {
    out += fmt::format("  {:18}  {:>{}}", to_label(in), cells[0], widths[0]);
    if (summary.changes) out += fmt::format("   {:>{}}  {:>{}}", cells[1], widths[1], cells[2], widths[2]);
    if (const auto words = to_note(summary, in); !words.empty()) out += "   " + words;
    out += '\n';
  }
  return out;
}

std::string last_line(const Summary& summary) {
  std::string out;
  if (const auto& changes = summary.changes) {
    out += fmt::format("Mended since: {}. Newly broken: {}", grouped(changes->mended), grouped(changes->broken));
    if (!changes->newly_broken.empty())
      out += fmt::format(" ({}{})", changes->newly_broken.front(), changes->broken > 1 ? ", ..." : "");
    out += '.';
    if (changes->added > 0) out += fmt::format(" New in the list: {}.", grouped(changes->added));
    if (changes->gone > 0 && !summary.interrupted) out += fmt::format(" Gone from it: {}.", grouped(changes->gone));
  }
  if (!summary.output.empty())
    out += fmt::format("{}Rows: fcrdns scan --only broken, {}", out.empty() ? "" : " ", base::escape(summary.output, 255));
  if (!out.empty()) out += '\n';
  if (!summary.interrupted) return out;
  if (!summary.resume.empty()) return out + "To go on: the same command again; " + base::escape(summary.resume, 255) + " knows what is done.\n";
  return out + "With -o FILE and --resume STATE the same command would go on where it stopped.\n";
}

}  // namespace

std::string to_text(const Summary& summary) { return to_sentence(summary) + "\n" + table(summary) + last_line(summary); }

}  // namespace fcrdns::fleet
