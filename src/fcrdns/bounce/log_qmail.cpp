// qmail-send: "starting delivery 3: msg 123 to remote A", then "delivery 3: failure: TEXT" or "deferral: TEXT", where TEXT
// has "_" for blanks and "/" for line ends. The reply stands behind "Remote_host_said:_", "Giving_up_on_ADDRESS" ends it.
#include <algorithm>

#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::string_view said = "Remote_host_said:_";

std::string_view take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// "550-a/550_b" to "550-a\n550 b": "/" is a line end only where the same code follows.
void unescape(std::string_view text, std::string& out) {
  const auto code = text.substr(0, 3);
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool line_end = text[i] == '/' && text.size() > i + 4 && text.substr(i + 1, 3) == code && (text[i + 4] == '-' || text[i + 4] == '_');
    out += line_end ? '\n' : text[i] == '_' ? ' ' : text[i];
  }
}

/// The server's address: "192.0.2.1_does_not_like_recipient./", "Connected_to_192.0.2.1_but_..."
std::string_view server_of_text(std::string_view text) {
  take(text, "Connected_to_");
  const auto word = text.substr(0, text.find('_'));
  return net::Address::parse(word) ? word : std::string_view{};
}

}  // namespace

bool Qmail::line(const LogLine& given, Reporter& reporter) {
  auto line = given;
  auto text = line.text;
  if (line.program == "qmail") {
    if (const auto stamp = reporter.stamps().read(text)) {
      line.time = stamp->time;
      text.remove_prefix(std::min(stamp->size + 1, text.size()));
    }
  }
  if (take(text, "info msg ")) {  // "info msg 123: bytes 456 from <A> qp 7 uid 8"
    const auto message = text.substr(0, text.find(':'));
    put(sender_of_message_.at(message.substr(0, 32)), between(text, " from <", ">"));
    return true;
  }
  if (take(text, "starting delivery ")) {  // "3: msg 123 to remote A"
    auto& delivery = deliveries_.at(text.substr(0, std::min<std::size_t>(text.find(':'), 32)));
    put(delivery.message, between(text, ": msg ", " "));
    delivery.remote = text.find(" to remote ") != std::string_view::npos;
    const auto to = text.rfind(' ');
    put(delivery.recipient, to == std::string_view::npos ? std::string_view{} : text.substr(to + 1));
    return true;
  }
  if (!take(text, "delivery ")) return false;
  auto number = take_word(text);
  if (!number.ends_with(':')) return false;
  number.remove_suffix(1);
  const auto* const delivery = deliveries_.find(number.substr(0, 32));
  if (take(text, "success: ")) {
    if (delivery != nullptr && delivery->remote) reporter.accepted(1);
    return true;
  }
  const bool failure = take(text, "failure: ");
  if (!failure && !take(text, "deferral: ")) return false;
  const auto at = text.find(said);
  if (at == std::string_view::npos) return true;
  auto reply = text.substr(at + said.size());
  reply = reply.substr(0, reply.find("/Giving_up_on_"));
  while (reply.ends_with('/')) reply.remove_suffix(1);
  unescape(reply.substr(0, mail::max_reply), reply_);

  auto& claim = reporter.begin("qmail", Direction::outbound, line);
  put(claim.remote_mta, server_of_text(text));
  if (delivery != nullptr) {
    claim.queue_id = delivery->message;
    claim.recipient = delivery->recipient;
    if (const auto* const sender = sender_of_message_.find(delivery->message)) claim.sender = *sender;
  }
  claim.permanent = failure;
  reporter.finish(reply_);
  return true;
}

}  // namespace fcrdns::bounce
