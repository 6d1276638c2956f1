#include "fcrdns/base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fcrdns::base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// All of `text` as a number, or nothing.
bool number(std::string_view text, unsigned& out) {
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && at == end && !text.empty();
}

}  // namespace

std::string to_rfc3339(WallTime time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<Seconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

Expected<WallTime> parse_rfc3339(std::string_view text) {
  const auto bad = [&] { return fault("not a time like 2026-11-21T13:02:00Z"); };
  if (text.size() < 20 || text.size() > 30 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || text.back() != 'Z')
    return bad();
  unsigned y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0;
  if (!number(text.substr(0, 4), y) || !number(text.substr(5, 2), mo) || !number(text.substr(8, 2), d) ||
      !number(text.substr(11, 2), h) || !number(text.substr(14, 2), mi) || !number(text.substr(17, 2), s))
    return bad();
  if (text.size() > 20) {
    std::string digits(text.substr(20, text.size() - 21));
    if (text[19] != '.' || digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return bad();
    digits.resize(3, '0');
    if (!number(digits, ms)) return bad();
  }
  const year_month_day date{std::chrono::year{static_cast<int>(y)}, std::chrono::month{mo}, std::chrono::day{d}};
  if (!date.ok() || h > 23 || mi > 59 || s > 60) return bad();
  s = std::min(s, 59U);  // a leap second (RFC 3339 5.7) is held for the second before: it stays in its day and year
  return WallTime{sys_days{date}} + std::chrono::hours{h} + std::chrono::minutes{mi} + Seconds{s} + Milliseconds{ms};
}

Expected<Milliseconds> parse_duration(std::string_view text) {
  const auto bad = [] { return fault("not a duration; write it like 500ms, 10s, 2min or 1h (up to 30 days)"); };
  const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
  const auto unit = text.substr(digits.size());
  unsigned value = 0;
  if (!number(digits, value)) return bad();
  std::uint64_t factor = 0;
  if (unit == "ms") factor = 1;
  else if (unit == "s" || unit.empty()) factor = 1000;
  else if (unit == "min" || unit == "m") factor = 60'000;
  else if (unit == "h") factor = 3'600'000;
  else if (unit == "d") factor = 86'400'000;
  else return bad();
  const std::uint64_t ms = value * factor;
  if (ms == 0 || ms > 30ULL * 24 * 3'600'000) return bad();
  return Milliseconds{ms};
}

}  // namespace fcrdns::base
