#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "fcrdns/scan/entries.hpp"
#include "fcrdns/scan/list_targets.hpp"
#include "fcrdns/scan/prefix_list.hpp"

namespace fcrdns::scan {
namespace {

/// A file that is gone with the test.
class File {
 public:
  explicit File(std::string_view content) {
    std::string name = ::testing::TempDir() + "list_XXXXXX";
    const int descriptor = ::mkstemp(name.data());
    EXPECT_GE(descriptor, 0);
    ::close(descriptor);
    std::ofstream(name, std::ios::binary) << content;
    path_ = name;
  }
  ~File() { std::remove(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Read {
  std::string text;  ///< the entries, a blank behind each; bad lines in !...!
  Complaints complaints;
};
Read read(std::vector<std::string> files) {
  const auto entries = make_lists({}, std::move(files));
  Read read;
  Span span;
  std::string_view bad;
  for (;;) {
    const auto next = entries->next(span, bad);
    if (next == Entries::Next::end) break;
    if (next == Entries::Next::bad) read.text += "!" + std::string(bad) + "! ";
    if (next == Entries::Next::span) read.text += span.first.text() + (span.count > 1 ? "+" + std::to_string(span.count) : "") + " ";
  }
  read.complaints = entries->complaints();
  return read;
}

using namespace std::string_view_literals;
struct Case {
  std::string_view content, entries;
  std::uint64_t bad = 0;
  std::string_view first;  ///< of the bad ones: behind the file's name
};
const Case cases[] = {
    {"", ""},
    {"\n\n\r\n", ""},
    {"10.0.0.1\n10.0.0.2\n", "10.0.0.1 10.0.0.2 "},
    {"10.0.0.1\n10.0.0.2", "10.0.0.1 10.0.0.2 "},
    {"10.0.0.1\r\n10.0.0.2\r\n", "10.0.0.1 10.0.0.2 "},
    {"\xef\xbb\xbf""10.0.0.1\n", "10.0.0.1 "},
    {"10.0.0.1\n10.0.0.1\n", "10.0.0.1 10.0.0.1 "},
    {"# a\n10.0.0.1\n; b\n\n10.1.0.0/30 # c\n", "10.0.0.1 10.1.0.0+4 "},
    {"address,iprev\n10.0.0.1,pass\n", "10.0.0.1 "},
    {"10.0.0.1\naddress,iprev\n", "10.0.0.1 !address,iprev! ", 1, ", line 2: "},
    {"10.0.0.1\n\n oops \n10.0.0.2\n010.0.0.1\n", "10.0.0.1 !oops! 10.0.0.2 !010.0.0.1! ", 2, ", line 3: "},
    {"10.0.0.1\n10.\0.0.2\n"sv, "10.0.0.1 !10.\0.0.2! "sv, 1, ", line 2: "},
};

// Hostile lists: H091.
TEST(Lists, lines) {
  for (const auto& each : cases) {
    const File file(each.content);
    const auto got = read({file.path()});
    EXPECT_EQ(got.text, each.entries) << each.content;
    EXPECT_EQ(got.complaints.bad_lines, each.bad) << each.content;
    EXPECT_TRUE(got.complaints.first_bad.starts_with(each.bad > 0 ? file.path() + std::string(each.first) : "")) << got.complaints.first_bad;
    EXPECT_FALSE(got.complaints.failed);
  }
}

TEST(Lists, a_line_without_an_end_is_one_bad_line) {
  const std::string longest(4096 - 8, ' ');
  for (const std::size_t size : {4097U, 65536U, 65537U, 1U << 20}) {
    const File file("10.0.0.1\n" + std::string(size, 'x') + "\n10.0.0.2\n" + "10.0.0.3" + longest + "\n");
    const auto got = read({file.path()});
    EXPECT_EQ(got.text, "10.0.0.1 !" + std::string(64, 'x') + "! 10.0.0.2 10.0.0.3 ") << size;
    EXPECT_EQ(got.complaints.bad_lines, 1U);
  }
}

TEST(Lists, many_files_and_one_that_is_not_there) {
  const File one("10.0.0.1\n"), two("10.0.0.2\n");
  const auto got = read({one.path(), "/nonexistent/list", two.path()});
  EXPECT_EQ(got.text, "10.0.0.1 10.0.0.2 ");
  EXPECT_TRUE(got.complaints.failed);
  ASSERT_EQ(got.complaints.unreadable.size(), 1U);
  EXPECT_EQ(got.complaints.unreadable.front(), "/nonexistent/list: No such file or directory");
}

TEST(Lists, utf16_is_one_line_that_says_so) {
  for (const auto content : {"\xff\xfe""1\0""0\0"sv, "\xfe\xff\0""1\0""0"sv, "1\0""0\0.\0"sv, "\0""1\0""0\0."sv}) {
    const File file(content);
    const auto got = read({file.path()});
    EXPECT_EQ(got.text, "");
    ASSERT_EQ(got.complaints.unreadable.size(), 1U);
    EXPECT_NE(got.complaints.unreadable.front().find("UTF-16"), std::string::npos);
  }
}

TEST(Lists, a_cut_off_gzip_hands_out_what_it_has) {
  constexpr std::array<unsigned char, 41> packed{0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff};  // a head, then nothing that makes sense
  const File file(std::string_view(reinterpret_cast<const char*>(packed.data()), packed.size()));
  const auto got = read({file.path()});
  EXPECT_EQ(got.text, "");
  EXPECT_TRUE(got.complaints.failed);
}

TEST(PrefixList, is_right_in_whole_or_none) {
  const File good("# a\n10.0.0.1\n10.1.0.0/30\n::ffff:192.0.2.0/120\n2001:db8::/96\n"), bad("10.0.0.1\noops\n");
  const std::vector<Span> words{{*net::Address::parse("10.9.0.0"), 1}};
  const auto prefixes = read_prefixes(words, {good.path()}).value();
  std::string texts;
  for (const auto& prefix : prefixes) texts += prefix.text() + " ";
  EXPECT_EQ(texts, "10.9.0.0/32 10.0.0.1/32 10.1.0.0/30 192.0.2.0/24 2001:db8::/96 ");
  const auto fault = read_prefixes({}, {good.path(), bad.path()});
  ASSERT_FALSE(fault);
  EXPECT_TRUE(fault.error().message.starts_with(bad.path() + ", line 2: ")) << fault.error().message;
  EXPECT_TRUE(fault.error().message.ends_with("; nothing is done before this list is right")) << fault.error().message;
  EXPECT_FALSE(read_prefixes({}, {"/nonexistent/list"}));
}

// Targets.

class Left : public sweep::Skip {
 public:
  [[nodiscard]] bool unit(std::uint64_t number) const override { return number == 1; }
  [[nodiscard]] bool target(const sweep::Place& place) const override { return place.unit == 2 && place.index < 250; }
};

struct Handed {
  std::size_t count = 0;
  std::string first, last;
  sweep::Place first_place, last_place;
};
Handed hand_out(std::vector<Span> words, const sweep::Shard& shard, const sweep::Skip* skip, std::uint64_t first_unit = 0, const std::vector<net::Prefix>& opt_out = {}) {
  const auto entries = make_lists(std::move(words), {});
  ListTargets targets(*entries, first_unit, shard, opt_out, skip);
  Handed handed;
  for (sweep::Target target; targets.next(target) == sweep::Targets::Next::target;) {
    if (handed.count++ == 0) handed.first = target.address.text(), handed.first_place = target.place;
    handed.last = target.address.text();
    handed.last_place = target.place;
  }
  return handed;
}

TEST(ListTargets, units_shards_and_what_was_had) {
  const Span block{*net::Address::parse("10.0.0.0"), 1000};
  const auto all = hand_out({block}, {}, nullptr);
  EXPECT_EQ(all.count, 1000U);
  EXPECT_EQ(all.last, "10.0.3.231");
  EXPECT_EQ(all.last_place, (sweep::Place{3, 231}));

  std::size_t together = 0;
  for (std::uint64_t index = 0; index < 3; ++index) together += hand_out({block}, {index, 3}, nullptr).count;
  EXPECT_EQ(together, 1000U);
  EXPECT_EQ(hand_out({block}, {1, 3}, nullptr).first, "10.0.1.0");

  const Left left;
  EXPECT_EQ(hand_out({block}, {}, &left).count, 1000U - 256 - 250);
  const auto behind = hand_out({{*net::Address::parse("10.9.0.0"), 5}, {*net::Address::parse("10.8.0.0"), 4}}, {}, &left, 2);
  EXPECT_EQ(behind.count, 0U);
  EXPECT_EQ(hand_out({block}, {}, nullptr, 0, {*net::Prefix::parse("10.0.1.0/24"), *net::Prefix::parse("10.0.0.7/32")}).count, 1000U - 257);
}

}  // namespace
}  // namespace fcrdns::scan
