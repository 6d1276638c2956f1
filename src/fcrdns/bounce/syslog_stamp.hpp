// Times as logs write them: "Nov 21 19:10:49" without a year (RFC 3164), RFC 3339 with fraction and offset (RFC 5424),
// "2026-11-21 19:11:39" (Exim, local time unless an offset follows), TAI64N (multilog), seconds since 1970 (splogger).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "fcrdns/base/time.hpp"

namespace fcrdns::bounce {

class StampReader {
 public:
  /// `now` tells the year of stamps without one: the latest that does not lie more than a day ahead of it. Stamps
  /// without an offset are of this machine's time zone.
  explicit StampReader(base::WallTime now) : now_(now) {}

  struct Stamp {
    base::WallTime time;
    std::size_t size = 0;  ///< octets it takes, without the blank behind it
  };
  /// A stamp that `text` begins with.
  [[nodiscard]] std::optional<Stamp> read(std::string_view text);

 private:
  [[nodiscard]] std::optional<Stamp> traditional(std::string_view text);
  [[nodiscard]] std::optional<Stamp> dated(std::string_view text);
  /// The local hour's begin, kept from stamp to stamp: mktime is slow.
  [[nodiscard]] std::int64_t local_hour(int year, int month, int day, int hour);
  [[nodiscard]] int year_of(int month, int day, int hour);

  base::WallTime now_;
  std::array<int, 4> hour_key_{-1, -1, -1, -1};
  std::int64_t hour_ = 0;
  std::array<int, 3> year_key_{-1, -1, -1};
  int year_ = 0;
};

}  // namespace fcrdns::bounce
