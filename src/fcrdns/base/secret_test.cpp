#include "fcrdns/base/secret.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace fcrdns::base {
namespace {

TEST(Secret, H088_only_what_is_the_users_own_is_read) {
  auto folder = testing::TempDir() + "secret-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto write = [&](const char* name, const char* text, std::filesystem::perms mode) {
    const auto path = folder + "/" + name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, mode);
    return path;
  };
  using std::filesystem::perms;
  EXPECT_EQ(read_secret(write("good", " token \n", perms::owner_read))->reveal(), "token");
  for (const auto& [path, why] : {std::pair{write("open", "token", perms::owner_read | perms::group_read), "chmod 600"},
                                  std::pair{write("empty", " \n", perms::owner_read), "empty"}, std::pair{folder + "/none", "No such file"},
                                  std::pair{folder, "folder"}}) {
    const auto read = read_secret(path);
    ASSERT_FALSE(read) << path;
    EXPECT_NE(read.error().message.find(why), std::string::npos) << read.error().message;
    EXPECT_EQ(read.error().message.find("token"), std::string::npos);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace fcrdns::base
