#include "fcrdns/lease/parts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace fcrdns::lease {
namespace {

std::string random_octets(std::size_t size) {
  std::mt19937 dice(1);
  std::string out;
  while (out.size() < size) out += static_cast<char>(dice());
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += unpack(part).value();
  return out;
}

TEST(Packer, parts_fit_and_come_back_as_they_were) {
  std::string rows;
  for (int i = 0; i < 40'000; ++i) rows += "10.0.0." + std::to_string(i) + "\tpass\ta" + std::to_string(i) + ".example.\t-\n";
  for (const auto& text : {rows, random_octets(2'000'000), std::string("one\n"), std::string()})
    for (const std::size_t largest : {4096U, 65'536U, 1U << 20}) {
      Packer packer(largest);
      std::vector<std::string> parts;
      for (std::size_t at = 0; at < text.size(); at += 777) {
        packer.add(std::string_view(text).substr(at, 777));
        if (packer.waiting() > 100'000)
          for (auto& part : packer.take(false)) parts.push_back(std::move(part));
      }
      for (auto& part : packer.take(true)) parts.push_back(std::move(part));
      for (const auto& part : parts) EXPECT_LE(part.size(), largest);
      EXPECT_TRUE(joined(parts) == text);
      EXPECT_TRUE(packer.take(true).empty());
      EXPECT_EQ(packer.waiting(), 0U);
    }
}

TEST(Packer, rows_get_small) {
  std::string rows;
  for (int i = 0; i < 10'000; ++i) rows += "10.0.0." + std::to_string(i) + "\tpass\ta" + std::to_string(i) + ".example.\t-\n";
  Packer packer(1 << 20);
  packer.add(rows);
  std::size_t size = 0;
  for (const auto& part : packer.take(true)) size += part.size();
  EXPECT_LT(size * 4, rows.size());
}

TEST(Unpack, H090_what_is_no_part) {
  Packer packer(1 << 20);
  packer.add("10.0.0.1\tpass\n");
  const auto good = packer.take(true).at(0);
  ASSERT_TRUE(unpack(good));
  EXPECT_FALSE(unpack(""));
  EXPECT_FALSE(unpack("10.0.0.1\tpass\n"));
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(unpack(good.substr(0, size))) << size;
  auto damaged = good;
  damaged[damaged.size() - 6] ^= 1;
  EXPECT_FALSE(unpack(damaged));
}

TEST(Rows, are_lines) { EXPECT_EQ(lines_in("a\nb\n"), 2U); }

}  // namespace
}  // namespace fcrdns::lease
