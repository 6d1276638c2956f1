#include "fcrdns/fleet/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "fcrdns/base/markup.hpp"
#include "fcrdns/fleet/words.hpp"

namespace fcrdns::fleet {
namespace {

constexpr std::size_t most_bars = 40, shown_classes = 5;  // bad input has no prefix
constexpr int width = 960, height = 22, gap = 6, label = 250, figures = 170;

using base::html_escaped;
using Cells = Prefixes::Cells;

/// "own name, confirms 2,310 (14 %), no PTR ..."
std::string in_words(const Cells& cells, std::uint64_t all) {
  std::string out;
  for (std::size_t i = 0; i < shown_classes; ++i)
    if (cells[i] > 0) out += fmt::format("{}{} {} ({})", out.empty() ? "" : "; ", to_label(static_cast<Class>(i)), grouped(cells[i]), share(cells[i], all));
  return out;
}

std::uint64_t broken_of(const Cells& cells) {
  return cells[static_cast<std::size_t>(Class::no_ptr)] + cells[static_cast<std::size_t>(Class::mismatch)];
}

std::string bar(const Cells& cells, std::uint64_t all, int x, int y, int room) {
  std::string out;
  double from = x;
  for (std::size_t i = 0; i < shown_classes; ++i) {
    if (cells[i] == 0 || all == 0) continue;
    const auto part = static_cast<double>(cells[i]) / static_cast<double>(all) * room;
    out += fmt::format("<rect class=\"c{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>", i, from, y, std::max(part, 0.5), height);
    from += part;
  }
  return out;
}

std::string svg(int high, const std::string& title, const std::string& inside) {
  return fmt::format("<svg role=\"img\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title>\n{}</svg>\n", width, high, title, inside);
}

double broken_share(const Prefixes::Entry& entry) {
  return entry.sum() == 0 ? 0 : static_cast<double>(broken_of(entry.cells)) / static_cast<double>(entry.sum());
}

}  // namespace

std::string whole_bar(const Counts& counts) {
  Cells cells{};
  std::ranges::copy_n(counts.begin(), shown_classes, cells.begin());
  std::uint64_t all = 0;
  for (const auto each : cells) all += each;
  return svg(height + gap, html_escaped(in_words(cells, all)), bar(cells, all, 0, 0, width));
}

std::string prefix_chart(const Prefixes& prefixes) {
  auto entries = prefixes.entries(most_bars);
  if (entries.size() < 2) return {};
  std::ranges::stable_sort(entries, std::greater{}, broken_share);
  std::string bars;
  int y = 0;
  for (const auto& entry : entries) {
    const auto text = entry.prefix.length == 0 ? std::string(entry.prefix.base.is_v4() ? "IPv4" : "IPv6") : entry.prefix.text();
    bars += fmt::format("<g><title>{}: {}</title><text x=\"0\" y=\"{}\">{}</text>{}<text class=\"n\" x=\"{}\" y=\"{}\">{} of {}</text></g>\n",
                        html_escaped(text), html_escaped(in_words(entry.cells, entry.sum())), y + 16, html_escaped(text),
                        bar(entry.cells, entry.sum(), label, y, width - label - figures), width, y + 16,
                        about(static_cast<double>(broken_of(entry.cells))), about(static_cast<double>(entry.sum())));
    y += height + gap;
  }
  std::string legend;
  for (std::size_t i = 0; i < shown_classes; ++i)
    legend += fmt::format("<span class=\"key k{}\"></span>{} &ensp; ", i, to_label(static_cast<Class>(i)));
  return "<h2>Where</h2>\n<p>Each bar is a block of addresses, the one with the largest broken share first; at its end, how many are broken.</p>\n<p>" + legend +
         "</p>\n" + svg(y, "Verdicts per block of addresses, the worst first", bars);
}

}  // namespace fcrdns::fleet
