#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fcrdns/explanation/blocks.hpp"

namespace fcrdns::explanation {
namespace {

constexpr std::size_t max_bars = 24, width = 50;
constexpr std::array<int, 7> bar_hours{1, 2, 6, 12, 24, 168, 720};

using Moment = std::chrono::sys_time<std::chrono::hours>;

Moment begin_of(Moment hour, int hours) { return Moment{hour.time_since_epoch() / hours * hours}; }

std::string label(Moment begin, int hours) {
  const auto text = base::to_rfc3339(begin);
  return hours < 24 ? text.substr(0, 10) + " " + text.substr(11, 5) : text.substr(0, 10);
}

}  // namespace

std::string chart(const Summary& summary) {
  const auto& timeline = summary.timeline;
  if (timeline.size() < 2) return "";
  const auto first = timeline.begin()->first, last = timeline.rbegin()->first;
  const auto* const fits = std::ranges::find_if(bar_hours, [&](int hours) {
    return static_cast<std::size_t>((last - begin_of(first, hours)).count() / hours) < max_bars;
  });
  const int hours = fits == bar_hours.end() ? static_cast<int>((last - first).count() / static_cast<long>(max_bars) + 1) : *fits;
  std::vector<std::pair<Moment, Hour>> bars;
  for (auto begin = begin_of(first, hours); begin <= last; begin += std::chrono::hours{hours}) bars.push_back({begin, {}});
  std::size_t most = 1;
  for (const auto& [hour, counts] : timeline) {
    auto& bar = bars[static_cast<std::size_t>((hour - bars.front().first).count() / hours)].second;
    bar.reverse_dns += counts.reverse_dns;
    bar.other += counts.other;
    most = std::max(most, bar.reverse_dns + bar.other);
  }
  std::string out;
  for (const auto& [begin, counts] : bars) {
    const auto length = [&](std::size_t count) { return count == 0 ? 0 : std::max<std::size_t>(1, count * width / most); };
    const auto bar = std::string(length(counts.reverse_dns), '#') + std::string(length(counts.other), '.');
    out += fmt::format("{}  {:>7}  {}\n", label(begin, hours), counts.reverse_dns + counts.other, bar);
  }
  return out;
}

}  // namespace fcrdns::explanation
