#include "fcrdns/bounce/find_words.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#if defined(__x86_64__)
#include <immintrin.h>
// g++ 12 takes the "undefined" vectors of its own headers for a mistake of ours (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace fcrdns::bounce {
namespace {

using Tables = WordSearch::Tables;

/// First place at or behind `at` whose three octets may be those of a word, or `end`.
const char* candidate_plain(const Tables& tables, const char* at, const char* end) {
  for (; end - at >= 3; ++at)
    if (tables.buckets(at) != 0) return at;
  return end;
}

std::size_t find_last_plain(std::string_view text, std::string_view word) { return text.rfind(word); }
std::size_t count_plain(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

/// Three places inside a word that tell it from its neighbours: ids differ in the middle, and " from=" ends it.
struct Probe {
  explicit Probe(std::string_view word) : at{word.size() / 4, word.size() / 2, word.size() - std::min<std::size_t>(5, word.size())} {}
  std::size_t at[3];
};

#if defined(__x86_64__)

// The bodies differ in width only, but the instructions of each need a function of their own.

[[gnu::target("avx512f,avx512bw")]] const char* candidate_avx512(const Tables& tables, const char* at, const char* end) {
  __m512i low[3], high[3];
  for (std::size_t i = 0; i < 3; ++i) {
    low[i] = _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(tables.low[i].data())));
    high[i] = _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(tables.high[i].data())));
  }
  const auto nibble = _mm512_set1_epi8(0x0f);
  for (; end - at >= 64 + 2; at += 64) {
    auto fits = _mm512_set1_epi8(-1);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto octets = _mm512_loadu_si512(at + i);
      const auto by_low = _mm512_shuffle_epi8(low[i], _mm512_and_si512(octets, nibble));
      const auto by_high = _mm512_shuffle_epi8(high[i], _mm512_and_si512(_mm512_srli_epi16(octets, 4), nibble));
      fits = _mm512_ternarylogic_epi64(fits, by_low, by_high, 0x80);  // all three
    }
    if (const auto mask = _mm512_test_epi8_mask(fits, fits); mask != 0) return at + std::countr_zero(mask);
  }
  return candidate_plain(tables, at, end);
}

[[gnu::target("avx2")]] const char* candidate_avx2(const Tables& tables, const char* at, const char* end) {
  __m256i low[3], high[3];
  for (std::size_t i = 0; i < 3; ++i) {
    low[i] = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(tables.low[i].data())));
    high[i] = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(tables.high[i].data())));
  }
  const auto nibble = _mm256_set1_epi8(0x0f);
  for (; end - at >= 32 + 2; at += 32) {
    auto fits = _mm256_set1_epi8(-1);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + i));
      const auto by_low = _mm256_shuffle_epi8(low[i], _mm256_and_si256(octets, nibble));
      const auto by_high = _mm256_shuffle_epi8(high[i], _mm256_and_si256(_mm256_srli_epi16(octets, 4), nibble));
      fits = _mm256_and_si256(fits, _mm256_and_si256(by_low, by_high));
    }
    const auto none = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(fits, _mm256_setzero_si256())));
    if (none != 0xffffffffU) return at + std::countr_one(none);
  }
  return candidate_plain(tables, at, end);
}

[[gnu::target("ssse3")]] const char* candidate_ssse3(const Tables& tables, const char* at, const char* end) {
  __m128i low[3], high[3];
  for (std::size_t i = 0; i < 3; ++i) {
    low[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(tables.low[i].data()));
    high[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(tables.high[i].data()));
  }
  const auto nibble = _mm_set1_epi8(0x0f);
  for (; end - at >= 16 + 2; at += 16) {
    auto fits = _mm_set1_epi8(-1);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
      const auto by_low = _mm_shuffle_epi8(low[i], _mm_and_si128(octets, nibble));
      const auto by_high = _mm_shuffle_epi8(high[i], _mm_and_si128(_mm_srli_epi16(octets, 4), nibble));
      fits = _mm_and_si128(fits, _mm_and_si128(by_low, by_high));
    }
    const auto none = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(fits, _mm_setzero_si128())));
    if (none != 0xffffU) return at + std::countr_one(none);
  }
  return candidate_plain(tables, at, end);
}

[[gnu::target("avx512f,avx512bw")]] std::size_t find_last_avx512(std::string_view text, std::string_view word) {
  const Probe probe(word);
  const __m512i octet[3] = {_mm512_set1_epi8(word[probe.at[0]]), _mm512_set1_epi8(word[probe.at[1]]), _mm512_set1_epi8(word[probe.at[2]])};
  auto left = text.size() >= word.size() ? text.size() - word.size() + 1 : 0;  // places where it may begin
  while (left >= 64) {
    left -= 64;
    const char* at = text.data() + left;
    auto mask = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(at + probe.at[0]), octet[0]);
    mask = _mm512_mask_cmpeq_epi8_mask(mask, _mm512_loadu_si512(at + probe.at[1]), octet[1]);
    mask = _mm512_mask_cmpeq_epi8_mask(mask, _mm512_loadu_si512(at + probe.at[2]), octet[2]);
    for (; mask != 0; mask &= ~(std::uint64_t{1} << (63 - std::countl_zero(mask)))) {
      const auto place = left + 63 - static_cast<std::size_t>(std::countl_zero(mask));
      if (text.compare(place, word.size(), word) == 0) return place;
    }
  }
  return left == 0 ? std::string_view::npos : find_last_plain(text.substr(0, left + word.size() - 1), word);
}

[[gnu::target("avx2")]] std::size_t find_last_avx2(std::string_view text, std::string_view word) {
  const Probe probe(word);
  const __m256i octet[3] = {_mm256_set1_epi8(word[probe.at[0]]), _mm256_set1_epi8(word[probe.at[1]]), _mm256_set1_epi8(word[probe.at[2]])};
  auto left = text.size() >= word.size() ? text.size() - word.size() + 1 : 0;
  while (left >= 32) {
    left -= 32;
    auto fits = _mm256_set1_epi8(-1);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + left + probe.at[i]));
      fits = _mm256_and_si256(fits, _mm256_cmpeq_epi8(octets, octet[i]));
    }
    for (auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(fits)); mask != 0; mask &= ~(1U << (31 - std::countl_zero(mask)))) {
      const auto place = left + 31 - static_cast<std::size_t>(std::countl_zero(mask));
      if (text.compare(place, word.size(), word) == 0) return place;
    }
  }
  return left == 0 ? std::string_view::npos : find_last_plain(text.substr(0, left + word.size() - 1), word);
}

[[gnu::target("avx512f,avx512bw,popcnt")]] std::size_t count_avx512(std::string_view text) {
  const auto end = _mm512_set1_epi8('\n');
  std::size_t count = 0, at = 0;
  for (; text.size() - at >= 64; at += 64)
    count += static_cast<std::size_t>(std::popcount(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text.data() + at), end)));
  return count + count_plain(text.substr(at));
}

[[gnu::target("avx2,popcnt")]] std::size_t count_avx2(std::string_view text) {
  const auto end = _mm256_set1_epi8('\n');
  std::size_t count = 0, at = 0;
  for (; text.size() - at >= 32; at += 32) {
    const auto octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    count += static_cast<std::size_t>(std::popcount(static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(octets, end)))));
  }
  return count + count_plain(text.substr(at));
}

bool has_ssse3() { return __builtin_cpu_supports("ssse3") != 0; }
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0; }
bool has_avx512() { return has_avx2() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0; }

#else

constexpr auto candidate_avx512 = candidate_plain, candidate_avx2 = candidate_plain, candidate_ssse3 = candidate_plain;
constexpr auto find_last_avx512 = find_last_plain, find_last_avx2 = find_last_plain;
constexpr auto count_avx512 = count_plain, count_avx2 = count_plain;
bool has_ssse3() { return false; }
bool has_avx2() { return false; }
bool has_avx512() { return false; }

#endif

bool always() { return true; }

/// One row for each Vector, in its order.
struct Functions {
  bool (*has)();
  const char* (*candidate)(const Tables&, const char*, const char*);
  std::size_t (*find_last)(std::string_view, std::string_view);
  std::size_t (*count)(std::string_view);
};
constexpr Functions functions[] = {
    {always, candidate_plain, find_last_plain, count_plain},
    {has_ssse3, candidate_ssse3, find_last_plain, count_plain},
    {has_avx2, candidate_avx2, find_last_avx2, count_avx2},
    {has_avx512, candidate_avx512, find_last_avx512, count_avx512},
};
const Functions& of(Vector vector) { return functions[static_cast<std::size_t>(vector)]; }

}  // namespace

bool has(Vector vector) { return of(vector).has(); }

Vector best_vector() {
  static const Vector best = [] {
    auto found = Vector::none;
    for (const auto vector : all_vectors)
      if (has(vector)) found = vector;
    return found;
  }();
  return best;
}

std::uint8_t WordSearch::Tables::buckets(const char* at) const {
  unsigned bits = 0xff;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto octet = static_cast<unsigned char>(at[i]);
    bits &= static_cast<unsigned>(low[i][octet & 15]) & high[i][octet >> 4];
  }
  return static_cast<std::uint8_t>(bits);
}

WordSearch::WordSearch(std::span<const Word> words, Vector vector) : candidate_(of(vector).candidate) {
  for (const auto& word : words.first(std::min(words.size(), max_words))) {
    const auto bucket = word.bucket % in_bucket_.size();
    in_bucket_[bucket] |= 1U << count_;
    words_[count_++] = word;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto octet = static_cast<unsigned char>(word.text[word.rare + i]);
      tables_.low[i][octet & 15] |= static_cast<std::uint8_t>(1U << bucket);
      tables_.high[i][octet >> 4] |= static_cast<std::uint8_t>(1U << bucket);
    }
  }
}

std::optional<WordSearch::Hit> WordSearch::next(std::string_view text, std::size_t from) const {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data() + std::min(from, text.size()); (at = candidate_(tables_, at, end)) != end; ++at) {
    std::uint32_t worth = 0;
    for (unsigned buckets = tables_.buckets(at); buckets != 0; buckets &= buckets - 1)
      worth |= in_bucket_[static_cast<std::size_t>(std::countr_zero(buckets))];
    for (; worth != 0; worth &= worth - 1) {
      const auto index = static_cast<std::size_t>(std::countr_zero(worth));
      const auto& word = words_[index];
      const auto rare_at = static_cast<std::size_t>(at - text.data());
      if (rare_at < from + word.rare || text.size() - (rare_at - word.rare) < word.text.size()) continue;
      if (std::memcmp(at - word.rare, word.text.data(), word.text.size()) == 0) return Hit{rare_at - word.rare, index};
    }
  }
  return std::nullopt;
}

std::size_t find_last(std::string_view text, std::string_view word, Vector vector) { return of(vector).find_last(text, word); }

std::size_t count_lines(std::string_view text, Vector vector) { return of(vector).count(text); }

}  // namespace fcrdns::bounce
