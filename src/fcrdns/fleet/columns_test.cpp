#include "fcrdns/fleet/columns.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>

#include "fcrdns/fleet/sorted_table.hpp"

namespace fcrdns::fleet {
namespace {

net::Address address(std::string_view text) { return net::Address::parse(text).value(); }

/// A file in a folder of its own (tests run side by side); both are gone at the end.
class File {
 public:
  explicit File(std::string_view octets, const std::string& name = "rows.tsv") : folder_(testing::TempDir() + "fleet_XXXXXX") {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error(folder_);
    path_ = folder_ + "/" + name;
    std::ofstream(path_, std::ios::binary) << octets;
  }
  ~File() {
    ::unlink(path_.c_str());
    ::rmdir(folder_.c_str());
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string folder_, path_;
};

std::string joined(const std::vector<std::string_view>& values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) (out += i == 0 ? "" : "|") += values[i];
  return out;
}

TEST(Sorter, LastOfEqualKeysWhateverTheMemory) {
  for (const std::size_t memory : {400, 4000, 100'000'000}) {
    std::mt19937 random(5);
    std::map<std::string, std::string> truth;
    Sorter sorter(memory);
    for (int i = 0; i < 5000; ++i) {
      std::string key(1 + random() % 18, '\0');
      for (char& c : key) c = static_cast<char>(random() % 3 * 127);
      truth[key] = std::to_string(i) + std::string(random() % 50, 'x');
      ASSERT_TRUE(sorter.add(key, truth[key]));
    }
    auto expected = truth.begin();
    ASSERT_TRUE(sorter.each([&](std::string_view key, std::string_view value) -> base::Expected<void> {
      EXPECT_EQ(key, expected->first);
      EXPECT_EQ(value, expected->second);
      ++expected;
      return {};
    }));
    EXPECT_EQ(expected, truth.end());
  }
}

TEST(SortedTable, EveryKeyAndWhatLiesBetween) {
  SortedTable table;
  EXPECT_FALSE(table.at_or_before("x"));
  const auto key = [](int i) { return "k" + std::to_string(1'000'000 + i); };
  for (int i = 0; i < 30'000; ++i) ASSERT_TRUE(table.append(key(2 * i), std::string(static_cast<std::size_t>(i % 100), 'v')));
  ASSERT_TRUE(table.finish());
  EXPECT_GT(table.blocks(), 100U);
  EXPECT_FALSE(table.at_or_before("a"));
  for (int i = 0; i < 60'000; i += 7) {
    const auto found = table.at_or_before(key(i));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key, key(i - i % 2));
    EXPECT_EQ(found->value.size(), static_cast<std::size_t>(i / 2 % 100));
  }
  EXPECT_EQ(table.at_or_before("z")->key, key(59'998));
}

TEST(SortedTable, FewerFencesThanBlocks) {
  SortedTable table(64);
  const std::string wide(longest_value, 'v');
  const auto key = [](std::uint32_t i) {
    return std::string{static_cast<char>(i >> 16), static_cast<char>(i >> 8), static_cast<char>(i)};
  };
  constexpr std::uint32_t records = 1700;  // two a block
  for (std::uint32_t i = 0; i < records; ++i) ASSERT_TRUE(table.append(key(i), wide));
  ASSERT_TRUE(table.finish());
  EXPECT_EQ(table.blocks(), records / 2);
  for (std::uint32_t i = 0; i < records; ++i) ASSERT_EQ(table.at_or_before(key(i))->key, key(i));
}

TEST(Tags, LongestPrefixWins) {
  File file("\xef\xbb\xbf" "prefix,customer;id,rack\r\n"
            "# ours\r\n"
            "198.18.0.0/15,whole,\r\n"
            "\"198.18.12.0/24\",\"K-20417, \"\"south\"\"\",r 1\r\n"
            "198.18.12.40,single\r\n"
            "198.18.12.40, again ,r2,,\r\n"
            "\r\n"
            "2001:db8::/32,six,\"two\nlines\"\r\n"
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,last,x\r\n"
            "::ffff:192.0.2.1,mapped,\r\n"
            "255.255.255.0/24,end,\r\n", "customers.csv");
  for (const std::size_t memory : {1, 1 << 20}) {
    const auto tags = Tags::open(file.path(), memory);
    ASSERT_TRUE(tags) << tags.error().message;
    EXPECT_EQ((*tags)->names(), (std::vector<std::string>{"customer;id", "rack"}));
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"198.17.255.255", "|"}, {"198.18.0.0", "whole|"}, {"198.18.11.255", "whole|"}, {"198.18.12.0", "K-20417, \"south\"|r 1"},
        {"198.18.12.39", "K-20417, \"south\"|r 1"}, {"198.18.12.40", "again|r2"}, {"198.18.12.41", "K-20417, \"south\"|r 1"},
        {"198.18.12.255", "K-20417, \"south\"|r 1"}, {"198.18.13.0", "whole|"}, {"198.19.255.255", "whole|"}, {"198.20.0.0", "|"},
        {"2001:db8::1", "six|two\nlines"}, {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "last|x"}, {"2001:db9::", "|"},
        {"192.0.2.1", "mapped|"}, {"192.0.2.2", "|"}, {"255.255.255.255", "end|"}, {"::", "|"}, {"0.0.0.0", "|"}};
    for (const auto& [text, values] : rows) EXPECT_EQ(joined((*tags)->find(address(text))), values) << text;
  }
}

TEST(Tags, Names) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"192.0.2.1,a,b\n", "tag|tag2"}, {"ip;names;was;ip\n192.0.2.1;a", "tag_names|tag_was|ip"}, {"ip\ta,b\ta,b\t\n192.0.2.1\tx", "a,b|a,b_2|tag3"}, {"", ""}};
  for (const auto& [text, names] : rows) {
    const auto tags = Tags::open(File(text).path());
    ASSERT_TRUE(tags) << tags.error().message;
    EXPECT_EQ(joined({(*tags)->names().begin(), (*tags)->names().end()}), names);
    EXPECT_EQ((*tags)->find(address("192.0.2.1")).size(), (*tags)->names().size());
  }
}

// H094
TEST(Tags, BadLines) {
  const std::pair<std::string, std::string_view> rows[] = {
      {"ip,tag\n192.0.2.1,a\n192.0.2.300,b\n", "line 3: "},
      {"ip,tag\n192.0.2.1/24,a\n", "line 2: \"192.0.2.1/24\": bits are set behind the prefix; did you mean 192.0.2.0/24?"},
      {"ip,tag\n192.0.2.1,\"a\n", "line 2: a quote is not closed"},
      {"ip,tag\n192.0.2.1,\"a\"b\n", "line 2: something stands behind a closing quote"},
      {"ip,tag\n192.0.2.1,a\"b\"\n", "line 2: a quote inside a cell that is not quoted"},
      {"ip,tag\n\n192.0.2.1,\"a\nb\"\n192.0.2.1,a,b\n", "line 5: 3 columns, where the first line has 2"},
      {"192.0.2.1\n", "line 1: no column behind the address; a line is ADDRESS,TAG"},
      {"ip,tag\n192.0.2.1," + std::string(5000, 'x'), "line 2: more than 2000 octets of tags"},
      {"ip,tag\n192.0.2.1," + std::string(70'000, 'x'), "line 2: longer than 64 KiB"},
      {"ip" + std::string(300, ','), "line 1: more than 256 columns"},
      {std::string("ip,tag\n\0\x1b[m,b\n", 14), "line 2: "},
  };
  for (const auto& [text, why] : rows) {
    File file(text, "customers.csv");
    const auto tags = Tags::open(file.path());
    ASSERT_FALSE(tags);
    EXPECT_TRUE(tags.error().message.starts_with(file.path() + " " + std::string(why))) << tags.error().message;
  }
  EXPECT_FALSE(Tags::open("/nonexistent/customers.csv"));
}

/// Against all prefixes looked through one by one.
TEST(Tags, NestedAtRandom) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    std::mt19937 random(seed);
    std::map<std::pair<std::uint8_t, net::Address>, std::pair<net::Prefix, std::string>> truth;  // by length
    std::string csv;
    const auto some = [&](bool v6) {
      std::array<std::uint8_t, 16> octets{0x20, 0x01};
      for (std::size_t o = 2; o < 16; ++o) octets[o] = static_cast<std::uint8_t>(random() % 4 == 0 ? 0xff * (random() % 2) : random() % 2);
      if (v6) return net::Address::v6(octets);
      return net::Address::v4({octets[2], octets[3], octets[4], octets[5]});
    };
    std::vector<net::Prefix> prefixes;
    for (int i = 0; i < 300; ++i) {
      const auto base = some(random() % 2 == 0);
      const auto length = random() % (base.is_v4() ? 33 : 129);
      auto prefix = net::Prefix::parse(base.text() + "/" + std::to_string(length));
      if (!prefix) {  // host bits: the fault tells the prefix
        const auto& why = prefix.error().message;
        const auto at = why.find("did you mean ") + 13;
        prefix = net::Prefix::parse(why.substr(at, why.size() - at - 1));
      }
      csv += prefix->text() + "," + std::to_string(i) + "\n";
      truth[{prefix->length, prefix->base}] = {*prefix, std::to_string(i)};
      prefixes.push_back(*prefix);
    }
    File file(csv);
    const auto tags = Tags::open(file.path(), 2000).value();
    for (int i = 0; i < 500; ++i) {
      const auto client = i < 300 ? prefixes[static_cast<std::size_t>(i)].base : some(i % 2 == 0);
      std::string expected;
      for (const auto& [key, value] : truth)
        if (value.first.contains(client)) expected = value.second;
      EXPECT_EQ(joined(tags->find(client)), expected) << client.text() << " seed " << seed;
    }
  }
}

constexpr std::string_view old_rows =
    "192.0.2.1\tpass\ta.example.\ta.example.\t-\t-\n"
    "192.0.2.2\tpass\tb.example.\tb.example.\t-\tgeneric\n"
    "192.0.2.3\tpermerror\t-\t-\tnxdomain\t-\n"
    "192.0.2.4\tfail\t-\tc.example.\tforward_mismatch\t-\n"
    "192.0.2.5\ttemperror\t-\t-\ttimeout\t-\r\n"
    "192.0.2.6\tpass\td.example.\td.example.\t-\t-\n"
    "192.0.2.1\tpass\ta.example.\ta.example.\t-\t-\n"
    "x\t-\t-\t-\tbad_input\t-\n"
    "2001:db8::1\tpass\ta.example.\ta.example.\t-\tmultiple,generic";

TEST(Earlier, RowsInAnyOrder) {
  File file(old_rows);
  for (const std::size_t memory : {1, 1 << 20}) {
    const auto earlier = Earlier::open(file.path(), memory);
    ASSERT_TRUE(earlier) << earlier.error().message;
    EXPECT_EQ((*earlier)->all(), (Counts{2, 2, 1, 1, 1, 1}));
    EXPECT_EQ((*earlier)->find(address("192.0.2.4")), Class::mismatch);
    EXPECT_EQ((*earlier)->find(address("2001:db8::1")), Class::default_name);
    EXPECT_EQ((*earlier)->find(address("192.0.2.7")), std::nullopt);
    EXPECT_EQ((*earlier)->find(address("192.0.2.0")), std::nullopt);
  }
  File bad("192.0.2.1\tpass\ta.example.\ta.example.\t-\t-\n192.0.2.1\tperhaps\n");
  EXPECT_TRUE(Earlier::open(bad.path()).error().message.starts_with(bad.path() + " line 2: "));
  File endless(std::string(2 << 20, 'x'));
  EXPECT_EQ(Earlier::open(endless.path()).error().message, endless.path() + " line 1: longer than a row can be");
}

sweep::Row row_of(std::string_view text, std::optional<verdict::Iprev> iprev) {
  sweep::Row row;
  row.address = address(text);
  row.iprev = iprev;
  return row;
}

TEST(Columns, WhatChanged) {
  using verdict::Iprev;
  File old(old_rows, "last-week.tsv"), tags("ip,customer\n192.0.2.0/30,K-1\x1b\n", "customers.csv");
  auto columns = Columns::open(tags.path(), old.path(), base::wall_now());
  ASSERT_TRUE(columns) << columns.error().message;
  EXPECT_EQ(columns->names(), (std::vector<std::string>{"customer", "was"}));
  const auto more = [&](std::string_view text, std::optional<Iprev> iprev) {
    auto row = row_of(text, iprev);
    columns->fill(row);
    return joined({row.more.begin(), row.more.end()});
  };
  EXPECT_EQ(more("192.0.2.6", Iprev::fail), "|pass");
  EXPECT_EQ(more("192.0.2.1", Iprev::permerror), "K-1\x1b|pass");
  EXPECT_EQ(more("192.0.2.2", Iprev::temperror), "K-1\x1b|pass");
  EXPECT_EQ(more("192.0.2.3", Iprev::pass), "K-1\x1b|permerror");
  EXPECT_EQ(more("192.0.2.5", Iprev::pass), "|temperror");
  EXPECT_EQ(more("192.0.2.99", Iprev::pass), "|");
  EXPECT_EQ(more("192.0.2.99", {}), "|");
  columns->count(address("192.0.2.4"), Class::default_name);
  const auto changes = columns->changes();
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->before_name, "LAST WEEK");
  EXPECT_EQ(changes->mended, 2U);
  EXPECT_EQ(changes->broken, 2U);
  EXPECT_EQ(changes->added, 1U);
  EXPECT_EQ(changes->gone, 1U);
  EXPECT_EQ(changes->newly_broken, (std::vector<std::string>{"192.0.2.1 K-1\\027", "192.0.2.6"}));
  EXPECT_FALSE(Columns::open("", "", base::wall_now())->changes());
}

/// $TMPDIR that cannot be written: one line, no crash.
TEST(Columns, NoRoomToSort) {
  File old(old_rows, "last-week.tsv");
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nonexistent", 1);
  const auto columns = Columns::open("", old.path(), base::wall_now());
  if (before == nullptr) ::unsetenv("TMPDIR");
  else ::setenv("TMPDIR", kept.c_str(), 1);
  ASSERT_FALSE(columns);
  EXPECT_EQ(columns.error().message, "/nonexistent: No such file or directory; sorting needs room there, or in another directory that TMPDIR names");
}

}  // namespace
}  // namespace fcrdns::fleet
