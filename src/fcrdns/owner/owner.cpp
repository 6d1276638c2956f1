// The words of owners, as a recording and JSON hold them.
#include "fcrdns/owner/owner.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fcrdns::owner {
namespace {

using enum Registration::Outcome;
constexpr std::array<std::pair<Registration::Outcome, std::string_view>, 7> outcome_words{{
    {found, "found"},
    {not_found, "not_found"},
    {limited, "limited"},
    {refused, "refused"},
    {unreachable, "unreachable"},
    {malformed, "malformed"},
    {no_server, "no_server"},
}};

}  // namespace

std::string_view to_word(Registration::Outcome outcome) {
  const auto row = std::ranges::find(outcome_words, outcome, [](const auto& pair) { return pair.first; });
  return row == outcome_words.end() ? "" : row->second;
}

std::optional<Registration::Outcome> parse_outcome(std::string_view word) {
  const auto row = std::ranges::find(outcome_words, word, [](const auto& pair) { return pair.second; });
  return row == outcome_words.end() ? std::nullopt : std::optional(row->first);
}

std::string_view to_word(Source source) {
  switch (source) {
    case Source::rdap: return "rdap";
    case Source::delegation: return "delegation";
    case Source::ptr: return "ptr";
  }
  return "";
}

std::string_view to_word(Certainty certainty) {
  switch (certainty) {
    case Certainty::sure: return "sure";
    case Certainty::likely: return "likely";
    case Certainty::hint: return "hint";
  }
  return "";
}

}  // namespace fcrdns::owner
