// The words of results and identities (RFC 7208 2.3, 2.4, 2.6) as Received-SPF and our own JSON write them.
#include <array>

#include "fcrdns/spf/spf.hpp"

namespace fcrdns::spf {
namespace {

constexpr std::array<std::string_view, 7> results{"none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"};
constexpr std::array<std::string_view, 2> identities{"mailfrom", "helo"};

template <typename Word, std::size_t count>
std::optional<Word> find(const std::array<std::string_view, count>& words, std::string_view word) {
  for (std::size_t i = 0; i < count; ++i)
    if (words[i] == word) return static_cast<Word>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_word(Result result) { return results[static_cast<std::size_t>(result)]; }
std::string_view to_word(Identity identity) { return identities[static_cast<std::size_t>(identity)]; }
std::optional<Result> parse_result(std::string_view word) { return find<Result>(results, word); }
std::optional<Identity> parse_identity(std::string_view word) { return find<Identity>(identities, word); }

}  // namespace fcrdns::spf
