// Which targets come out of prefixes: each address once, however it is cut.
#include "fcrdns/sweep/ranges.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "fcrdns/sweep/permutation.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::sweep {
namespace {

std::vector<net::Prefix> prefixes(std::initializer_list<const char*> texts) {
  std::vector<net::Prefix> out;
  for (const auto* text : texts) out.push_back(net::Prefix::parse(text).value());
  return out;
}

class Had final : public Skip {
 public:
  std::set<std::uint64_t> units;
  std::set<std::pair<std::uint64_t, unsigned>> targets;
  [[nodiscard]] bool unit(std::uint64_t number) const override { return units.contains(number); }
  [[nodiscard]] bool target(const Place& place) const override { return targets.contains({place.unit, place.index}); }
};

/// How often each address came out.
std::map<net::Address, int> all(const std::vector<net::Prefix>& of, const RangeOptions& options = {}, const Skip* skip = nullptr) {
  const auto ranges = make_ranges(of, options, nullptr, skip).value();
  std::map<net::Address, int> out;
  Target target;
  while (ranges->next(target) == Targets::Next::target) ++out[target.address];
  return out;
}

TEST(Permutation, IsABijection) {
  for (const std::uint64_t size : {1ULL, 2ULL, 3ULL, 255ULL, 256ULL, 257ULL, 65'537ULL, 1ULL << 24}) {
    std::vector<bool> seen(size);
    const Permutation order(size, 42);
    std::uint64_t hits = 0;
    for (std::uint64_t i = 0; i < size; ++i)
      if (const auto at = order(i); at < size && !seen[at]) seen[at] = true, ++hits;
    EXPECT_EQ(hits, size);
  }
}

TEST(Permutation, KeyMakesTheOrder) {
  const Permutation one(1000, 1), again(1000, 1), other(1000, 2);
  int same = 0, moved = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(one(i), again(i));
    same += one(i) == other(i);
    moved += one(i) != i;
  }
  EXPECT_LT(same, 20);
  EXPECT_GT(moved, 980);
}

TEST(Ranges, EachAddressAsOftenAsItIsNamed) {
  const struct {
    std::vector<net::Prefix> of;
    std::size_t addresses;
    int times;
    const char *first, *last;
  } rows[] = {
      {prefixes({"10.1.0.0/16"}), 65'536, 1, "10.1.0.0", "10.1.255.255"},
      {prefixes({"203.0.113.5/32"}), 1, 1, "203.0.113.5", "203.0.113.5"},
      {prefixes({"203.0.113.128/25"}), 128, 1, "203.0.113.128", "203.0.113.255"},
      {prefixes({"198.18.0.0/23", "198.18.0.0/23"}), 512, 2, "198.18.0.0", "198.18.1.255"},
      {prefixes({"2001:db8::/118"}), 1024, 1, "2001:db8::", "2001:db8::3ff"},
      {prefixes({"2001:db8::ff/128", "192.0.2.0/31"}), 3, 1, "192.0.2.0", "2001:db8::ff"},
      {prefixes({"255.255.254.0/23"}), 512, 1, "255.255.254.0", "255.255.255.255"},
  };
  for (const auto& row : rows)
    for (const bool in_order : {false, true}) {
      const auto out = all(row.of, {.key = 7, .in_order = in_order});
      ASSERT_EQ(out.size(), row.addresses) << row.first;
      for (const auto& [address, times] : out) EXPECT_EQ(times, row.times) << address.text();
      EXPECT_EQ(out.begin()->first.text(), row.first);
      EXPECT_EQ(out.rbegin()->first.text(), row.last);
    }
}

TEST(Ranges, ShardsAreDisjointAndTheWhole) {
  const auto of = prefixes({"10.0.0.0/19", "203.0.113.7/32", "198.18.3.0/26", "2001:db8::/117"});
  std::map<net::Address, int> out;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const RangeOptions options{.shard = {i, 5}, .key = 9, .opt_out = prefixes({"10.0.3.0/24", "10.0.4.128/25", "203.0.113.0/24"})};
    const auto part = all(of, options);
    EXPECT_EQ(make_ranges(of, options, nullptr, nullptr).value()->total(), part.size()) << i;
    for (const auto& [address, times] : part) out[address] += times;
    total += part.size();
  }
  EXPECT_EQ(total, 8192U + 1 + 64 + 2048 - 256 - 128 - 1);
  for (const auto& [address, times] : out) EXPECT_EQ(times, 1) << address.text();
}

TEST(Ranges, OptOutHasNoTarget) {
  const auto out = all(prefixes({"10.0.0.0/22"}), {.opt_out = prefixes({"10.0.1.0/24", "10.0.1.0/25", "10.0.2.7/32", "10.0.2.4/30", "2001:db8::/32"})});
  EXPECT_EQ(out.size(), 1024U - 256 - 4);
  for (const auto* gone : {"10.0.1.0", "10.0.1.255", "10.0.2.4", "10.0.2.7"}) EXPECT_FALSE(out.contains(net::Address::parse(gone).value())) << gone;
}

TEST(Ranges, InOrderAscends) {
  const auto ranges = make_ranges(prefixes({"10.0.0.0/20"}), {.in_order = true}, nullptr, nullptr).value();
  Target target;
  for (std::uint64_t i = 0; ranges->next(target) == Targets::Next::target; ++i) {
    ASSERT_EQ(target.place.unit, i / 256);
    ASSERT_EQ(target.place.index, i % 256);
  }
}

TEST(Ranges, NeighboursDoNotComeInARow) {
  const auto ranges = make_ranges(prefixes({"10.0.0.0/12"}), {.key = 3}, nullptr, nullptr).value();
  std::map<std::uint64_t, int> per_unit;
  Target target;
  for (int i = 0; i < 1024 && ranges->next(target) == Targets::Next::target; ++i) ++per_unit[target.place.unit];
  for (const auto& [unit, times] : per_unit) EXPECT_LT(times, 12) << unit;
}

TEST(Ranges, WhatWasHadIsLeftOut) {
  Had had;
  had.units = {0, 3};
  had.targets = {{1, 0}, {1, 255}};
  const auto out = all(prefixes({"10.0.0.0/22"}), {}, &had);
  EXPECT_EQ(out.size(), 512U - 2);
  EXPECT_FALSE(out.contains(net::Address::parse("10.0.1.255").value()));
  EXPECT_TRUE(out.contains(net::Address::parse("10.0.1.254").value()));
}

TEST(Ranges, DisjointOnesHoldNoAddressTwice) {
  EXPECT_EQ(disjoint(prefixes({"10.1.0.0/16", "2001:db8::/112", "10.0.0.0/8", "11.0.0.0/24", "10.0.0.0/9", "10.0.0.0/8", "2001:db8::8000/113"})),
            prefixes({"10.0.0.0/8", "11.0.0.0/24", "2001:db8::/112"}));
}

TEST(Ranges, TooLarge) {
  EXPECT_EQ(make_ranges(prefixes({"2001:db8::/64"}), {}, nullptr, nullptr).error().message,
            "2001:db8::/64 holds 2^64 addresses, too many to ask about one by one (at most 2^32): give a prefix of /96 or longer, "
            "or a list of the addresses that are in use");
  EXPECT_EQ(make_ranges(prefixes({"0.0.0.0/0"}), {}, nullptr, nullptr).value()->total(), most_addresses);
  EXPECT_FALSE(make_ranges(prefixes({"0.0.0.0/0", "192.0.2.1/32"}), {}, nullptr, nullptr));
}

}  // namespace
}  // namespace fcrdns::sweep
