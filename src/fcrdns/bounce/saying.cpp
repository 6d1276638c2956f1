#include "fcrdns/bounce/saying.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/mail/reply.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_sayings = 10'000;

/// Words behind which another server's reply stands; in lower case, blanks single. With `code` they count only where a
/// reply code comes next, as people use them too.
struct Mark {
  std::string_view words;
  Strength strength;
  bool code;
};
constexpr Mark marks[] = {
    {" said:", Strength::quoted, true},                                 // Postfix "host H[A] said: 550", qmail "Remote host said:"
    {"refused to talk to me:", Strength::quoted, false},                // Postfix, of a banner
    {"smtp error from remote mail", Strength::quoted, true},            // Exim "... server after RCPT TO:<..>:", "... mailer"
    {"remote server returned", Strength::quoted, true},                 // Exchange
    {"reported error:", Strength::quoted, true},                        // Exchange
    {"response from the remote server was:", Strength::quoted, false},  // Gmail
    {"the other server returned was:", Strength::quoted, false},        // Gmail, older
    {"response was:", Strength::quoted, true},                          // Gmail
    {"server responded:", Strength::quoted, true},
    {"server responded with:", Strength::quoted, true},
    {"server response:", Strength::quoted, true},
    {"server replied:", Strength::quoted, true},
    {"rejected with:", Strength::quoted, true},
    {"(reason:", Strength::reason, false},                              // Sendmail: the first line only
    {" error:", Strength::reason, true},                                // Exchange "Error: 550", "Last error: 550"
};

/// Words that name the server which refused, and where its name stands.
enum class Where { behind, behind_with_address, before };
struct ServerMark {
  std::string_view words;
  Where where;
};
constexpr ServerMark server_marks[] = {
    {" host ", Where::behind_with_address},        // Postfix "host H[A]", Exim "host H [A]"
    {"while talking to ", Where::behind},          // Sendmail
    {"message rejected by: ", Where::behind},      // Exchange
    {"remote server: ", Where::behind},
    {"receiving server: ", Where::behind},
    {"connected to ", Where::behind},              // qmail, swaks, telnet
    {" by ", Where::behind_with_address},          // Gmail "rejected by the server for the recipient domain D by H. [A]"
    {" does not like recipient", Where::before},   // qmail
    {" failed after i sent the message", Where::before},
    {" rejected your message to ", Where::before}, // Exchange
};

/// Words before a recipient in a sentence.
constexpr std::string_view recipient_marks[] = {"message to ",        "delivered to ", "deliver to ", "rcpt to:", "recipient address: ",
                                                "email addresses: ", "recipient: ",   "recipients: ", "delivery to "};

/// What a transcript's lines of the other server begin with: Sendmail, swaks (plain and under TLS).
constexpr std::string_view transcript_marks[] = {"<<< ", "<** ", "<~* ", "<-* "};

/// Here a reply that was quoted is over, even without a blank line.
constexpr std::string_view reply_ends[] = {"(in reply to ", "Giving up on ", "I'm not going to try again", "STARTTLS "};

/// A line that holds this begins the copy of the returned mail.
constexpr std::string_view copy_marks[] = {"--- below this line is a copy", "this is a copy of the message", "this is a copy of your message",
                                           "original message headers:",    "copy of the original message", "----- original message -----",
                                           "return-path: <",               "message header follows",        "your message headers"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Where a reply code (4yz, 5yz) or an enhanced code begins within the next octets of `text`.
std::optional<std::size_t> find_code(std::string_view text) {
  text = text.substr(0, 400);
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
    if (text[i] != '4' && text[i] != '5') continue;
    if (i > 0 && !is_blank(text[i - 1]) && std::string_view("'\":#(;").find(text[i - 1]) == std::string_view::npos) continue;
    const auto rest = text.substr(i);
    const bool reply_code = is_digit(rest[1]) && is_digit(rest[2]) && (rest.size() == 3 || is_blank(rest[3]) || rest[3] == '-');
    const bool enhanced = rest[1] == '.' && is_digit(rest[2]) && rest.find('.', 3) <= 5;
    if (reply_code || enhanced) return i;
  }
  return std::nullopt;
}

/// "user@example.com" and nothing around it that an address cannot hold.
bool is_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 512) return false;
  return text.find_first_of(" \t<>()[],;:\"'/=") == std::string_view::npos;
}

bool is_host_name(std::string_view text) {
  const auto is_name_octet = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_' || c == ':'; };
  return !text.empty() && text.size() <= 255 && text.find_first_of(".:") != std::string_view::npos && std::ranges::all_of(text, is_name_octet);
}

/// A name or an address at the begin of `text`, "[203.0.113.5]" included.
std::string host_at(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == '[')) text.remove_prefix(1);
  auto word = text.substr(0, std::min(text.find_first_of(" \t\r\n[]()<>,;'\""), text.size()));
  while (!word.empty() && (word.back() == ':' || word.back() == '.')) word.remove_suffix(1);
  return is_host_name(word) ? std::string(word) : std::string();
}

struct RecipientLine {
  std::string_view recipient;
  std::size_t text = 0;  // where in the line something more may stand
  bool alone = false;    // without even a colon
};

/// "<a@b>: text", "a@b: text", "  a@b", "<a@b>... text", "a@b #550 text"; with a display name before it in Exchange's.
std::optional<RecipientLine> recipient_line(std::string_view line) {
  const auto trimmed = base::trim(line.substr(0, 2048));
  if (trimmed.find('@') == std::string_view::npos) return std::nullopt;
  const bool in_brackets = trimmed.starts_with('<');
  const auto inside = in_brackets ? trimmed.substr(1) : trimmed;
  const auto end = std::min(inside.find_first_of(in_brackets ? ">" : " \t:<("), inside.size());
  const auto address = inside.substr(0, end);
  if (!is_mail_address(address)) return std::nullopt;
  auto rest = inside.substr(std::min(end + (in_brackets ? 1U : 0U), inside.size()));
  const auto text_at = [&](std::string_view text) { return static_cast<std::size_t>(text.data() - line.data()); };
  if (base::trim(rest).empty() || rest.starts_with(" (") || rest.starts_with("<mailto:") || rest.starts_with('('))
    return RecipientLine{address, line.size(), true};
  if (rest == ":" || rest.starts_with(": ") || rest.starts_with(":\t")) return RecipientLine{address, text_at(rest) + 1};
  if (rest.starts_with("...")) return RecipientLine{address, text_at(rest) + 3};
  if (base::trim(rest).starts_with('#')) return RecipientLine{address, text_at(base::trim(rest)) + 1};
  return std::nullopt;
}

/// Lower case with single blanks, so that words are found over line ends; each octet knows where it stood.
struct Flat {
  std::string text;
  std::vector<std::uint32_t> at;

  void set(std::string_view from) {
    text.assign(1, ' ');
    at.assign(1, 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
      const char c = is_blank(from[i]) ? ' ' : from[i];
      if (c == ' ' && text.back() == ' ') continue;
      text += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
      at.push_back(static_cast<std::uint32_t>(i));
    }
  }
};

class Reader {
 public:
  explicit Reader(std::string_view text) : all_(text) {}

  Sayings run() {
    auto rest = all_;
    out_.end = all_.size();
    while (!rest.empty() && out_.all.size() < max_sayings) {
      const auto at = all_.size() - rest.size();
      const auto line = next_line(rest);
      const auto next = all_.size() - rest.size();
      if (base::trim(line).empty()) {
        end_segment(at);
        begin_ = next;
        continue;
      }
      if (begins_copy(line)) {
        end_segment(at);
        out_.end = at;
        return std::move(out_);
      }
      if (transcript_line(line, at)) {
        begin_ = next;
        continue;
      }
      end_transcript();
      if (const auto found = recipient_line(line)) {
        end_segment(at);
        begin_ = at;
        set_recipient(found->recipient);
        remote_.clear();
        beside_ = at + found->text;
        alone_ = found->alone;
      }
    }
    end_transcript();
    end_segment(all_.size());
    return std::move(out_);
  }

 private:
  void set_recipient(std::string_view recipient) {
    recipient_ = recipient;
    if (out_.recipients.size() < max_sayings && (out_.recipients.empty() || out_.recipients.back() != recipient))
      out_.recipients.emplace_back(recipient);
  }

  void put(std::string reply, Strength strength, std::size_t at) {
    if (base::trim(reply).empty() || out_.all.size() >= max_sayings) return;
    out_.all.push_back({recipient_, remote_, std::move(reply), strength, at});
  }

  bool begins_copy(std::string_view line) const {
    if (out_.recipients.empty() && out_.all.empty()) return false;
    const auto lower = base::to_lower(line.substr(0, 200));
    return std::ranges::any_of(copy_marks, [&](std::string_view mark) { return lower.find(mark) != std::string::npos; });
  }

  bool transcript_line(std::string_view line, std::size_t at) {
    const auto trimmed = base::trim(line);
    if (!std::ranges::any_of(transcript_marks, [&](std::string_view mark) { return trimmed.starts_with(mark); })) return false;
    if (transcript_.empty()) end_segment(at);
    const auto said = trimmed.substr(4);
    if (!transcript_.empty() && said.substr(0, 3) != std::string_view(transcript_).substr(0, 3)) end_transcript();
    if (transcript_.empty()) transcript_at_ = at + (trimmed.data() - line.data()) + 4;
    if (transcript_.size() < mail::max_reply) transcript_.append(said).append("\n");
    return true;
  }

  void end_transcript() {
    if (transcript_.empty()) return;
    const auto reply = std::exchange(transcript_, {});
    if (find_code(reply) == 0U) put(reply, Strength::quoted, transcript_at_);
  }

  /// What stands between two blank lines, or from one recipient's line to the next.
  void end_segment(std::size_t end) {
    end_transcript();
    const auto beside = std::exchange(beside_, std::nullopt);
    const bool alone = std::exchange(alone_, false);
    if (begin_ >= end) return;
    const auto begin = std::exchange(begin_, end);
    const auto segment = all_.substr(begin, end - begin);
    segment_ = begin;
    flat_.set(segment);
    if (!beside) find_recipient(segment);
    find_server(segment, alone);
    if (beside && put_beside(*beside, end)) return;
    const bool told = take_awaited(segment) || find_marked(segment);
    if (!told && beside && (!alone || is_indented(all_.substr(*beside, end - *beside)))) put_paragraph(*beside, end);
  }

  /// "a@b: 550 text" (OpenSMTPD): the text beside the recipient is the reply.
  bool put_beside(std::size_t beside, std::size_t end) {
    const auto text = all_.substr(beside, end - beside);
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || find_code(text.substr(first)) != 0U) return false;
    put(cut(text.substr(first)), Strength::quoted, beside + first);
    return true;
  }

  void put_paragraph(std::size_t beside, std::size_t end) { put(cut(all_.substr(beside, end - beside)), Strength::paragraph, beside); }

  static bool is_indented(std::string_view text) {
    const auto first = text.find_first_not_of("\r\n");
    return first != std::string_view::npos && (text[first] == ' ' || text[first] == '\t');
  }

  /// Where in the segment the octet behind these words stands; nothing when they are not there.
  [[nodiscard]] std::optional<std::size_t> behind(std::string_view words) const {
    const auto found = flat_.text.find(words);
    if (found == std::string::npos) return std::nullopt;
    return flat_.at[found + words.size() - 1] + 1U;
  }

  void find_recipient(std::string_view segment) {
    for (const auto mark : recipient_marks) {
      const auto begin = behind(mark);
      if (!begin) continue;
      auto word = segment.substr(*begin, 600);
      word.remove_prefix(std::min(word.find_first_not_of(" \t\r\n<"), word.size()));
      word = word.substr(0, std::min(word.find_first_of(" \t\r\n<>(),;'\""), word.size()));
      while (word.ends_with('.') || word.ends_with(':')) word.remove_suffix(1);
      if (is_mail_address(word)) return set_recipient(word);
    }
  }

  [[nodiscard]] std::string server_at(std::string_view segment, const ServerMark& mark) const {
    if (mark.where == Where::before) {
      const auto found = flat_.text.find(mark.words);
      if (found == std::string::npos || found == 0) return {};
      const auto blank = flat_.text.rfind(' ', found - 1);
      return host_at(segment.substr(flat_.at[blank == std::string::npos ? 0 : blank]));
    }
    for (auto found = flat_.text.find(mark.words); found != std::string::npos; found = flat_.text.find(mark.words, found + 1)) {
      const auto rest = segment.substr(flat_.at[found + mark.words.size() - 1] + 1U);
      auto host = host_at(rest);
      if (host.empty()) continue;
      if (mark.where == Where::behind) return host;
      const auto bracket = rest.substr(0, 300).find('[');
      if (bracket != std::string_view::npos && base::trim(rest.substr(0, bracket)).size() <= host.size() + 1) return host;
    }
    return {};
  }

  void set_server(std::string server) {
    if (out_.servers.size() < max_sayings && (out_.servers.empty() || out_.servers.back() != server)) out_.servers.push_back(server);
    remote_ = std::move(server);
  }

  void find_server(std::string_view segment, bool alone) {
    for (const auto& mark : server_marks)
      if (auto host = server_at(segment, mark); !host.empty()) return set_server(std::move(host));
    if (!alone) return;  // Exchange: the recipient, then the server, each on a line
    auto rest = segment;
    static_cast<void>(next_line(rest));
    if (rest.empty()) return;
    const auto second = base::trim(next_line(rest));
    if (is_host_name(second) && second.find('.') != std::string_view::npos) set_server(std::string(second));
  }

  /// A mark stood at the end of the segment before: this one is what it spoke of.
  bool take_awaited(std::string_view segment) {
    const auto awaited = std::exchange(awaited_, std::nullopt);
    if (!awaited) return false;
    const auto code = find_code(segment);
    if (!code) return false;
    put(cut(segment.substr(*code)), *awaited, segment_ + *code);
    return true;
  }

  bool find_marked(std::string_view segment) {
    for (const auto& mark : marks) {
      const auto begin = behind(mark.words);
      if (!begin) continue;
      auto rest = segment.substr(*begin);
      if (base::trim(rest).empty()) {
        awaited_ = mark.strength;
        return true;
      }
      const auto code = find_code(rest);
      if (mark.code && !code) continue;
      rest.remove_prefix(code.value_or(0));
      const auto at = segment.size() - rest.size();
      if (at > 0 && segment[at - 1] == '\'') rest = rest.substr(0, std::min(rest.find("'\n"), rest.find("'\r")));
      auto reply = cut(rest);
      if (mark.words.starts_with('(') && reply.ends_with(')')) reply.pop_back();
      put(std::move(reply), mark.strength, segment_ + at);
      return true;
    }
    return false;
  }

  static std::string cut(std::string_view reply) {
    reply = reply.substr(0, mail::max_reply);
    for (const auto end : reply_ends) reply = reply.substr(0, reply.find(end));
    reply = base::trim(reply);
    if (reply.ends_with("##")) reply.remove_suffix(2);
    if (reply.ends_with('\'')) reply.remove_suffix(1);
    return std::string(base::trim(reply));
  }

  std::string_view all_;
  Sayings out_;
  std::string recipient_, remote_;
  std::size_t begin_ = 0;                // of the segment that is being read
  std::size_t segment_ = 0;              // of the one that is being judged
  std::optional<std::size_t> beside_;    // where the text beside the segment's recipient begins
  bool alone_ = false;                   // the recipient has a line of its own
  std::optional<Strength> awaited_;
  std::string transcript_;
  std::size_t transcript_at_ = 0;
  Flat flat_;
};

}  // namespace

Sayings read_sayings(std::string_view text) { return Reader(text).run(); }

}  // namespace fcrdns::bounce
