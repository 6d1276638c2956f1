#include "fcrdns/bounce/pasted.hpp"

#include <algorithm>
#include <optional>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/advice.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/bounce/message.hpp"
#include "fcrdns/bounce/part_text.hpp"
#include "fcrdns/bounce/report.hpp"
#include "fcrdns/bounce/saying.hpp"

namespace fcrdns::bounce {
namespace {

/// Signs that a mail hands on another one's text.
constexpr std::string_view forward_signs[] = {"forwarded message", "original message", "begin forwarded", "\n> ", "weitergeleitete nachricht",
                                              "message transféré"};

/// What a person types into a session with a server: it ends the reply above it.
constexpr std::string_view session_commands[] = {"QUIT", "DATA", "RSET", "."};

/// Quotation marks at the begin of lines out ("> ", "| "), and lines of session_commands; the number of lines stays.
std::string unquote(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const bool ends = text.find('\n') != std::string_view::npos;
    auto line = next_line(text);
    const auto first = std::min(line.find_first_not_of(" \t"), line.size());
    if (line.substr(first).starts_with('>') || line.substr(first).starts_with("| ")) {
      const auto begin = std::min(line.find_first_not_of(">|", first), line.size());
      line.remove_prefix(begin);
      while (line.starts_with(" >") || line.starts_with('>')) line.remove_prefix(line.front() == '>' ? 1 : 2);
      if (line.starts_with(' ')) line.remove_prefix(1);
    }
    const auto word = base::trim(line.substr(0, 16));
    if (line.size() > 16 || std::ranges::none_of(session_commands, [&](auto command) { return base::equals_ignoring_case(command, word); }))
      out += line;
    if (ends) out += '\n';
  }
  return out;
}

/// Lines up to an octet of the text, for octets that come in order.
class Lines {
 public:
  Lines(std::string_view text, std::size_t first, bool counted) : text_(text), line_(first), counted_(counted) {}
  std::size_t at(std::size_t octet) {
    if (!counted_) return line_;
    if (octet < octet_) return line_;  // told by an earlier pass: the nearest line that is known
    octet = std::min(octet, text_.size());
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(octet_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(octet), '\n'));
    octet_ = octet;
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t line_, octet_ = 0;
  bool counted_;
};

bool is_refusal(const mail::Reply& reply) {
  return reply.code >= 400 || (reply.code == 0 && reply.enhanced && reply.enhanced->kind >= 4);
}

struct Pasted {
  std::string_view text;
  const Claim& frame;
  Trust trust;
  bool count_lines;
  Gathered& to;

  void gather_fields() const {
    const auto report = parse_delivery_status(text);
    Lines lines(text, frame.line, count_lines);
    Transcript none({});
    for (const auto& status : report.recipients) {
      if (trust == Trust::any_mail && (status.recipient.empty() || status.action == Action::none)) continue;
      auto claim = claim_of(status, report, none, frame);
      if (!claim) continue;
      claim->line = lines.at(status.at);
      to.put(std::move(*claim));
    }
  }

  void gather_sayings(const Sayings& sayings) const {
    Lines lines(text, frame.line, count_lines);
    for (const auto& saying : sayings.all) {
      if (saying.strength == Strength::paragraph) continue;
      const bool has_names = !saying.recipient.empty() || !saying.remote_mta.empty();
      if (trust == Trust::any_mail && !has_names) continue;
      Claim claim = frame;
      claim.reply = mail::parse_reply(saying.reply);
      if (!is_refusal(claim.reply)) continue;
      claim.line = lines.at(saying.at);
      claim.recipient = saying.recipient;
      claim.remote_mta = saying.remote_mta;
      claim.direction = Direction::outbound;
      to.put(std::move(claim));
    }
  }

  void gather_replies(const Sayings& sayings) const {
    Lines lines(text, frame.line, count_lines);
    std::size_t from = 0;
    while (auto found = mail::find_reply(text, from)) {
      if (found->end <= from) return;
      from = found->end;
      if (!is_refusal(found->reply)) continue;
      Claim claim = frame;
      claim.line = lines.at(found->begin);
      if (sayings.recipients.size() == 1) claim.recipient = sayings.recipients.front();
      if (sayings.servers.size() == 1) claim.remote_mta = sayings.servers.front();
      if (!claim.recipient.empty() || !claim.remote_mta.empty()) claim.direction = Direction::outbound;
      claim.reply = std::move(found->reply);
      to.put(std::move(claim));
    }
  }
};

}  // namespace

void gather_pasted(std::string_view given, const Claim& frame, Trust trust, bool count_lines, Gathered& to) {
  const auto lower = base::to_lower(given.substr(0, 64 * 1024));
  const bool forwarded = std::ranges::any_of(forward_signs, [&](std::string_view sign) { return lower.find(sign) != std::string::npos; });
  const auto text = unquote(given);
  const Pasted pasted{text, frame, trust, count_lines, to};
  pasted.gather_fields();
  const auto sayings = read_sayings(text);
  pasted.gather_sayings(sayings);
  if (trust == Trust::handed_over || forwarded) pasted.gather_replies(sayings);
}

void read_pasted(std::string_view text, const Place& place, const Options& options, Sink& sink) {
  const auto note = [&](const std::string& line) { sink.note(place.source + ": " + line); };
  if (text.size() > max_text) {
    note("a text longer than 1,048,576 octets; its rest was not read");
    text = text.substr(0, max_text);
  }
  Claim frame{.source = place.source, .line = place.line, .format = "text"};
  Gathered gathered;
  if (looks_like_html(text)) gather_pasted(strip_html(text), frame, Trust::handed_over, false, gathered);
  else gather_pasted(text, frame, Trust::handed_over, true, gathered);
  if (gathered.is_cut()) note("more than 100 different replies; the rest was not read");
  std::ranges::stable_sort(gathered.claims(), {}, &Claim::line);
  for (auto& claim : gathered.claims()) complete(claim, options, sink);
  for (const auto advice : bad_advice(text)) sink.advised(advice);
}

}  // namespace fcrdns::bounce
