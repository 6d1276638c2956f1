#include "fcrdns/owner/range.hpp"

namespace fcrdns::owner {

std::optional<Range> Range::between(std::string_view first_text, std::string_view last_text) {
  const auto first = net::Address::parse(first_text), last = net::Address::parse(last_text);
  if (!first || !last || first->family() != last->family() || *last < *first) return std::nullopt;
  return Range{*first, *last};
}

std::optional<Range> Range::parse(std::string_view text) {
  const auto dash = text.find(" - ");
  if (dash == std::string_view::npos) return std::nullopt;
  return between(text.substr(0, dash), text.substr(dash + 3));
}

}  // namespace fcrdns::owner
