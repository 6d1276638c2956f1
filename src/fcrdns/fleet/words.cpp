#include "fcrdns/fleet/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fcrdns::fleet {

std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string about(double number, int digits) {
  if (!(number > 0) || number > 1e18) return "0";
  const auto step = std::max(1.0, std::pow(10.0, std::floor(std::log10(number)) + 1 - digits));
  return grouped(static_cast<std::uint64_t>(std::round(number / step) * step));
}

std::string span(base::Milliseconds time) {
  const auto tenths = (time.count() + 50) / 100;
  if (tenths < 100) return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  const auto seconds = (time.count() + 500) / 1000, minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (minutes < 120) return fmt::format("{} min {} s", minutes, seconds % 60);
  if (hours < 48) return fmt::format("{} h {} min", hours, minutes % 60);
  return fmt::format("{} days {} h", days, hours % 24);
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (part == 0 || whole == 0) return "0 %";
  if (part >= whole) return "100 %";
  const auto percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 1) return "<1 %";
  return fmt::format("{} %", std::min(99, static_cast<int>(std::lround(percent))));
}

}  // namespace fcrdns::fleet
