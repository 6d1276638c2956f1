#include "fcrdns/mail/unfold.hpp"

#include <algorithm>
#include <array>

#include "fcrdns/mail/codes.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::mail {
namespace {

enum class Kind : unsigned char { plain, digit, blank };
constexpr std::array<Kind, 256> kinds = [] {
  std::array<Kind, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    table[i] = is_blank(c) || c == '\0' ? Kind::blank : is_digit(c) ? Kind::digit : Kind::plain;
  }
  return table;
}();
Kind kind_of(char c) { return kinds[static_cast<unsigned char>(c)]; }

bool is_address_octet(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

/// Whether a line end stands inside an address: "2001:db8::" and "25".
bool splits_address(std::string_view before, std::string_view behind) {
  if (before.empty() || behind.empty()) return false;
  const bool cut_at_sign = before.back() == ':' || before.back() == '.' || behind.front() == ':' || behind.front() == '.';
  if (!cut_at_sign) return false;
  constexpr std::size_t longest = 46;
  std::size_t left = 0, right = 0;
  while (left < before.size() && left < longest && is_address_octet(before[before.size() - 1 - left])) ++left;
  while (right < behind.size() && right < longest && is_address_octet(behind[right])) ++right;
  auto joined = std::string(before.substr(before.size() - left)) + std::string(behind.substr(0, right));
  if (joined.ends_with('.')) joined.pop_back();
  return left > 1 && right > 0 && joined.size() < longest && net::Address::parse(joined).has_value();
}

class Unfolder {
 public:
  Unfolder(std::string_view text, const Repeated& repeated) : text_(text), repeated_(repeated), open_(repeated.more_lines) {
    if (repeated.more_lines) {
      const auto code = std::to_string(repeated.code);
      last_line_ = std::max(text.rfind(code + '-') + 1, text.rfind('\n' + code) + 1);  // npos + 1 is 0
    }
    out_.reserve(text.size());
  }

  std::string run() {
    blanks(false);
    while (at_ < text_.size()) {
      switch (kind_of(text_[at_])) {
        case Kind::plain: copy(Kind::plain); break;
        case Kind::digit: digits(); break;
        case Kind::blank: blanks(true); break;
      }
    }
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    return std::move(out_);
  }

 private:
  void copy(Kind kind) {
    const auto begin = at_;
    while (at_ < text_.size() && kind_of(text_[at_]) == kind) ++at_;
    out_.append(text_, begin, at_ - begin);
  }

  void blank() {
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  }

  /// A run of blanks and line ends, the quote marks behind those, and the codes that stand there.
  void blanks(bool inside) {
    bool line_end = false, indented = false;
    for (; at_ < text_.size() && kind_of(text_[at_]) == Kind::blank; ++at_) {
      const bool ends = text_[at_] == '\n' || text_[at_] == '\r';
      line_end |= ends;
      indented = !ends;
    }
    if (line_end) {
      const auto marked = skip_quote_marks(text_, at_);
      if (marked != at_) indented = false;
      at_ = marked;
    }
    if (line_end && splits_address(out_, text_.substr(at_))) return;
    if (inside) blank();
    // As often as lines of nothing but their codes follow each other.
    while (const auto length = repeated_codes(line_end, indented)) {
      at_ = skip_blanks(text_, at_ + length);
      blank();
    }
  }

  [[nodiscard]] bool is_ours(const std::optional<EnhancedAt>& found) const {
    return found && repeated_.enhanced && found->code == *repeated_.enhanced;
  }

  /// Octets of the codes at this begin of a word; 0: they are no repetition, or none stand here.
  std::size_t repeated_codes(bool line_begin, bool indented) {
    if (at_ >= text_.size() || !is_digit(text_[at_])) return 0;
    if (line_begin)
      if (const auto alone = enhanced_at(text_, at_); is_ours(alone)) return alone->end - at_;
    if (repeated_.code == 0 || code_at(text_, at_) != repeated_.code) return 0;
    const auto behind = at_ + 3;
    const char sign = behind < text_.size() ? text_[behind] : ' ';
    if (sign == '-') {
      const auto enhanced = enhanced_at(text_, behind + 1);
      if (is_ours(enhanced) || (enhanced && line_begin)) return enhanced->end - at_;
      const bool number = behind + 1 < text_.size() && is_digit(text_[behind + 1]);
      return line_begin || (open_ && !number) ? 4 : 0;
    }
    if (!is_blank(sign)) return 0;
    const auto enhanced = enhanced_at(text_, skip_blanks(text_, behind));
    if (is_ours(enhanced) || (enhanced && line_begin)) return enhanced->end - at_;
    // The last line's code, in lines that were joined: only where no further line follows.
    const bool last = open_ && last_line_ <= at_;
    if (!last && !(line_begin && !indented)) return 0;
    open_ = false;
    return 3;
  }

  /// A number inside a word or behind a sign. OpenSMTPD joins lines with nothing between them: "have a5.7.25 PTR".
  void digits() {
    const char before = out_.empty() ? ' ' : out_.back();
    const bool glued = !is_digit(before) && std::string_view(" .-_:=@/#[($").find(before) == std::string_view::npos;
    if (glued || (before == '.' && out_.size() > 1 && is_letter(out_[out_.size() - 2])))
      if (const auto length = glued_codes()) {
        at_ = skip_blanks(text_, at_ + length);
        blank();
        return;
      }
    if (is_torn() && repeated_.enhanced) {
      // "DNS-P35.1.8 http://": the last digit of the number may be the code's.
      auto last = at_;
      while (last + 1 < text_.size() && is_digit(text_[last + 1])) ++last;
      if (const auto found = enhanced_at(text_, last); is_ours(found) && found->end < text_.size() && is_blank(text_[found->end])) {
        out_.append(text_, at_, last - at_);
        at_ = skip_blanks(text_, found->end);
        blank();
        return;
      }
    }
    copy(Kind::digit);
  }

  /// More lines were announced, and no line begins anywhere: something joined them with nothing between.
  [[nodiscard]] bool is_torn() const { return repeated_.more_lines && last_line_ == 0; }

  [[nodiscard]] std::size_t glued_codes() const {
    const auto is_end = [&](std::size_t at) { return at >= text_.size() || is_blank(text_[at]) || text_[at] == '['; };
    auto at = at_;
    bool with_code = false;
    if (repeated_.code != 0 && code_at(text_, at) == repeated_.code && at + 3 < text_.size()) {
      if (text_[at + 3] == '-' || text_[at + 3] == ' ') with_code = true, at += 4;
    }
    if (const auto enhanced = enhanced_at(text_, at); is_ours(enhanced) && is_end(enhanced->end)) return enhanced->end - at_;
    // "not available554-No SMTP service"
    return with_code && open_ && text_[at_ + 3] == '-' && at < text_.size() && !is_digit(text_[at]) ? 4 : 0;
  }

  std::string_view text_;
  const Repeated& repeated_;
  bool open_;
  std::size_t last_line_ = 0;  ///< behind the begin of the last line that is known by its code
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::size_t skip_quote_marks(std::string_view text, std::size_t at) {
  const auto next = [&](std::size_t ahead) { return at + ahead < text.size() ? text[at + ahead] : '\n'; };
  for (;;) {
    if (next(0) == ' ' || next(0) == '\t') ++at;
    else if (next(0) == '<' && next(1) == '<' && next(2) == '<') at += 3;
    else if (next(0) == '>' && (is_blank(next(1)) || next(1) == '>')) ++at;
    else return std::min(at, text.size());
  }
}

std::string unfold(std::string_view text, const Repeated& repeated) { return Unfolder(text, repeated).run(); }

}  // namespace fcrdns::mail
