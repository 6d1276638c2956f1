// postconf(5), "Configuration file format": a line that begins with white space continues the one before; an empty line or
// one whose first sign is '#' is none, not even between the two.
#include "fcrdns/host/postfix_lines.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::postfix {
namespace {

constexpr std::size_t max_lines = 100'000;

/// Behind the brace that closes the one at `at`; the end when none does.
std::size_t behind_braces(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (auto i = at; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  return text.size();
}

}  // namespace

const LogicalLine::Part& LogicalLine::part_at(std::size_t offset) const {
  const auto behind = std::ranges::upper_bound(parts, offset, {}, &Part::at);
  return behind == parts.begin() ? parts.front() : *std::prev(behind);
}

std::vector<LogicalLine> logical_lines(std::string_view file) {
  std::vector<LogicalLine> lines;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < file.size();) {
    ++number;
    const auto line_end = std::min(file.find('\n', begin), file.size());
    const auto line = file.substr(begin, line_end - begin);
    const auto next = std::min(line_end + 1, file.size());
    const auto first = base::trim(line);
    if (!first.empty() && first.front() != '#') {
      const bool continues = line.front() != first.front() && !lines.empty();
      if (!continues && lines.size() >= max_lines) break;
      if (!continues) lines.emplace_back();
      auto& logical = lines.back();
      logical.parts.push_back({logical.text.size(), begin, number});
      logical.text += line;
      logical.end = next;
    }
    begin = next;
  }
  return lines;
}

std::optional<std::pair<std::string_view, std::string_view>> split_setting(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto name = base::trim(text.substr(0, equals));
  if (name.empty() || name.find_first_of(white_space) != std::string_view::npos) return std::nullopt;
  return std::pair(name, base::trim(text.substr(equals + 1)));
}

std::string_view Word::inside() const {
  if (!in_braces()) return text;
  auto within = text.substr(1);
  if (within.ends_with('}')) within.remove_suffix(1);
  return base::trim(within);
}

std::vector<Word> split_words(std::string_view text, std::string_view separators) {
  std::vector<Word> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != std::string_view::npos;) {
    auto end = at;
    while (end < text.size() && separators.find(text[end]) == std::string_view::npos)
      end = text[end] == '{' ? behind_braces(text, end) : end + 1;
    words.push_back({text.substr(at, end - at), at});
    at = end;
  }
  return words;
}

}  // namespace fcrdns::host::postfix
