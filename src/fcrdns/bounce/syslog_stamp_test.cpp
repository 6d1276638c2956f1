#include "fcrdns/bounce/syslog_stamp.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace fcrdns::bounce {
namespace {

base::WallTime at(const char* text) { return base::parse_rfc3339(text).value(); }

/// The zone of this machine while one test runs.
class Zone {
 public:
  explicit Zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() {
    unsetenv("TZ");
    tzset();
  }
};

struct Row {
  const char* zone;
  const char* now;
  const char* text;
  const char* time;  // "-": no stamp
  std::size_t size;
};

TEST(SyslogStamp, EveryForm) {
  const Row rows[] = {
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 21 19:10:49 out", "2026-11-21T19:10:49Z", 15},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov  1 19:10:49 out", "2026-11-01T19:10:49Z", 15},
      {"CET-1", "2026-11-22T08:00:00Z", "Nov 21 19:10:49 out", "2026-11-21T18:10:49Z", 15},
      {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-11-22T08:00:00Z", "Jul 21 19:10:49 out", "2026-07-21T17:10:49Z", 15},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 21 2024 19:10:49 out", "2024-11-21T19:10:49Z", 20},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 21 19:10:49.123456 out", "2026-11-21T19:10:49Z", 22},
      // New Year, and clocks that run ahead
      {"UTC0", "2027-01-01T00:00:05Z", "Dec 31 23:59:59 out", "2026-12-31T23:59:59Z", 15},
      {"UTC0", "2027-01-01T00:00:05Z", "Jan  1 00:00:01 out", "2027-01-01T00:00:01Z", 15},
      {"UTC0", "2026-12-31T23:59:50Z", "Jan  1 00:00:01 out", "2027-01-01T00:00:01Z", 15},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 23 07:00:00 out", "2026-11-23T07:00:00Z", 15},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 24 19:10:49 out", "2025-11-24T19:10:49Z", 15},
      {"UTC0", "2026-11-22T08:00:00Z", "Feb 29 19:10:49 out", "2024-02-29T19:10:49Z", 15},
      {"UTC0", "2026-11-22T08:00:00Z", "2026-11-21T19:10:49Z out", "2026-11-21T19:10:49Z", 20},
      {"UTC0", "2026-11-22T08:00:00Z", "2026-11-21T19:10:49.123456+01:00 out", "2026-11-21T18:10:49Z", 32},
      {"UTC0", "2026-11-22T08:00:00Z", "2026-11-21T19:10:49-0530 out", "2026-11-22T00:40:49Z", 24},
      {"CET-1", "2026-11-22T08:00:00Z", "2026-11-21 19:11:39 1xUqUt-0007fN-0Q", "2026-11-21T18:11:39Z", 19},
      {"CET-1", "2026-11-22T08:00:00Z", "2026-11-21 19:11:39.123 +0200 1xUqUt", "2026-11-21T17:11:39Z", 29},
      {"UTC0", "2026-11-22T08:00:00Z", "@400000006a0eb3f90e6b2a1c x", "2026-05-21T07:27:43Z", 25},
      {"UTC0", "2026-11-22T08:00:00Z", "1795288249.123456 delivery 1: x", "2026-11-21T19:10:49Z", 17},
      {"UTC0", "2026-11-22T08:00:00Z", "2026-11-21T19:10:60Z out", "2026-11-21T19:10:59Z", 20},  // a leap second
      {"UTC0", "2026-11-22T08:00:00Z", "Feb 30 19:10:49 out", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 31 19:10:49 out", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov 21 24:10:49 out", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "Foo 21 19:10:49 out", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "2026-13-21T19:10:49Z", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "2026-02-29T19:10:49Z", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "@4fffffffffffffffffffffff x", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "@00000000000000000000000", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "Nov", "-", 0},
      {"UTC0", "2026-11-22T08:00:00Z", "", "-", 0},
  };
  for (const auto& row : rows) {
    const Zone zone(row.zone);
    const auto stamp = StampReader(at(row.now)).read(row.text);
    ASSERT_EQ(stamp.has_value(), row.time[0] != '-') << row.text;
    if (!stamp) continue;
    EXPECT_EQ(base::to_rfc3339(stamp->time), row.time) << row.text;
    EXPECT_EQ(stamp->size, row.size) << row.text;
  }
}

TEST(SyslogStamp, OneReaderForManyLinesSaysTheSame) {
  const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  StampReader reader(at("2027-01-01T00:00:05Z"));
  for (int round = 0; round < 2; ++round)
    for (const char* text : {"Dec 31 23:59:59 x", "Jan  1 00:00:01 x", "Jul 21 19:10:49 x", "Jul 21 20:10:49 x", "Dec 31 23:59:59 x"})
      EXPECT_EQ(reader.read(text)->time, StampReader(at("2027-01-01T00:00:05Z")).read(text)->time) << text;
}

}  // namespace
}  // namespace fcrdns::bounce
