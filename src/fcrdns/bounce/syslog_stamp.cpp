#include "fcrdns/bounce/syslog_stamp.hpp"

#include <algorithm>
#include <ctime>
#include <iterator>

namespace fcrdns::bounce {
namespace {

using base::Milliseconds;
using base::Seconds;
using base::WallTime;
using Stamp = StampReader::Stamp;

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `count` digits at `at` as a number, or -1.
int number(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// "19:10:49" at `at`; seconds of the day, or -1. A leap second is held for the second before.
int clock(std::string_view text, std::size_t at) {
  if (at + 8 > text.size() || text[at + 2] != ':' || text[at + 5] != ':') return -1;
  const int h = number(text, at, 2), m = number(text, at + 3, 2), s = number(text, at + 6, 2);
  if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60) return -1;
  return h * 3600 + m * 60 + std::min(s, 59);
}

bool is_day(int year, int month, int day) {
  return std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day))}
      .ok();
}

std::int64_t utc(int year, int month, int day) {
  const std::chrono::sys_days date{std::chrono::year{year} / month / day};
  return std::chrono::duration_cast<Seconds>(date.time_since_epoch()).count();
}

WallTime at_second(std::int64_t second, int milliseconds = 0) { return WallTime{Milliseconds{second * 1000 + milliseconds}}; }

/// ".123456789" at `at`: takes it, tells milliseconds.
int fraction(std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size() || (text[at] != '.' && text[at] != ',') || !is_digit(text[at + 1])) return 0;
  int value = 0, place = 100;
  for (++at; at < text.size() && is_digit(text[at]); ++at, place /= 10) value += (text[at] - '0') * place;
  return value;
}

/// "Z", "+01:00", "+0100" at `at`: takes it, tells seconds east of UTC.
std::optional<int> offset(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return std::nullopt;
  if (text[at] == 'Z' || text[at] == 'z') return ++at, 0;
  if (text[at] != '+' && text[at] != '-') return std::nullopt;
  const bool colon = at + 3 < text.size() && text[at + 3] == ':';
  const int h = number(text, at + 1, 2), m = number(text, at + (colon ? 4 : 3), 2);
  if (h < 0 || h > 23 || m < 0 || m > 59) return std::nullopt;
  const int sign = text[at] == '-' ? -1 : 1;
  at += colon ? 6 : 5;
  return sign * (h * 3600 + m * 60);
}

/// "@" and 24 hexadecimal digits: TAI seconds plus 2^62, nanoseconds. TAI is 37 s ahead of UTC since 2017; qmail's
/// own multilog counts 10.
std::optional<Stamp> tai64n(std::string_view text) {
  if (text.size() < 25 || text[0] != '@') return std::nullopt;
  std::uint64_t seconds = 0, nanoseconds = 0;
  for (std::size_t i = 1; i < 25; ++i) {
    const char c = text[i];
    const int digit = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    auto& value = i <= 16 ? seconds : nanoseconds;
    value = value << 4 | static_cast<unsigned>(digit);
  }
  constexpr std::uint64_t begin = (std::uint64_t{1} << 62) + 10;
  if (seconds < begin || seconds - begin > 4'102'444'800) return std::nullopt;  // behind the year 2100
  return Stamp{at_second(static_cast<std::int64_t>(seconds - begin), static_cast<int>(std::min<std::uint64_t>(nanoseconds / 1'000'000, 999))), 25};
}

/// "1795288249.123456": seconds since 1970, ten digits.
std::optional<Stamp> since_1970(std::string_view text) {
  if (text.size() < 12 || text[10] != '.' || !is_digit(text[0]) || !is_digit(text[11])) return std::nullopt;
  std::int64_t second = 0;
  for (const char c : text.substr(0, 10)) {
    if (!is_digit(c)) return std::nullopt;
    second = second * 10 + (c - '0');
  }
  std::size_t at = 10;
  const int milliseconds = fraction(text, at);
  return Stamp{at_second(second, milliseconds), at};
}

}  // namespace

std::int64_t StampReader::local_hour(int year, int month, int day, int hour) {
  const std::array key{year, month, day, hour};
  if (key == hour_key_) return hour_;
  std::tm local{};
  local.tm_year = year - 1900;
  local.tm_mon = month - 1;
  local.tm_mday = day;
  local.tm_hour = hour;
  local.tm_isdst = -1;
  hour_key_ = key;
  return hour_ = static_cast<std::int64_t>(std::mktime(&local));
}

int StampReader::year_of(int month, int day, int hour) {
  const std::array key{month, day, hour};
  if (key == year_key_) return year_;
  const auto latest = now_ + std::chrono::hours{24};
  const auto this_year = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(latest)}.year());
  int year = this_year;
  for (; year > this_year - 8; --year)  // February 29 may be eight years ago
    if (is_day(year, month, day) && at_second(local_hour(year, month, day, hour)) <= latest) break;
  year_key_ = key;
  return year_ = year;
}

std::optional<Stamp> StampReader::traditional(std::string_view text) {
  if (text.size() < 15 || text[3] != ' ' || text[6] != ' ') return std::nullopt;
  const auto* const month = std::ranges::find(months, text.substr(0, 3));
  if (month == std::end(months)) return std::nullopt;
  const int month_number = static_cast<int>(month - std::begin(months)) + 1;
  const int day = text[4] == ' ' ? number(text, 5, 1) : number(text, 4, 2);
  if (day < 1 || day > 31) return std::nullopt;
  std::size_t at = 7;
  int year = -1;
  if (const int given = number(text, 7, 4); given >= 1970 && text.size() >= 20 && text[11] == ' ') {  // "Nov 21 2026 19:10:49"
    year = given;
    at = 12;
  }
  const int second = clock(text, at);
  if (second < 0) return std::nullopt;
  if (year < 0) year = year_of(month_number, day, second / 3600);
  if (!is_day(year, month_number, day)) return std::nullopt;
  at += 8;
  const auto hour = local_hour(year, month_number, day, second / 3600);
  const int milliseconds = fraction(text, at);
  return Stamp{at_second(hour + second % 3600, milliseconds), at};
}

std::optional<Stamp> StampReader::dated(std::string_view text) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const int year = number(text, 0, 4), month = number(text, 5, 2), day = number(text, 8, 2), second = clock(text, 11);
  if (year < 1970 || year > 2999 || month < 1 || month > 12 || day < 1 || second < 0 || !is_day(year, month, day)) return std::nullopt;
  std::size_t at = 19;
  const int milliseconds = fraction(text, at);
  auto zone_at = at;
  if (text.substr(at).starts_with(" +") || text.substr(at).starts_with(" -")) ++zone_at;
  if (const auto east = offset(text, zone_at)) return Stamp{at_second(utc(year, month, day) + second - *east, milliseconds), zone_at};
  return Stamp{at_second(local_hour(year, month, day, second / 3600) + second % 3600, milliseconds), at};
}

std::optional<Stamp> StampReader::read(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text[0] >= 'A' && text[0] <= 'Z') return traditional(text);
  if (text[0] == '@') return tai64n(text);
  if (!is_digit(text[0])) return std::nullopt;
  if (const auto stamp = dated(text)) return stamp;
  return since_1970(text);
}

}  // namespace fcrdns::bounce
