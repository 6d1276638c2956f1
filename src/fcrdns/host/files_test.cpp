#include "fcrdns/host/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace fcrdns::host {
namespace {

class FilesBelow : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "fcrdns-files-XXXXXX";
    base_ = ::mkdtemp(name.data());
    root_ = base_ / "root";
    fs::create_directories(root_ / "etc/postfix");
    fs::create_directories(root_ / "opt/mail");
    put(base_ / "secret", "outside");
    put(root_ / "secret", "inside");
    put(root_ / "etc/postfix/main.cf", "a = b\n");
  }
  void TearDown() override { fs::remove_all(base_); }
  static void put(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  void link(const std::string& target, const std::string& at) { fs::create_symlink(target, root_ / at); }

  fs::path base_, root_;
};

TEST_F(FilesBelow, LinksStayBelowTheRoot) {
  link("/secret", "absolute");
  link("../../../../secret", "etc/upwards");
  link("/opt/mail", "etc/elsewhere");
  link("absolute", "chain");
  put(root_ / "opt/mail/x", "through a folder");
  struct Row {
    const char *path, *text, *really;
  };
  const Row rows[] = {
      {"/etc/postfix/main.cf", "a = b\n", "/etc/postfix/main.cf"},
      {"/absolute", "inside", "/secret"},
      {"/chain", "inside", "/secret"},
      {"/etc/upwards", "inside", "/secret"},
      {"/../../secret", "inside", "/secret"},
      {"/etc/./postfix//../elsewhere/x", "through a folder", "/opt/mail/x"},
      {"/etc/elsewhere/../../secret", "inside", "/secret"},
  };
  Files files(root_);
  for (const auto& row : rows) {
    const auto text = files.read(row.path);
    ASSERT_TRUE(text) << row.path;
    EXPECT_EQ(*text, row.text) << row.path;
    EXPECT_EQ(files.outside(row.path), root_.string() + row.really) << row.path;
  }
  EXPECT_TRUE(files.unseen().empty());
}

TEST_F(FilesBelow, WhatIsNoFileIsNotRead) {
  link("loop-b", "loop-a");
  link("loop-a", "loop-b");
  link("/nowhere", "dangling");
  ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
  put(root_ / "long", std::string((16 << 20) + 1, 'x'));
  fs::create_symlink("/dev/zero", root_ / "zero");
  struct Row {
    const char* path;
    Unreadable why;
    bool told;
  };
  const Row rows[] = {
      {"/missing", Unreadable::missing, false},    {"/dangling", Unreadable::missing, false}, {"/secret/below", Unreadable::missing, false},
      {"/zero", Unreadable::missing, false},       {"/etc", Unreadable::no_file, false},      {"/pipe", Unreadable::no_file, true},
      {"/loop-a", Unreadable::failed, true},       {"/long", Unreadable::too_long, true},
  };
  Files files(root_);
  std::size_t told = 0;
  for (int turn = 0; turn < 2; ++turn)  // each is told once
    for (const auto& row : rows) {
      const auto text = files.read(row.path);
      ASSERT_FALSE(text) << row.path;
      EXPECT_EQ(text.error(), row.why) << row.path;
      if (turn == 0 && row.told) ++told;
    }
  EXPECT_EQ(files.unseen().size(), told);
  EXPECT_TRUE(files.exists("/pipe"));
  EXPECT_FALSE(files.exists("/dangling"));
}

TEST(Files, DevicesAreNoFiles) {
  Files files;
  EXPECT_EQ(files.read("/dev/zero").error(), Unreadable::no_file);
  EXPECT_EQ(files.read("/dev/null").error(), Unreadable::no_file);
  EXPECT_EQ(files.outside("/proc/version"), "/proc/version");
  EXPECT_TRUE(files.read("/proc/version"));
}

TEST_F(FilesBelow, FoldersAreListedSorted) {
  put(root_ / "etc/postfix/b", "");
  put(root_ / "etc/postfix/a", "");
  link("/etc/postfix", "linked");
  Files files(root_);
  EXPECT_EQ(files.list("/linked"), (std::vector<std::string>{"a", "b", "main.cf"}));
  EXPECT_TRUE(files.list("/missing").empty());
  EXPECT_TRUE(files.list("/secret").empty());
  EXPECT_TRUE(files.unseen().empty());
}

TEST_F(FilesBelow, ForbiddenFilesAreTold) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  fs::permissions(root_ / "secret", fs::perms::none);
  fs::permissions(root_ / "etc", fs::perms::none);
  Files files(root_);
  EXPECT_EQ(files.read("/secret").error(), Unreadable::forbidden);
  EXPECT_EQ(files.read("/etc/postfix/main.cf").error(), Unreadable::forbidden);
  EXPECT_TRUE(files.list("/etc/postfix").empty());
  EXPECT_EQ(files.unseen().size(), 3U);
  fs::permissions(root_ / "etc", fs::perms::owner_all);
}

}  // namespace
}  // namespace fcrdns::host
