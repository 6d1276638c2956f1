#include <gtest/gtest.h>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/base/time.hpp"

namespace fcrdns::base {

TEST(Text, EscapeLeavesOnlyPrintableAscii) {
  EXPECT_EQ(escape("a\x1b[31m\\\xff"), "a\\027[31m\\092\\255");
  EXPECT_EQ(escape("abcdef", 3), "abc...");
}

TEST(Time, Rfc3339RoundTrip) {
  for (const auto* text : {"2026-11-21T13:02:00Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z"})
    EXPECT_EQ(to_rfc3339(*parse_rfc3339(text)), text);
  for (const auto* text : {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T25:00:00Z", "2026-11-21T13:02:00+01:00",
                           "2026-11-21T13:02:00.Z", "2026-11-21T13:02:00x5Z", "2026-11-21T13:02:00.1234xZ"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Time, LeapSecondStaysInItsYear) {
  EXPECT_EQ(to_rfc3339(*parse_rfc3339("9999-12-31T23:59:60Z")), "9999-12-31T23:59:59Z");
}

TEST(Time, Durations) {
  struct Row { const char* text; long ms; };
  for (const auto& [text, ms] : {Row{"500ms", 500}, {"10s", 10'000}, {"2min", 120'000}, {"1h", 3'600'000}, {"7", 7'000}})
    EXPECT_EQ(parse_duration(text).value_or(Milliseconds{-1}).count(), ms) << text;
  for (const auto* text : {"", "0", "s", "-1s", "1.5s", "1 s", "99999h", "10sec"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(DataFiles, AreCompiledIn) {
  ASSERT_TRUE(data_file("special_purpose.tsv"));
  EXPECT_TRUE(data_file("special_purpose.tsv")->starts_with("family\t"));
  EXPECT_FALSE(data_file("nothing"));
}

TEST(Text, without_final_dot) {
  const std::pair<const char*, const char*> rows[] = {{"example.com.", "example.com"}, {"example.com", "example.com"}, {".", "."}, {"", ""}};
  for (const auto& [given, shown] : rows) EXPECT_EQ(without_final_dot(given), shown) << given;
}

TEST(Text, json_depth_is_counted_outside_of_strings) {
  const std::pair<const char*, std::size_t> rows[] = {
      {"", 0}, {"1", 0}, {"[]", 1}, {R"({"a": [1, [2]]})", 3}, {R"(["[[[", 1])", 1}, {R"(["\"[[", []])", 2}, {"[[[[", 4}, {"]]]][", 1}};
  for (const auto& [text, depth] : rows) EXPECT_EQ(json_depth(text), depth) << text;
}

}  // namespace fcrdns::base
