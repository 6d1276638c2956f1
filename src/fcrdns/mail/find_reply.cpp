// Where in other text does a reply stand, and how far does it go?
#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/mail/codes.hpp"
#include "fcrdns/mail/reply.hpp"
#include "fcrdns/mail/unfold.hpp"

namespace fcrdns::mail {
namespace {

/// Mail programs and people wrap lines somewhere between these columns; a shorter line ended by itself.
constexpr std::size_t wrap_least = 55, wrap_most = 100;

/// What may stand directly in front of a reply inside a line.
constexpr std::array<std::string_view, 14> leads{": ",     "; ",     ";",      "said:",  "=",      "(",     "'",
                                                 "\"",     ">",      "#",      "`",      "- ",     "* ",    "\\n"};

/// One line of text: its octets without the line end.
struct Line {
  std::size_t begin = 0, end = 0;
  std::size_t content = 0;  ///< first octet behind quote marks and blanks
};
Line line_at(std::string_view text, std::size_t begin) {
  Line line{.begin = begin, .end = std::min(text.find('\n', begin), text.size())};
  line.content = std::min(skip_quote_marks(text.substr(0, line.end), begin), line.end);
  return line;
}

/// Where the reply begins and how.
struct Start {
  std::size_t at = 0;
  bool at_line_begin = false;
};

bool separates(char c) { return c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '#' || c == ':'; }

/// The codes at `at` are those of a reply: a refusal's code with an enhanced code, or at a place where replies stand.
bool is_reply_at(std::string_view text, std::size_t at, bool good_place) {
  const int code = code_at(text, at);
  if (!is_refusal(code)) return false;
  const auto behind = at + 3;
  if (behind < text.size() && !separates(text[behind])) return false;
  auto word = skip_blanks(text, behind < text.size() && (text[behind] == '-' || text[behind] == ':') ? behind + 1 : behind);
  if (word < text.size() && text[word] == '#') ++word;
  if (enhanced_at(text, word)) return true;
  if (!good_place || word >= text.size() || behind >= text.size()) return false;
  // "550-12345" is a number; "450 (1.2 MB" and the like are not told apart from a text.
  return text[behind] != '-' || !is_digit(text[word]);
}

bool behind_lead(std::string_view before) {
  for (const auto lead : leads)
    if (before.ends_with(lead)) return true;
  return false;
}

std::optional<Start> next_start(std::string_view text, std::size_t from) {
  auto line_begin = from == 0 ? 0 : text.rfind('\n', from - 1) + 1;
  auto line = line_at(text, line_begin);
  for (auto at = from; at < text.size(); ++at) {
    if (at > line.end) line = line_at(text, at);
    const char before = at == 0 ? '\n' : text[at - 1];
    if (!is_digit(text[at]) || is_digit(before) || is_letter(before) || before == '.' || before == '-' || before == '_') {
      // The two characters that Exim writes for a line end stand in front like a letter.
      if (!(before == 'n' && at >= 2 && text[at - 2] == '\\')) continue;
    }
    const bool at_line_begin = at == line.content;
    if (is_reply_at(text, at, at_line_begin || behind_lead(text.substr(line.begin, at - line.begin)))) return Start{at, at_line_begin};
  }
  return std::nullopt;
}

bool looks_like_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0 || colon > 40) return false;
  for (const char c : line.substr(0, colon))
    if (!is_letter(c) && c != '-' && !is_digit(c)) return false;
  return colon + 1 == line.size() || is_blank(line[colon + 1]);
}

/// Whether the next line goes on with the reply.
bool goes_on(std::string_view text, const Start& start, const Line& before, const Line& next, int code, bool open) {
  const auto content = base::trim(text.substr(next.content, next.end - next.content));
  if (content.empty() || content.starts_with("--")) return false;
  if (const int here = code_at(content, 0); here != 0 && (content.size() == 3 || content[3] == '-' || content[3] == ' ')) {
    if (here == code) return open;
    if (is_refusal(here) && open) return false;
    if (is_refusal(here) && is_reply_at(content, 0, true)) return false;
  }
  const bool indented = is_blank(text[next.begin]);
  if (!start.at_line_begin) return indented;
  const auto length = before.end - before.content;
  if (indented && !is_blank(text[before.begin])) return true;
  if (looks_like_header(content)) return false;
  return length >= wrap_least && length <= wrap_most && (indented || !is_blank(text[before.begin]));
}

/// Ends at a quote mark that was open in front, or at what Postfix adds.
std::size_t cut(std::string_view text, const Start& start, std::size_t end) {
  const auto whole = text.substr(start.at, end - start.at);
  if (const auto at = whole.find("(in reply to "); at != whole.npos) return start.at + at;
  const char before = start.at == 0 ? ' ' : text[start.at - 1];
  if (before == '"' || before == '\'' || before == '`') {
    const char mark = before == '`' ? '\'' : before;
    for (auto at = whole.rfind(mark); at != whole.npos && at > 0; at = whole.rfind(mark, at - 1)) {
      const char next = at + 1 < whole.size() ? whole[at + 1] : ' ';
      if (!is_letter(next) && !is_digit(next)) return start.at + at;
    }
  }
  if (const auto mark = whole.find("#SMTP#"); mark != whole.npos) return start.at + mark;
  // "(reason: 550 ...)", "status=bounced (host ... said: 550 ...)": a bracket that was opened in front of it.
  if (whole.ends_with(')') && std::ranges::count(whole, ')') > std::ranges::count(whole, '(')) return end - 1;
  return end;
}

std::size_t end_of(std::string_view text, const Start& start) {
  const int code = code_at(text, start.at);
  bool open = text.size() > start.at + 3 && text[start.at + 3] == '-';
  auto line = line_at(text, start.at);
  line.content = start.at;
  const auto code_text = text.substr(start.at, 3);
  while (line.end + 1 < text.size() && line.end - start.at < max_reply) {
    auto next = line_at(text, line.end + 1);
    if (!goes_on(text, start, line, next, code, open)) break;
    const auto content = text.substr(next.content, next.end - next.content);
    if (open && content.starts_with(code_text) && (content.size() == 3 || is_blank(content[3]))) open = false;
    line = next;
  }
  auto end = std::min(line.end, start.at + max_reply);
  while (end > start.at && is_blank(text[end - 1])) --end;
  return cut(text, start, end);
}

}  // namespace

std::optional<Found> find_reply(std::string_view text, std::size_t from) {
  const auto start = next_start(text, std::min(from, text.size()));
  if (!start) return std::nullopt;
  const auto end = end_of(text, *start);
  return Found{.begin = start->at, .end = end, .reply = parse_reply(text.substr(start->at, end - start->at))};
}

}  // namespace fcrdns::mail
