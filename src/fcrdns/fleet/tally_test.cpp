#include "fcrdns/fleet/tally.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "fcrdns/fleet/trouble.hpp"

namespace fcrdns::fleet {
namespace {

using sweep::Detail;
using verdict::Iprev;

TEST(Tally, Classes) {
  struct Case {
    std::optional<Iprev> iprev;
    bool generic;
    Class in;
  };
  for (const auto& [iprev, generic, in] :
       {Case{Iprev::pass, false, Class::own_name}, Case{Iprev::pass, true, Class::default_name}, Case{Iprev::permerror, false, Class::no_ptr},
        Case{Iprev::fail, true, Class::mismatch}, Case{Iprev::temperror, true, Class::undetermined}, Case{{}, false, Class::bad_input}}) {
    sweep::Row row;
    row.iprev = iprev;
    row.notes.generic = generic;
    EXPECT_EQ(class_of(row), in);
    sweep::ReadRow read;
    read.iprev = iprev;
    read.notes = generic ? "multiple,generic" : "generics";
    EXPECT_EQ(class_of(read), in);
  }
}

net::Address v4(std::uint32_t bits) {
  return net::Address::v4({static_cast<std::uint8_t>(bits >> 24), static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8),
                           static_cast<std::uint8_t>(bits)});
}

/// Every row is in one prefix that holds it, whatever came.
void check(const Prefixes& prefixes, std::uint64_t rows) {
  for (const std::size_t count : {Prefixes::most, std::size_t{40}, std::size_t{1}}) {
    const auto entries = prefixes.entries(count);
    EXPECT_LE(entries.size(), std::max<std::size_t>(count, 2));
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      sum += entries[i].sum();
      if (i > 0) {
        EXPECT_LT(entries[i - 1].prefix.base, entries[i].prefix.base);
        EXPECT_FALSE(entries[i - 1].prefix.contains(entries[i].prefix.base)) << entries[i - 1].prefix.text() << " " << entries[i].prefix.text();
      }
    }
    EXPECT_EQ(sum, rows);
  }
}

TEST(Prefixes, FineWhileFew) {
  Prefixes prefixes;
  for (std::uint32_t i = 0; i < 16'384; ++i) prefixes.add(v4(0xc6120000 + i * 7919 % 16'384), 0);
  const auto entries = prefixes.entries();
  ASSERT_EQ(entries.size(), 64U);
  EXPECT_EQ(entries[40].prefix.text(), "198.18.40.0/24");
  EXPECT_EQ(entries[40].sum(), 256U);
  check(prefixes, 16'384);
}

TEST(Prefixes, JoinedWhereMany) {
  std::mt19937 random(7);
  Prefixes whole, ten;
  for (int i = 0; i < 200'000; ++i) {
    whole.add(v4(random()), random() % 8);
    ten.add(v4(0x0a000000 + random() % 0x1000000), 0);
  }
  check(whole, 200'000);
  check(ten, 200'000);
  EXPECT_EQ(whole.entries()[10].prefix.length, 8);
  EXPECT_GE(ten.entries().size(), 256U);
  Prefixes v6;
  for (int i = 0; i < 100'000; ++i) {
    std::array<std::uint8_t, 16> octets{0x20, 0x01, 0x0d, 0xb8};
    for (std::size_t o = 4; o < 16; ++o) octets[o] = static_cast<std::uint8_t>(random());
    v6.add(net::Address::v6(octets), 1);
    v6.add(v4(random()), 1);
  }
  check(v6, 200'000);
}

TEST(Prefixes, TheHeavyStaysFine) {
  std::mt19937 random(7);
  Prefixes prefixes;
  for (int i = 0; i < 100'000; ++i) {
    prefixes.add(v4(0xc0000200 + random() % 256), 0);
    prefixes.add(v4(0xc0000000 + random() % 0x1000000), 0);
  }
  check(prefixes, 200'000);
  std::uint64_t rows = 0;
  for (const auto& entry : prefixes.entries())
    if (entry.prefix.text() == "192.0.2.0/24") rows = entry.sum();
  EXPECT_GE(rows, 100'000U);
}

std::string where(const Tally& tally) { return where_undetermined(tally, {}, {}); }

TEST(Trouble, WhereItGathers) {
  Tally tally;
  EXPECT_EQ(where(tally), "");
  for (std::uint32_t i = 0; i < 10'000; ++i) tally.add(v4(0xc6120000 + i), Class::own_name, Detail::none);
  for (std::uint32_t i = 0; i < 10'000; ++i) tally.add(v4(0xc0000200 + i), Class::own_name, Detail::none);
  for (std::uint32_t i = 0; i < 30; ++i) tally.add(v4(0xc6122800 + i), Class::undetermined, Detail::timeout);
  EXPECT_EQ(where(tally), "all in 40.18.198.in-addr.arpa: no answer");
  for (std::uint32_t i = 0; i < 20; ++i) tally.add(v4(0xc6122900 + i), Class::undetermined, Detail::forward_servfail);
  EXPECT_EQ(where(tally), "all in 40.18.198.in-addr.arpa and 41.18.198.in-addr.arpa: no answer, SERVFAIL");
  for (std::uint32_t i = 0; i < 50; ++i) tally.add(v4(0xcb007100 + i), Class::undetermined, Detail::bogus);
  EXPECT_EQ(where(tally), "all in 18.198.in-addr.arpa and 113.0.203.in-addr.arpa: DNSSEC bogus, no answer");
  for (std::uint32_t i = 0; i < 250; ++i) tally.add(v4(0x0a000000 + (i << 24) + i), Class::undetermined, Detail::refused);
  EXPECT_EQ(where(tally), "REFUSED, DNSSEC bogus");
}

TEST(Trouble, EverywhereIsNoPlace) {
  Tally tally;
  for (std::uint32_t i = 0; i < 256; ++i) tally.add(v4(0xc6122800 + i), Class::undetermined, Detail::timeout);
  EXPECT_EQ(where(tally), "no answer");
}

}  // namespace
}  // namespace fcrdns::fleet
