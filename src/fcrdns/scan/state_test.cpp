#include "fcrdns/scan/state.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace fcrdns::scan {
namespace {

TEST(Done, knows_what_was_added) {
  std::mt19937 random(7);
  Done done;
  std::set<std::pair<std::uint64_t, std::uint16_t>> added;
  for (int i = 0; i < 60'000; ++i) {
    const sweep::Place place{random() % 300 * (i % 2 == 0 ? 1U : 977U), static_cast<std::uint16_t>(random() % 256)};
    done.add(place);
    added.emplace(place.unit, place.index);
  }
  for (std::uint16_t i = 0; i < 256; ++i) done.add({0, i}), added.emplace(0, i);
  std::string octets;
  done.write(octets);
  const auto read = Done::read(octets);
  ASSERT_TRUE(read);
  for (const Done* each : {static_cast<const Done*>(&done), static_cast<const Done*>(&*read)}) {
    EXPECT_EQ(each->count(), added.size());
    EXPECT_TRUE(each->unit(0));
    EXPECT_FALSE(each->unit(299));
    for (std::uint64_t unit = 0; unit < 1000; ++unit)
      for (std::uint16_t index = 0; index < 256; ++index) ASSERT_EQ(each->target({unit, index}), added.contains({unit, index})) << unit << " " << index;
  }
}

TEST(Done, stays_small_when_all_is_through) {
  Done done;
  for (std::uint64_t unit = 0; unit < 20'000; ++unit)
    for (std::uint16_t index = 0; index < 256; ++index) done.add({unit, index});
  std::string octets;
  done.write(octets);
  EXPECT_LT(octets.size(), 10'000U);
  EXPECT_TRUE(done.unit(19'999));
  EXPECT_FALSE(done.unit(20'000));
  EXPECT_EQ(done.count(), 5'120'000U);
}

State sample() {
  State state;
  state.identity = {{"--format", "tsv"}, {"the input", "list.txt"}};
  state.key = 0xfedcba9876543210;
  state.octets = 12345;
  state.liars = {*net::Prefix::parse("10.20.0.0/16")};
  state.done.add({3, 4});
  return state;
}

TEST(State, comes_back) {
  const auto state = read_state(write_state(sample()));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->identity, sample().identity);
  EXPECT_EQ(state->key, sample().key);
  EXPECT_EQ(state->octets, 12345U);
  EXPECT_EQ(state->liars, sample().liars);
  EXPECT_TRUE(state->done.target({3, 4}));
  EXPECT_FALSE(state->finished);
}

// H093
TEST(State, whatever_is_cut_or_changed_is_seen) {
  const auto whole = write_state(sample());
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(read_state(std::string_view(whole).substr(0, size))) << size;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(read_state(changed)) << at;
  }
  EXPECT_FALSE(read_state(whole + "x"));
}

TEST(State, another_scan_is_told_by_what_differs) {
  const Identity then{{"--format", "tsv"}, {"the input", "a"}};
  EXPECT_EQ(difference(then, then), "");
  EXPECT_EQ(difference(then, {{"--format", "csv"}, {"the input", "a"}}), "--format: then tsv, now csv");
}

}  // namespace
}  // namespace fcrdns::scan
