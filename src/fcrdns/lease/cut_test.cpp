#include "fcrdns/lease/cut.hpp"

#include <gtest/gtest.h>

#include <set>

#include "fcrdns/sweep/units.hpp"

namespace fcrdns::lease {
namespace {

std::vector<net::Prefix> prefixes(const std::vector<std::string>& texts) {
  std::vector<net::Prefix> out;
  for (const auto& text : texts) out.push_back(*net::Prefix::parse(text));
  return out;
}

std::vector<std::string> texts(const std::vector<std::vector<net::Prefix>>& leases) {
  std::vector<std::string> out;
  for (const auto& lease : leases) {
    std::string line;
    for (const auto& prefix : lease) line += (line.empty() ? "" : " ") + prefix.text();
    out.push_back(line);
  }
  return out;
}

struct Case {
  const char* what;
  std::vector<std::string> wanted, taken;
  std::uint64_t size;
  std::vector<std::string> leases;
};

const Case cases[] = {
    {"as it is", {"10.0.0.0/16"}, {}, 65'536, {"10.0.0.0/16"}},
    {"in equal parts", {"10.0.0.0/14"}, {}, 65'536, {"10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"}},
    {"a size that is no power of two", {"10.0.0.0/30"}, {}, 3, {"10.0.0.0/31", "10.0.0.2/31"}},
    {"single addresses", {"10.0.0.0/31"}, {}, 1, {"10.0.0.0/32", "10.0.0.1/32"}},
    {"small ones go together", {"10.0.0.0/30", "10.0.1.0/30", "10.0.2.0/30"}, {}, 8, {"10.0.0.0/30 10.0.1.0/30", "10.0.2.0/30"}},
    {"one within another, and twice", {"10.0.0.128/25", "10.0.0.0/24", "10.0.0.0/24", "10.0.0.7/32"}, {}, 256, {"10.0.0.0/24"}},
    {"all is there", {"10.0.0.0/24", "10.0.3.4/32"}, {"10.0.0.0/23", "10.0.2.0/23"}, 256, {}},
    {"a part is there", {"10.0.0.0/22"}, {"10.0.1.0/24"}, 256, {"10.0.0.0/24", "10.0.2.0/24", "10.0.3.0/24"}},
    {"one address is there", {"10.0.0.0/29"}, {"10.0.0.5/32"}, 8, {"10.0.0.0/30 10.0.0.4/32 10.0.0.6/31"}},
    {"what is there is larger, and another family", {"10.0.1.0/24"}, {"2001:db8::/32", "10.0.0.0/8"}, 256, {}},
    {"IPv6", {"2001:db8::/111"}, {}, 65'536, {"2001:db8::/112", "2001:db8::1:0/112"}},
    {"both families", {"2001:db8::5/128", "192.0.2.1/32"}, {}, 65'536, {"192.0.2.1/32 2001:db8::5/128"}},
    {"the last address", {"255.255.255.254/31"}, {"255.255.255.255/32"}, 256, {"255.255.255.254/32"}},
};

TEST(Cut, leases) {
  for (const auto& row : cases) {
    const auto leases = cut(prefixes(row.wanted), prefixes(row.taken), row.size);
    ASSERT_TRUE(leases) << row.what;
    EXPECT_EQ(texts(*leases), row.leases) << row.what;
  }
}

TEST(Cut, twice_is_nothing_new) {
  for (const auto& row : cases) {
    std::vector<net::Prefix> queued = prefixes(row.taken);
    const auto leases = cut(prefixes(row.wanted), queued, row.size);
    for (const auto& lease : *leases) queued.insert(queued.end(), lease.begin(), lease.end());
    EXPECT_TRUE(cut(prefixes(row.wanted), queued, 2)->empty()) << row.what;
    // Nothing was queued over what was there.
    EXPECT_EQ(addresses_of(sweep::disjoint(queued)), addresses_of(sweep::disjoint(prefixes(row.taken))) + [&] {
      std::uint64_t sum = 0;
      for (const auto& lease : *leases) sum += addresses_of(lease);
      return sum;
    }()) << row.what;
  }
}

TEST(Cut, too_many_are_refused) {
  EXPECT_FALSE(cut(prefixes({"::/0"}), {}, default_size));
  EXPECT_FALSE(cut(prefixes({"10.0.0.0/8"}), {}, 1));
  EXPECT_EQ(cut(prefixes({"0.0.0.0/0"}), {}, default_size)->size(), 65'536U);
  EXPECT_LE(cut(prefixes({"10.0.0.0/14"}), {}, 1)->size(), most_leases);
}

TEST(Cut, a_lease_has_at_most_so_many_prefixes) {
  std::vector<net::Prefix> many;
  for (unsigned i = 0; i < 1000; ++i) many.push_back({net::Address::v4({10, 0, static_cast<std::uint8_t>(i / 100), static_cast<std::uint8_t>(i % 100 * 2)}), 32});
  const auto leases = cut(many, {}, default_size);
  ASSERT_EQ(leases->size(), 4U);
  for (const auto& lease : *leases) EXPECT_LE(lease.size(), most_prefixes);
}

TEST(Cut, ids) {
  EXPECT_EQ(id_of(prefixes({"10.20.0.0/16"})), "10-20-0-0-16");
  EXPECT_EQ(id_of(prefixes({"2001:db8::/112"})), "20010db8000000000000000000000000-112");
  const auto two = id_of(prefixes({"10.0.0.0/30", "10.0.1.0/30"}));
  EXPECT_TRUE(two.starts_with("10-0-0-0-30-n2-")) << two;
  EXPECT_NE(two, id_of(prefixes({"10.0.0.0/30", "10.0.2.0/30"})));
}

}  // namespace
}  // namespace fcrdns::lease
