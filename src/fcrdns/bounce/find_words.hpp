// Finds a few fixed words in octets as fast as memory hands them over: a log is mostly lines that do not matter, and the
// ones that do are found by a word in them. Three octets of each word are looked for at all places of a vector at once
// (the nibble tables of Hyperscan's "Teddy"), what fits is compared in full. Which instructions are there is found out at
// run time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fcrdns::bounce {

/// Vector instructions of the processor, in ascending order.
enum class Vector { none, ssse3, avx2, avx512 };
inline constexpr Vector all_vectors[] = {Vector::none, Vector::ssse3, Vector::avx2, Vector::avx512};
[[nodiscard]] bool has(Vector vector);
/// The best there is.
[[nodiscard]] Vector best_vector();

struct Word {
  std::string_view text;   ///< at least 3 octets; outlives the search
  std::size_t rare = 0;    ///< where its rarest 3 octets begin: these are looked for
  std::size_t bucket = 0;  ///< 0..7: words whose 3 octets are alike share one, as all mixtures of their nibbles fit too
};

class WordSearch {
 public:
  static constexpr std::size_t max_words = 32;

  explicit WordSearch(std::span<const Word> words, Vector vector = best_vector());

  struct Hit {
    std::size_t at = 0;    ///< where the word begins
    std::size_t word = 0;  ///< index of the word
  };
  /// The first word that lies behind `from` in full: first by the place of its rare octets, then by index.
  [[nodiscard]] std::optional<Hit> next(std::string_view text, std::size_t from = 0) const;

  /// For three octets in a row, the bits of the buckets that hold a word whose octet has this low and this high nibble.
  struct Tables {
    alignas(16) std::array<std::array<std::uint8_t, 16>, 3> low{}, high{};
    [[nodiscard]] std::uint8_t buckets(const char* at) const;
  };

 private:
  std::array<Word, max_words> words_{};
  std::array<std::uint32_t, 8> in_bucket_{};  // a bit for each word
  std::size_t count_ = 0;
  Tables tables_;
  const char* (*candidate_)(const Tables&, const char* at, const char* end);
};

/// Where `word` (4 octets or more) begins for the last time in `text`; npos when it does not.
[[nodiscard]] std::size_t find_last(std::string_view text, std::string_view word, Vector vector = best_vector());

/// How many line ends there are.
[[nodiscard]] std::size_t count_lines(std::string_view text, Vector vector = best_vector());

}  // namespace fcrdns::bounce
