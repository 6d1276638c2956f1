// "last-week.tsv" is LAST WEEK, "rows.tsv" of nine days ago is 9 DAYS AGO.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/summary.hpp"

namespace fcrdns::fleet {
namespace {

/// A name that has one of these, or a digit, tells when.
constexpr std::string_view times[] = {"last",   "week",    "yesterday", "month",    "day",    "year",  "before", "previous", "earlier", "old",
                                      "monday", "tuesday", "wednesday", "thursday", "friday", "night", "saturday", "sunday"};
constexpr std::string_view endings[] = {".zst", ".gz", ".xz", ".tsv", ".csv", ".ndjson", ".json", ".txt"};
constexpr std::size_t longest = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view stem(std::string_view path) {
  path = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  for (bool cut = true; cut;) {
    cut = false;
    for (const auto ending : endings)
      if (path.ends_with(ending)) {
        path.remove_suffix(ending.size());
        cut = true;
      }
  }
  return path;
}

bool tells_time(std::string_view name) {
  return std::ranges::any_of(times, [&](auto word) { return name.find(word) != std::string_view::npos; }) ||
         std::ranges::any_of(name, is_digit);
}

std::string age(base::WallTime changed, base::WallTime now) {
  using namespace std::chrono;
  const auto hours = duration_cast<std::chrono::hours>(now - changed).count();
  if (hours < 0 || hours >= 60 * 24) return base::to_rfc3339(changed).substr(0, 10);
  if (hours < 2) return "JUST BEFORE";
  if (hours < 48) return fmt::format("{} HOURS AGO", hours);
  return fmt::format("{} DAYS AGO", hours / 24);
}

}  // namespace

std::string before_name(std::string_view path, base::WallTime changed, base::WallTime now) {
  const auto name = base::to_lower(stem(path));
  const bool plain = std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ' '; });
  if (name.empty() || name.size() > longest || !plain || !tells_time(name)) return age(changed, now);
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool in_date = i > 0 && i + 1 < name.size() && is_digit(name[i - 1]) && is_digit(name[i + 1]);
    const bool blank = name[i] == '_' || (name[i] == '-' && !in_date);
    out += blank ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(name[i])));
  }
  return out;
}

}  // namespace fcrdns::fleet
