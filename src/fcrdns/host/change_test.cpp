#include "fcrdns/host/change.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace fs = std::filesystem;

namespace fcrdns::host {
namespace {

void put(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
std::string content(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

class Changing : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "fcrdns-change-XXXXXX";
    root_ = ::mkdtemp(name.data());
    fs::create_directories(root_ / "etc");
  }
  void TearDown() override { fs::remove_all(root_); }
  /// What diff(1) says, without the two lines that name files and times; empty: the same.
  [[nodiscard]] std::string by_diff(const std::string& before, const std::string& after) const {
    put(root_ / "before", before);
    put(root_ / "after", after);
    std::string said;
    const auto command = "diff -u '" + (root_ / "before").string() + "' '" + (root_ / "after").string() + "'";
    auto* const pipe = ::popen(command.c_str(), "r");
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) said += static_cast<char>(c);
    ::pclose(pipe);
    for (int i = 0; i < 2 && !said.empty(); ++i) said.erase(0, said.find('\n') + 1);
    return said;
  }
  static std::string by_us(const std::string& before, const std::string& after) {
    auto said = unified_diff({"/x", before, after});
    for (int i = 0; i < 2 && !said.empty(); ++i) said.erase(0, said.find('\n') + 1);
    return said;
  }
  fs::path root_;
};

TEST_F(Changing, DiffIsTheOneOfDiff) {
  const std::string ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
  const std::pair<std::string, std::string> rows[] = {
      {"", "a\n"}, {"a\n", ""}, {"a\n", "a\n"}, {"a", "a\n"}, {"a\n", "a"}, {"a", "b"}, {"", ""},
      {ten, "1\n2\n3\n4\n5\n6\nx\n7\n8\n9\n10\n"}, {ten, ten + "11\n"}, {ten, "0\n" + ten}, {ten, "1\n2\nx\n4\n5\n6\n7\n8\n9\nx\n"},
      {ten, "x\n2\n3\n4\n5\n6\n7\n8\n9\nx\n"}, {ten, "x\n2\n3\n4\n5\n6\n7\nx\n9\n10\n"}, {ten, "1\n10\n"}, {ten, "5\n"},
      {"a\na\nb\n", "a\na\na\nb\n"}, {"a\nb\na\nb\n", "a\nb\na\nb\na\nb\n"}, {"x\n\ny\n\nz\n", "x\n\nn\n\ny\n\nz\n"}, {"x\n\ny\n", "x\n\n\ny\n"},
  };
  for (const auto& [before, after] : rows) EXPECT_EQ(by_us(before, after), by_diff(before, after)) << before << "->\n" << after;
}

TEST_F(Changing, DiffOfLinesMadeAndTakenAway) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (int turn = 0; turn < 150; ++turn) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < 5 + below(60); ++i) lines.push_back("name_" + std::to_string(i) + " = " + std::to_string(below(5)) + "\n");
    auto changed = lines;
    for (std::size_t i = 0; i < 1 + below(4); ++i) {
      const auto at = changed.begin() + static_cast<std::ptrdiff_t>(below(changed.size()));
      switch (below(3)) {
        case 0: *at = "changed\n"; break;
        case 1: changed.insert(at, "inserted " + std::to_string(i) + "\n"); break;
        default: changed.erase(at); break;
      }
    }
    std::string before, after;
    for (const auto& line : lines) before += line;
    for (const auto& line : changed) after += line;
    EXPECT_EQ(by_us(before, after), by_diff(before, after));
  }
}

TEST_F(Changing, WritesAllAndKeepsModeAndFormerContent) {
  put(root_ / "etc/real", "one\n");
  put(root_ / "etc/b", "two\n");
  ::chmod((root_ / "etc/real").c_str(), 0640);
  fs::create_symlink("/etc/real", root_ / "etc/a");
  const Files files(root_);
  Change change;
  change.edits = {{"/etc/a", "one\n", "new one\n"}, {"/etc/b", "two\n", "new two\n"}};
  const auto backups = write(change, files, "20260101-000000");
  ASSERT_TRUE(backups) << backups.error().message;
  ASSERT_EQ(backups->size(), 2U);
  EXPECT_EQ(backups->front(), (root_ / "etc/real.fcrdns-20260101-000000").string());
  EXPECT_EQ(content(backups->front()), "one\n");
  EXPECT_EQ(content(root_ / "etc/real"), "new one\n");
  EXPECT_EQ(content(root_ / "etc/b"), "new two\n");
  EXPECT_TRUE(fs::is_symlink(root_ / "etc/a"));
  EXPECT_EQ(fs::status(root_ / "etc/real").permissions(), fs::perms(0640));
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "etc"), {}), 5);  // and nothing else is left there
}

TEST_F(Changing, WritesNothingWhereOneCannotBeWritten) {
  put(root_ / "etc/a", "one\n");
  put(root_ / "etc/b", "meanwhile\n");
  put(root_ / "etc/c", "three\n");
  put(root_ / "etc/c.fcrdns-stamp", "an older backup\n");
  const Files files(root_);
  const Edit a{"/etc/a", "one\n", "new\n"};
  for (const auto& second : {Edit{"/etc/b", "two\n", "new\n"}, Edit{"/etc/c", "three\n", "new\n"}, Edit{"/etc/missing", "", "new\n"}}) {
    Change change;
    change.edits = {a, second};
    const auto written = write(change, files, "stamp");
    ASSERT_FALSE(written) << second.file;
    EXPECT_NE(written.error().message.find(second.file), std::string::npos) << written.error().message;
    EXPECT_EQ(content(root_ / "etc/a"), "one\n");
  }
  EXPECT_EQ(content(root_ / "etc/c.fcrdns-stamp"), "an older backup\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "etc"), {}), 4);
}

}  // namespace
}  // namespace fcrdns::host
