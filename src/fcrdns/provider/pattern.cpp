#include "fcrdns/provider/pattern.hpp"

#include <array>
#include <charconv>

#include "fcrdns/base/text.hpp"

namespace fcrdns::provider {
namespace {

constexpr std::size_t no_octet = 4, max_groups = 24;
constexpr int max_program = 2000;  // instructions; the largest one shipped has about 200

/// "a" to "d", and "a2", "d2" ... in another branch, as no two groups may have one name.
std::size_t octet_of(std::string_view group) {
  if (group.empty() || group.front() < 'a' || group.front() > 'd') return no_octet;
  if (group.size() > 2 || (group.size() == 2 && (group[1] < '2' || group[1] > '9'))) return no_octet;
  return static_cast<std::size_t>(group.front() - 'a');
}

bool is_octet(re2::StringPiece text, unsigned octet) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value == octet;
}

}  // namespace

re2::RE2::Options pattern_options() {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(8 << 20);
  return options;
}

Pattern::Pattern(const std::string& expression) : expression_(expression, pattern_options()) {
  if (!expression_.ok()) {
    problem_ = "is no RE2 expression: " + base::escape(expression_.error(), 100);
    return;
  }
  const auto groups = static_cast<std::size_t>(expression_.NumberOfCapturingGroups());
  if (groups > max_groups || expression_.ProgramSize() > max_program) problem_ = "is too large an expression";
  octets_.assign(groups, no_octet);
  for (const auto& [name, index] : expression_.NamedCapturingGroups()) {
    const auto octet = octet_of(name);
    if (octet == no_octet) problem_ = "has a named group that is none of a, b, c, d (or a2 ...)";
    octets_[static_cast<std::size_t>(index) - 1] = octet;
  }
}

Fit Pattern::fit(std::string_view plain, const net::Address& address) const {
  if (!problem_.empty()) return Fit::none;
  std::array<re2::StringPiece, max_groups + 1> groups;
  const re2::StringPiece text(plain.data(), plain.size());
  if (!expression_.Match(text, 0, text.size(), re2::RE2::ANCHOR_BOTH, groups.data(), static_cast<int>(octets_.size()) + 1))
    return Fit::none;
  auto fit = Fit::pattern;
  for (std::size_t i = 0; i < octets_.size(); ++i) {
    if (octets_[i] == no_octet || groups[i + 1].data() == nullptr) continue;
    if (!address.is_v4() || !is_octet(groups[i + 1], address.octets()[octets_[i]])) return Fit::none;
    fit = Fit::octets;
  }
  return fit;
}

}  // namespace fcrdns::provider
