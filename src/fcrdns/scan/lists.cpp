// Files of addresses, a line each. What a line can do to the reader is bounded: it has at most 4,096 octets, else it is a
// bad one, however long it goes on.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/scan/entries.hpp"
#include "fcrdns/scan/list_line.hpp"
#include "fcrdns/scan/read_ahead.hpp"

namespace fcrdns::scan {
namespace {

constexpr std::size_t longest_line = 4096, most_told = 10;
constexpr std::size_t shown_of_long = 64;  // octets
constexpr base::Milliseconds patience{1};  // with a pipe; it is asked again in the next turn
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// UTF-16, with its mark or by the zero octets that ASCII has in it.
bool is_utf16(std::string_view first) {
  return first.starts_with("\xff\xfe") || first.starts_with("\xfe\xff") ||
         (first.size() >= 4 && ((first[0] == '\0') != (first[1] == '\0')) && (first[0] == '\0') == (first[2] == '\0') &&
          (first[1] == '\0') == (first[3] == '\0'));
}

/// Lines of one file.
class Lines {
 public:
  explicit Lines(const std::string& path) : source_(path), name_(path == "-" ? "standard input" : base::escape(path)) {}

  enum class Next { line, too_long, not_yet, end };
  base::Expected<Next> next(std::string_view& line) {
    for (;;) {
      const auto* begin = piece_.data() + at_;
      const auto* end = static_cast<const char*>(std::memchr(begin, '\n', piece_.size() - at_));
      if (end != nullptr) {
        at_ += static_cast<std::size_t>(end - begin) + 1;
        return whole({begin, end}, line);
      }
      keep({begin, piece_.size() - at_});
      at_ = piece_.size();
      if (over_) return last(line);
      const auto got = source_.next(piece_, patience);
      if (!got) {
        over_ = true;
        return std::unexpected(got.error());
      }
      if (*got == ReadAhead::Next::not_yet) return Next::not_yet;
      at_ = 0;
      over_ = *got == ReadAhead::Next::end;
      if (over_) piece_.clear();
      if (std::exchange(fresh_, false)) {
        if (is_utf16(piece_)) {
          over_ = true;
          piece_.clear();
          return base::fault(name_ + " is UTF-16; make it UTF-8: iconv -f UTF-16 -t UTF-8");
        }
        if (piece_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
      }
    }
  }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] double share_read() const { return source_.share_read(); }

 private:
  void keep(std::string_view part) {
    too_long_ = too_long_ || begun_.size() + part.size() > longest_line;
    begun_.append(part.substr(0, longest_line - begun_.size()));
  }
  Next whole(std::string_view rest, std::string_view& line) {
    ++number_;
    if (begun_.empty() && rest.size() <= longest_line) return line = rest, Next::line;
    keep(rest);
    return finish(line);
  }
  Next last(std::string_view& line) {
    if (begun_.empty()) return Next::end;
    ++number_;
    return finish(line);
  }
  Next finish(std::string_view& line) {
    shown_ = std::exchange(begun_, {});
    line = shown_;
    return std::exchange(too_long_, false) ? Next::too_long : Next::line;
  }

  ReadAhead source_;
  std::string name_, piece_;
  std::size_t at_ = 0;
  std::string begun_, shown_;  ///< of a line over the end of a piece; what was handed out of such
  bool too_long_ = false, over_ = false, fresh_ = true;
  std::uint64_t number_ = 0;
};

class Lists final : public Entries {
 public:
  Lists(std::vector<Span> words, std::vector<std::string> files) : words_(std::move(words)), files_(std::move(files)) {}

  Next next(Span& span, std::string_view& bad) override {
    if (word_ < words_.size()) return span = words_[word_++], Next::span;
    for (;;) {
      if (!lines_ && !open()) return Next::end;
      std::string_view line;
      const auto got = lines_->next(line);
      if (!got) {
        complaints_.failed = true;
        if (complaints_.unreadable.size() < most_told) complaints_.unreadable.push_back(got.error().message);
        lines_.reset();
        continue;
      }
      if (*got == Lines::Next::not_yet) return Next::not_yet;
      if (*got == Lines::Next::end) {
        lines_.reset();
        continue;
      }
      if (*got == Lines::Next::too_long) return complain("longer than 4,096 octets"), bad = line.substr(0, shown_of_long), Next::bad;
      const auto read = read_list_line(line);
      if (!read) {
        if (lines_->number() == 1 && is_header(line)) continue;
        bad = base::trim(line);
        complain(read.error().message);
        return Next::bad;
      }
      if (!*read) continue;
      span = **read;
      return Next::span;
    }
  }
  [[nodiscard]] double share_read() const override {
    if (files_.empty()) return 1;
    const auto through = static_cast<double>(file_) - (lines_ ? 1 - lines_->share_read() : 0);
    return through / static_cast<double>(files_.size());
  }
  [[nodiscard]] const Complaints& complaints() const override { return complaints_; }

 private:
  bool open() {
    if (file_ == files_.size()) return false;
    lines_ = std::make_unique<Lines>(files_[file_++]);
    return true;
  }
  void complain(std::string_view why) {
    if (complaints_.bad_lines++ == 0) complaints_.first_bad = fmt::format("{}, line {}: {}", lines_->name(), lines_->number(), why);
  }

  const std::vector<Span> words_;
  const std::vector<std::string> files_;
  std::size_t word_ = 0, file_ = 0;
  std::unique_ptr<Lines> lines_;
  Complaints complaints_;
};

}  // namespace

std::unique_ptr<Entries> make_lists(std::vector<Span> words, std::vector<std::string> files) {
  return std::make_unique<Lists>(std::move(words), std::move(files));
}

}  // namespace fcrdns::scan
