// The words of what must be so before a PTR can be set.
#include <algorithm>
#include <array>

#include "fcrdns/provider/provider.hpp"

namespace fcrdns::provider {
namespace {

constexpr std::array<std::string_view, 9> words{"forward_first", "proof_of_domain", "from_server_name",  "ticket_only", "no_ipv6",
                                                "asynchronous",  "one_ptr_only",    "delete_is_default", "other"};

}  // namespace

std::string_view to_word(Condition condition) { return words[static_cast<std::size_t>(condition)]; }

std::optional<Condition> parse_condition(std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Condition>(found - words.begin());
}

}  // namespace fcrdns::provider
