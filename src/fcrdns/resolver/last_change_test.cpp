// What a zone's serial proves; one line per case.
#include "fcrdns/resolver/last_change.hpp"

#include <gtest/gtest.h>

namespace fcrdns::resolver {

TEST(LastChange, is_told_by_the_serial) {
  const struct {
    std::vector<std::optional<std::uint32_t>> serials;
    const char* expected;  // "": nothing is proven
  } rows[] = {
      {{}, ""},
      {{std::nullopt}, ""},
      {{7}, ""},
      {{2026112001}, "2026-11-21T12:00:00Z"},  // the end of that day, in the last time zone
      {{2026112001, std::nullopt, 2026112001}, "2026-11-21T12:00:00Z"},
      {{2026112001, 2026112002}, ""},
      {{2026112201}, "2026-11-23T12:00:00Z"},  // tomorrow: it is that already somewhere
      {{2026112301}, ""},
      {{2026133101}, ""},
      {{1999010101}, ""},                      // a time in 2033
      {{1795266000}, "2026-11-21T13:00:00Z"},
      {{1795266121}, ""},                      // a second ahead
  };
  for (const auto& [serials, expected] : rows) {
    Walk walk;
    for (const auto& serial : serials) walk.servers.emplace_back().serial = serial;
    const auto changed = changed_at_latest(walk, base::parse_rfc3339("2026-11-21T13:02:00Z").value());
    EXPECT_EQ(changed ? base::to_rfc3339(*changed) : "", expected) << (serials.empty() ? 0 : serials.front().value_or(0));
  }
}

}  // namespace fcrdns::resolver
