// Sendmail: "ID: to=A, ..., relay=HOST. [ADDRESS], dsn=5.7.25, reply=REPLY, stat=...". Only the reply's first line is
// there; "dsn=" and "stat=" are Sendmail's own reading of it ("User unknown" for any 550) and not to be trusted.
#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_recipients = 100;  // of one line

/// "VALUE" of "key=VALUE, next=...".
std::string_view field(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + key.size());
  return rest.substr(0, rest.find(", "));
}

std::string_view without_angles(std::string_view text) {
  if (text.starts_with('<')) text.remove_prefix(1);
  if (text.ends_with('>')) text.remove_suffix(1);
  return text;
}

bool is_refusal(std::string_view reply) {
  return reply.size() >= 3 && (reply[0] == '4' || reply[0] == '5') && reply[1] >= '0' && reply[1] <= '9' && reply[2] >= '0' && reply[2] <= '9';
}

bool is_local(std::string_view text) {
  const auto mailer = field(text, ", mailer=");
  return mailer == "local" || mailer == "prog" || mailer.starts_with('*');
}

/// What the server said: "reply=", or with an older Sendmail what stands behind "stat=Deferred: ".
std::string_view reply_of(std::string_view text) {
  const auto stat = text.rfind(", stat=");
  const auto reply = text.find(", reply=");
  if (reply != std::string_view::npos) return text.substr(reply + 8, stat == std::string_view::npos || stat < reply ? std::string_view::npos : stat - reply - 8);
  if (stat == std::string_view::npos) return {};
  const auto outcome = text.substr(stat + 7);
  return outcome.starts_with("Deferred: ") ? outcome.substr(10) : std::string_view{};
}

}  // namespace

bool Sendmail::delivery(const LogLine& line, Reporter& reporter) {
  const auto text = line.text;
  const auto id = text.substr(0, text.find(": "));
  if (id.size() < 8 || id.size() > 24 || id.find(' ') != std::string_view::npos || !text.substr(id.size()).starts_with(": to=")) return false;
  const auto reply = reply_of(text);
  if (is_local(text) || !is_refusal(reply)) return true;
  const auto stat = text.rfind(", stat=");
  const bool deferred = stat != std::string_view::npos && text.substr(stat + 7).starts_with("Deferred");
  auto sender = reporter.behind(std::string(id) + ": from=", ",\n");
  if (sender.empty()) sender = field(text, ", ctladdr=");
  sender = without_angles(sender.substr(0, sender.find(" (")));
  const auto recipients = base::split(field(text, ": to="), ',');
  for (const auto recipient : std::span(recipients).first(std::min(recipients.size(), max_recipients))) {
    auto& claim = reporter.begin("sendmail", Direction::outbound, line);
    put(claim.queue_id, id);
    put(claim.sender, sender);
    put(claim.recipient, without_angles(recipient));
    put(claim.remote_mta, server_of(field(text, ", relay=")));
    claim.permanent = !deferred;
    reporter.finish(reply);
  }
  return true;
}

bool Sendmail::reject(const LogLine& line, Reporter& reporter) {
  // "[ID: ]ruleset=check_relay, arg1=HOST, arg2=ADDRESS, relay=HOST [ADDRESS] (may be forged), reject=550 5.7.1 Fix reverse DNS for ADDRESS"
  const auto text = line.text;
  const auto rules = text.find("ruleset=check_");
  const auto reject = text.find(", reject=");
  if (rules == std::string_view::npos || rules > 32 || reject == std::string_view::npos) return false;
  const auto head = text.substr(rules, reject - rules);
  const auto relay = field(head, ", relay=");
  auto address = net::Address::parse(in_brackets(relay));
  if (!address) address = net::Address::parse(field(head, ", arg2="));
  if (!address) return false;
  auto& claim = reporter.begin("sendmail", Direction::inbound, line);
  if (rules > 2) put(claim.queue_id, text.substr(0, rules - 2));
  if (head.starts_with("ruleset=check_rcpt")) put(claim.recipient, without_angles(field(head, ", arg1=")));
  if (head.starts_with("ruleset=check_mail")) put(claim.sender, without_angles(field(head, ", arg1=")));
  put(claim.remote_mta, line.host);
  claim.address = address->unmapped();
  claim.address_source = AddressSource::log;
  const auto reply = text.substr(reject + 9);
  claim.permanent = !reply.starts_with('4');
  reporter.finish(reply);
  return true;
}

bool Sendmail::accepted(std::string_view line) { return !is_local(line) && line.find("relay=") != std::string_view::npos; }

}  // namespace fcrdns::bounce
