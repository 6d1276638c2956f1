#include "fcrdns/evidence/proof.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::evidence {
namespace {

constexpr std::array<std::string_view, 4> words{"plain", "edns", "edns_do", "mixed_case"};  // in enumerator order

}  // namespace

std::string_view to_word(Manner manner) { return words[static_cast<std::size_t>(manner)]; }

std::optional<Manner> parse_manner(std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Manner>(found - words.begin());
}

unsigned unanswered(const ProofRow& row) {
  unsigned sum = 0;
  for (const auto& [status, count] : row.others)
    if (status == dns::Status::timeout || status == dns::Status::unreachable) sum += count;
  return sum;
}

}  // namespace fcrdns::evidence
