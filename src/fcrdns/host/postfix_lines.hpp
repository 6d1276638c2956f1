// Postfix's files of settings, as text: logical lines, words in braces, and the value of an expression. postconf(5), master(5).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/host/mta.hpp"

namespace fcrdns::host::postfix {

/// A line and those that continue it, joined; comments between them are left out.
struct LogicalLine {
  /// A line of the file inside it.
  struct Part {
    std::size_t at = 0;      ///< where it begins in `text`
    std::size_t begin = 0;   ///< where it begins in the file
    std::size_t line = 0;    ///< from 1
  };
  std::string text;
  std::vector<Part> parts;   ///< at least one
  std::size_t end = 0;       ///< in the file, behind the last line that belongs to it (its end of line included)
  [[nodiscard]] std::size_t line() const { return parts.front().line; }
  [[nodiscard]] const Part& part_at(std::size_t offset) const;  ///< the one that holds text[offset]
};
/// At most 100,000 of them.
[[nodiscard]] std::vector<LogicalLine> logical_lines(std::string_view file);

/// "name = value" cut in two; empty: there is no '=' behind one name.
[[nodiscard]] std::optional<std::pair<std::string_view, std::string_view>> split_setting(std::string_view text);

struct Word {
  std::string_view text;     ///< braces around it, if any, are part of it
  std::size_t at = 0;        ///< where it begins
  [[nodiscard]] bool in_braces() const { return text.starts_with('{'); }
  [[nodiscard]] std::string_view inside() const;  ///< without the braces and the white space within
};
/// Words between any of `separators`; braces hold a word together, and one that is not closed goes to the end.
[[nodiscard]] std::vector<Word> split_words(std::string_view text, std::string_view separators);
inline constexpr std::string_view white_space = " \t\r\n", list_space = ", \t\r\n";

/// The raw value of a parameter; empty: there is no such.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;
struct Expanded {
  std::string text;
  std::string trouble;       ///< why it has no value: Postfix does not run with that; empty: it has
};
/// $name, ${name}, $(name), ${name?text}, ${name:text}, ${name?{a}:{b}}, ${{a}=={b}?{c}:{d}} and `$$`; bounded.
[[nodiscard]] Expanded expand(std::string_view expression, const Lookup& lookup);

}  // namespace fcrdns::host::postfix
