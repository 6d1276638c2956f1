#include "fcrdns/fleet/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace fcrdns::fleet {
namespace {

constexpr std::size_t read_size = 64 << 10, longest_record = 64 << 10, most_cells = 256;

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Whichever the first line has most of.
char separator_of(std::string_view line) {
  char found = ',';
  for (const char c : {';', '\t'})
    if (std::ranges::count(line, c) > std::ranges::count(line, found)) found = c;
  return found;
}

}  // namespace

std::unexpected<base::Fault> Csv::bad(std::string_view why) const {
  return base::fault(fmt::format("{} line {}: {}", name_, line_, why));
}

base::Expected<bool> Csv::fill() {
  room_.erase(0, std::exchange(at_, 0));
  const auto have = room_.size();
  room_.resize(have + read_size);
  const auto got = source_->read(std::span(room_).subspan(have));
  room_.resize(have + (got ? *got : 0));
  if (!got) return std::unexpected(got.error());
  return *got > 0;
}

/// Up to the first end of line outside of quotes.
base::Expected<bool> Csv::read_record() {
  line_ = next_line_;
  bool quoted = false;
  for (std::size_t seen = 0;;) {
    const auto at = room_.find_first_of("\n\"", at_ + seen);
    if (at == std::string::npos) {
      seen = room_.size() - at_;
      if (seen > longest_record) return bad(quoted ? "a quote is not closed" : "longer than 64 KiB");
      const auto more = fill();
      if (!more) return std::unexpected(more.error());
      if (*more) continue;
      if (quoted) return bad("a quote is not closed");
      record_ = std::string_view(room_).substr(at_);
      at_ = room_.size();
      return !record_.empty();
    }
    seen = at + 1 - at_;
    if (room_[at] == '"') {
      quoted = !quoted;
      continue;
    }
    ++next_line_;
    if (seen > longest_record) return bad(quoted ? "a quote is not closed" : "longer than 64 KiB");
    if (quoted) continue;
    record_ = std::string_view(room_).substr(at_, at - at_);
    at_ = at + 1;
    return true;
  }
}

base::Expected<void> Csv::split() {
  views_.clear();
  unquoted_.clear();
  unquoted_.reserve(record_.size());  // views into it stay
  for (auto left = record_;;) {
    if (views_.size() == most_cells) return bad("more than 256 columns");
    const auto blanks = std::min(left.find_first_not_of(' '), left.size());
    if (!left.substr(blanks).starts_with('"')) {
      const auto end = left.find(separator_);
      const auto cell = without_blanks(left.substr(0, end));
      if (cell.find('"') != std::string_view::npos) return bad("a quote inside a cell that is not quoted");
      views_.push_back(cell);
      if (end == std::string_view::npos) return {};
      left.remove_prefix(end + 1);
      continue;
    }
    left.remove_prefix(blanks + 1);
    const auto begin = unquoted_.size();
    for (;;) {
      const auto quote = left.find('"');
      if (quote == std::string_view::npos) return bad("a quote is not closed");
      unquoted_ += left.substr(0, quote);
      left.remove_prefix(quote + 1);
      if (!left.starts_with('"')) break;
      unquoted_ += '"';
      left.remove_prefix(1);
    }
    views_.push_back(std::string_view(unquoted_).substr(begin));
    left.remove_prefix(std::min(left.find_first_not_of(' '), left.size()));
    if (left.empty()) return {};
    if (left.front() != separator_) return bad("something stands behind a closing quote");
    left.remove_prefix(1);
  }
}

base::Expected<bool> Csv::next() {
  for (;;) {
    const auto any = read_record();
    if (!any || !*any) return any;
    if (line_ == 1 && record_.starts_with("\xef\xbb\xbf")) record_.remove_prefix(3);
    if (record_.ends_with('\r')) record_.remove_suffix(1);
    if (record_.starts_with('#') || without_blanks(record_).empty()) continue;
    if (separator_ == '\0') separator_ = separator_of(record_);
    if (auto cut = split(); !cut) return std::unexpected(cut.error());
    return true;
  }
}

}  // namespace fcrdns::fleet
