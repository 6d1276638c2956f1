// Exim's main log: "DATE TIME ID ** RCPT R=... T=... H=HOST [ADDRESS]:25: SMTP error from remote mail server after STAGE:
// REPLY" (given up), "==" (put off). The same behind "ID H=..." only tells that one of several servers was tried.
#include <algorithm>

#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::string_view refused_by = "SMTP error from remote mail";  // "... server after", "... mailer after"

/// "1xUqUt-0007fN-0Q", and "1xUqUt-000000007fN-0Q00" since 4.97.
bool is_id(std::string_view word) {
  return (word.size() == 16 && word[6] == '-' && word[13] == '-') || (word.size() == 23 && word[6] == '-' && word[18] == '-');
}

/// The text behind Exim's own stamp, which stands there too when syslog wrote the line; `line` takes its time.
std::string_view text_of(LogLine& line, Reporter& reporter) {
  if (!line.program.starts_with("exim")) return line.text;
  auto text = line.text;
  if (const auto stamp = reporter.stamps().read(text)) {
    line.time = stamp->time;
    text.remove_prefix(std::min(stamp->size + 1, text.size()));
  }
  return text;
}

std::string_view take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

/// " [1234]" of log_selector = +pid.
void skip_pid(std::string_view& text) {
  if (!text.starts_with('[')) return;
  const auto end = text.find("] ");
  if (end != std::string_view::npos && text.substr(1, end - 1).find_first_not_of("0123456789") == std::string_view::npos) text.remove_prefix(end + 2);
}

/// "H=mx1.free.fr [127.0.0.14]:25": name or address; names in parentheses are the peer's own words.
std::string_view host_of(std::string_view text) {
  const auto rest = text.substr(0, text.find(']') == std::string_view::npos ? text.size() : text.find(']') + 1);
  const auto name = rest.substr(0, rest.find(' '));
  return name.starts_with('(') || name.starts_with('[') ? in_brackets(rest) : server_of(rest);
}

/// Behind "after RCPT TO:<e@postfix.test>: ": the first ": " that a code follows.
std::string_view reply_behind(std::string_view text) {
  for (auto at = text.find(": "); at != std::string_view::npos; at = text.find(": ", at + 2)) {
    const auto rest = text.substr(at + 2);
    if (rest.size() >= 3 && (rest[0] == '4' || rest[0] == '5') && rest[1] >= '0' && rest[1] <= '9' && rest[2] >= '0' && rest[2] <= '9') return rest;
  }
  return {};
}

}  // namespace

bool Exim::delivery(const LogLine& given, Reporter& reporter) {
  auto line = given;
  auto text = text_of(line, reporter);
  skip_pid(text);
  const auto id = take_word(text);
  if (!is_id(id)) return false;
  const auto sign = take_word(text);
  if (sign != "**" && sign != "==") return sign.starts_with("H=");
  const auto error = text.find(refused_by);
  if (error == std::string_view::npos) return false;
  const auto reply = reply_behind(text.substr(error + refused_by.size()));
  if (reply.empty()) return true;

  auto& claim = reporter.begin("exim", Direction::outbound, line);
  put(claim.queue_id, id);
  auto recipient = text.substr(0, text.find(' '));
  if (recipient.starts_with('<') && recipient.ends_with('>')) recipient = recipient.substr(1, recipient.size() - 2);
  put(claim.recipient, recipient);
  const auto head = text.substr(0, error);
  if (const auto host = head.rfind(" H="); host != std::string_view::npos) {
    put(claim.remote_mta, host_of(head.substr(host + 3)));
    if (const auto interface = head.find(" I=[", host); interface != std::string_view::npos) put_address(claim, between(head.substr(interface), "[", "]"));
  }
  auto sender = between(head, " F=<", ">");
  if (sender.empty()) sender = reporter.behind(std::string(id) + " <= ", " \n");
  if (sender != "<>") put(claim.sender, sender);
  claim.permanent = sign == "**";
  reporter.finish(reply);
  return true;
}

bool Exim::reject(const LogLine& given, Reporter& reporter) {
  // "H=(helo.example) [192.0.2.25] F=<a@b> rejected RCPT <c@d>: reason", "... temporarily rejected EHLO or HELO x: reason"
  auto line = given;
  auto text = text_of(line, reporter);
  skip_pid(text);
  if (is_id(text.substr(0, text.find(' ')))) take_word(text);  // rejected after DATA
  const auto verb = text.find(" rejected ");
  if (!text.starts_with("H=") || verb == std::string_view::npos) return false;
  const auto head = text.substr(0, verb);
  const auto what = text.substr(verb + 10);
  const auto reason = what.find(": ");
  const auto address = net::Address::parse(between(head, "[", "]"));
  if (!address) return false;

  auto& claim = reporter.begin("exim", Direction::inbound, line);
  put(claim.sender, between(head, " F=<", ">"));
  put(claim.recipient, between(what.substr(0, reason), "RCPT <", ">"));
  put(claim.remote_mta, line.host);
  claim.address = address->unmapped();
  claim.address_source = AddressSource::log;
  claim.permanent = !head.ends_with(" temporarily");
  reporter.finish(reason == std::string_view::npos ? what : what.substr(reason + 2));
  return true;
}

bool Exim::accepted(std::string_view line) { return line.find(" H=") != std::string_view::npos && line.find(" T=") != std::string_view::npos; }

}  // namespace fcrdns::bounce
