// Two texts, line by line, as `diff -u` tells them apart: three lines around each change, one hunk where they touch.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/host/change.hpp"

namespace fcrdns::host {
namespace {

using Lines = std::vector<std::string_view>;  // each with its end of line, if it has one
constexpr std::size_t context = 3;
constexpr std::size_t max_cells = std::size_t{1} << 24;  // more than that between the changes: told as one

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// Which lines of either text have no partner in the other.
struct Changed {
  std::vector<bool> before, after;
};

/// A longest common subsequence of what stands between begin and the ends.
void compare(const Lines& a, const Lines& b, std::size_t begin, std::size_t a_end, std::size_t b_end, Changed& changed) {
  const auto rows = a_end - begin, columns = b_end - begin;
  const bool too_much = rows != 0 && columns > max_cells / rows;
  std::vector<std::uint32_t> common(too_much ? 0 : (rows + 1) * (columns + 1));
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return common[i * (columns + 1) + j]; };
  if (!too_much)
    for (auto i = rows; i-- > 0;)
      for (auto j = columns; j-- > 0;)
        at(i, j) = a[begin + i] == b[begin + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  std::size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    if (!too_much && i < rows && j < columns && a[begin + i] == b[begin + j]) ++i, ++j;
    else if (i < rows && (j == columns || too_much || at(i + 1, j) >= at(i, j + 1))) changed.before[begin + i++] = true;
    else changed.after[begin + j++] = true;
  }
}

/// A run of changed lines that could stand lower as well is put there, as diff does.
void slide_down(const Lines& lines, std::vector<bool>& changed, const std::vector<bool>& partner) {
  std::size_t matched = 0;  // lines of the partner in front of the run that are unchanged
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!changed[i]) {
      ++matched;
      continue;
    }
    auto end = i;
    while (end < lines.size() && changed[end]) ++end;
    std::size_t at = 0, seen = 0;
    while (at < partner.size() && seen < matched) seen += partner[at++] ? 0 : 1;
    const bool beside_a_change = at < partner.size() && partner[at];
    while (!beside_a_change && end < lines.size() && !changed[end] && lines[i] == lines[end]) {
      if (at + 1 < partner.size() && partner[at + 1]) break;
      changed[i++] = false;
      changed[end++] = true;
      ++matched;
      ++at;
      while (end < lines.size() && changed[end]) ++end;
    }
    i = end - 1;
  }
}

std::string range(std::size_t begin, std::size_t count) {
  const auto first = std::to_string(count == 0 ? begin : begin + 1);
  return count == 1 ? first : first + "," + std::to_string(count);
}

void put_line(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// Lines a[i..] and b[j..] from the first change on; gives where the hunk ends.
std::pair<std::size_t, std::size_t> put_hunk(std::string& out, const Lines& a, const Lines& b, const Changed& changed, std::size_t i, std::size_t j) {
  const auto lead = std::min({context, i, j});
  const auto a_begin = i - lead, b_begin = j - lead;
  std::string body;
  for (auto k = a_begin; k < i; ++k) put_line(body, ' ', a[k]);
  for (std::size_t same = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && changed.before[i]) put_line(body, '-', a[i++]), same = 0;
    else if (j < b.size() && changed.after[j]) put_line(body, '+', b[j++]), same = 0;
    else {
      auto next = i;  // how far to the next change
      while (next < a.size() && next - i <= 2 * context && !changed.before[next] && !changed.after[j + (next - i)]) ++next;
      const bool more = next < a.size() ? next - i + same <= 2 * context && (changed.before[next] || changed.after[j + (next - i)])
                                        : j + (next - i) < b.size() && next - i + same <= 2 * context;
      if (!more && same == context) break;
      put_line(body, ' ', a[i++]);
      ++j;
      ++same;
    }
  }
  out += "@@ -" + range(a_begin, i - a_begin) + " +" + range(b_begin, j - b_begin) + " @@\n" + body;
  return {i, j};
}

}  // namespace

std::string unified_diff(const Edit& edit) {
  const auto a = lines_of(edit.before), b = lines_of(edit.after);
  std::size_t begin = 0, a_end = a.size(), b_end = b.size();
  while (begin < a_end && begin < b_end && a[begin] == b[begin]) ++begin;
  while (a_end > begin && b_end > begin && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
  Changed changed{std::vector<bool>(a.size()), std::vector<bool>(b.size())};
  compare(a, b, begin, a_end, b_end, changed);
  slide_down(a, changed.before, changed.after);
  slide_down(b, changed.after, changed.before);

  std::string out;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const bool is_change = (i < a.size() && changed.before[i]) || (j < b.size() && changed.after[j]);
    if (is_change) std::tie(i, j) = put_hunk(out, a, b, changed, i, j);
    else ++i, ++j;
  }
  return out.empty() ? out : "--- " + edit.file + "\n+++ " + edit.file + "\n" + out;
}

}  // namespace fcrdns::host
