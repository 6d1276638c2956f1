#include "fcrdns/bounce/find_words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace fcrdns::bounce {
namespace {

/// What next() is to say, word by word and octet by octet.
std::optional<WordSearch::Hit> naive(const std::vector<Word>& words, std::string_view text, std::size_t from) {
  for (std::size_t rare_at = from; rare_at < text.size(); ++rare_at)
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (rare_at < from + words[i].rare) continue;
      const auto begin = rare_at - words[i].rare;
      if (text.substr(begin).starts_with(words[i].text)) return WordSearch::Hit{begin, i};
    }
  return std::nullopt;
}

/// Few different octets, so that words and near misses are everywhere.
std::string random_text(std::mt19937& random, std::size_t size) {
  std::string text(size, '\0');
  for (auto& octet : text) octet = "ab:\n\xe9"[random() % 5];
  return text;
}

const std::vector<Word> few = {{"ab:", 0, 0}, {"aab:a", 1, 1}, {"\n\n:a", 1, 2}};
const std::vector<Word> many = {{"ab:", 0, 0},   {"aab:a", 1, 1},  {"\n\n:a", 1, 2}, {":::", 0, 3},          {"abab", 1, 4},   {"ba:ba", 2, 5}, {"b\nb\n", 0, 6},
                                {"aaaaa", 2, 7}, {"bbbbbb", 0, 0}, {":a:a", 0, 0},   {"\xe9\xe9\xe9", 0, 7}, {"a\xe9:", 0, 7}, {"bb::", 1, 3}};

TEST(FindWords, EveryVectorFindsWhatNaiveSearchFinds) {
  std::mt19937 random(7);
  std::size_t hits = 0;
  for (const auto vector : all_vectors) {
    if (!has(vector)) continue;
    for (const auto* words : {&few, &many}) {
      const WordSearch search(*words, vector);
      for (int round = 0; round < 300; ++round) {
        const auto text = random_text(random, random() % 400);
        for (std::size_t from = 0; from <= text.size(); ++from) {
          const auto expected = naive(*words, text, from);
          const auto found = search.next(text, from);
          ASSERT_EQ(found.has_value(), expected.has_value()) << static_cast<int>(vector) << " " << from << " " << text;
          if (!expected) break;
          ASSERT_EQ(found->at, expected->at) << static_cast<int>(vector) << " " << from << " " << text;
          ASSERT_EQ(found->word, expected->word);
          ++hits;
          from = expected->at;
        }
      }
    }
  }
  EXPECT_GT(hits, 10'000U);
}

TEST(FindWords, LastOneAndLinesByEveryVector) {
  std::mt19937 random(11);
  std::size_t hits = 0;
  for (const auto vector : all_vectors) {
    if (!has(vector)) continue;
    for (int round = 0; round < 2'000; ++round) {
      const auto text = random_text(random, random() % 500);
      const auto word = random_text(random, 4 + random() % 3);
      ASSERT_EQ(find_last(text, word, vector), text.rfind(word));
      ASSERT_EQ(count_lines(text, vector), static_cast<std::size_t>(std::ranges::count(text, '\n')));
      hits += text.rfind(word) != std::string::npos;
    }
  }
  EXPECT_GT(hits, 100U);
}

TEST(FindWords, AtTheVeryEdges) {
  for (const auto vector : all_vectors) {
    if (!has(vector)) continue;
    const std::vector<Word> words = {{"said: ", 1}};
    const WordSearch search(words, vector);
    for (std::size_t before = 0; before < 140; ++before)
      for (std::size_t after = 0; after < 70; ++after) {
        const auto text = std::string(before, 'x') + "said: " + std::string(after, 'd');
        const auto hit = search.next(text);
        ASSERT_TRUE(hit) << before << " " << after;
        EXPECT_EQ(hit->at, before);
        EXPECT_FALSE(search.next(text, before + 1));
      }
    EXPECT_FALSE(search.next(""));
    EXPECT_FALSE(search.next("said:"));
  }
}

}  // namespace
}  // namespace fcrdns::bounce
