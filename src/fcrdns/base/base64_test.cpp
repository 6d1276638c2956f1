#include "fcrdns/base/base64.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace fcrdns::base {

TEST(Base64, IsThatOfRfc4648) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe", "//4="}, {"user:pass\xff", "dXNlcjpwYXNz/w=="}};
  for (const auto& [octets, text] : rows) EXPECT_EQ(base64(octets), text);
}

}  // namespace fcrdns::base
