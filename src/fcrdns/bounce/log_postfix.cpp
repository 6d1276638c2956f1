// Postfix: smtp(8), smtpd(8), postscreen(8), cleanup(8). The whole reply stands in one line:
//   ID: to=<A>, relay=HOST[ADDRESS]:25, ..., dsn=5.7.25, status=bounced (host HOST[ADDRESS] said: REPLY (in reply to ...))
// "dsn=" is Postfix's own where the reply tells no code; a 554 banner is put off all the same.
#include <algorithm>
#include <cctype>
#include <iterator>

#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

/// How the mail went on. "undeliverable": a probe of an address.
struct Status {
  std::string_view word;
  bool permanent;
};
constexpr Status statuses[] = {{"bounced", true}, {"deferred", false}, {"undeliverable", true}, {"SOFTBOUNCE", false}};

/// Those that speak to other servers, and those that repeat what was said while a server is avoided. lmtp is local.
constexpr std::string_view delivery_agents[] = {"smtp", "error", "retry"};

constexpr std::string_view told_by[] = {"said: ", "refused to talk to me: "};

/// The daemon's name: "smtp" of "postfix/smtp", "postfix/submission/smtpd".
std::string_view daemon_of(std::string_view program) {
  const auto slash = program.rfind('/');
  return slash == std::string_view::npos ? program : program.substr(slash + 1);
}

/// Mail given to a program of ours for inspection, which gives it back.
bool is_own(std::string_view server) { return server == "127.0.0.1" || server == "::1" || server == "localhost"; }

/// "34E01B3039C" of "34E01B3039C: to=<...": also the long ids of enable_long_queue_ids; "NOQUEUE" is none.
std::string_view queue_id_of(std::string_view text) {
  const auto id = text.substr(0, text.find(": "));
  if (id.size() < 5 || id.size() > 24 || id == "NOQUEUE") return {};
  return std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0; }) ? id : std::string_view{};
}

}  // namespace

bool Postfix::delivery(const LogLine& line, Reporter& reporter) {
  const auto text = line.text;
  if (!line.program.empty() && std::ranges::find(delivery_agents, daemon_of(line.program)) == std::end(delivery_agents)) return false;
  const auto status_at = text.find(", status=");
  if (status_at == std::string_view::npos) return false;  // a server was given up for the next one: the mail is under way
  const auto outcome = text.substr(status_at + 9);
  const auto* const status = std::ranges::find_if(statuses, [&](const Status& s) { return outcome.starts_with(s.word); });
  if (status == std::end(statuses)) return false;
  auto told = std::string_view::npos, size = std::size_t{0};
  for (const auto word : told_by)
    if (const auto at = outcome.substr(0, told).find(word); at != std::string_view::npos) {
      told = at;
      size = word.size();
    }
  if (told == std::string_view::npos) return false;
  const auto head = outcome.substr(0, told);
  const auto host_at = head.rfind("host ");
  const auto server = server_of(host_at == std::string_view::npos ? between(text, "relay=", ",") : head.substr(host_at + 5));
  if (is_own(server)) return true;

  auto reply = outcome.substr(told + size);
  if (const auto end = reply.rfind(" (in reply to "); end != std::string_view::npos) reply = reply.substr(0, end);
  else if (reply.ends_with(')')) reply.remove_suffix(1);

  auto& claim = reporter.begin("postfix", Direction::outbound, line);
  const auto id = queue_id_of(text);
  put(claim.queue_id, id);
  put(claim.recipient, between(text.substr(0, status_at), "to=<", ">"));
  put(claim.remote_mta, server);
  claim.permanent = status->permanent;
  if (!id.empty()) {
    if (id != id_) {
      id_ = id;
      key_.assign(id).append(": from=");
      auto sender = reporter.behind(key_, ">,\n");
      for (const std::string_view bracket : {"<", "\\u003c"})
        if (sender.starts_with(bracket)) sender.remove_prefix(bracket.size());
      if (const auto escaped = sender.find("\\u003e"); escaped != std::string_view::npos) sender = sender.substr(0, escaped);
      put(sender_, sender);
    }
    claim.sender = sender_;
  }
  reporter.finish(reply);
  return true;
}

bool Postfix::accepted(std::string_view line) {
  const auto program = line.substr(0, 256).find("/smtp");
  if (program == std::string_view::npos || (line.substr(program + 5, 1) != "[" && line.substr(program + 5, 1) != "\"")) return false;
  const auto relay = line.find(", relay=", program);
  if (relay == std::string_view::npos) return false;
  const auto server = line.substr(relay + 8);
  return !is_own(server.substr(0, server.find('[')));
}

bool Postfix::mismatch(const LogLine& line) {
  constexpr std::string_view words = " does not resolve to address ";
  const auto at = line.text.find(words);
  if (at == std::string_view::npos || !line.text.starts_with("warning: hostname ")) return false;
  const auto rest = line.text.substr(at + words.size());
  const auto address = net::Address::parse(rest.substr(0, rest.find(": ")));
  if (address) mismatched_[mismatches_++ % mismatched_.size()] = address->unmapped();
  return true;
}

bool Postfix::reject(const LogLine& line, Reporter& reporter) {
  // "NOQUEUE: reject: RCPT from unknown[192.0.2.25]: 450 4.7.25 Client host rejected: ..., [192.0.2.25]; from=<A> to=<B> proto=ESMTP helo=<C>"
  const auto text = line.text;
  const auto daemon = daemon_of(line.program);
  if (!daemon.empty() && daemon != "smtpd" && daemon != "postscreen" && daemon != "cleanup") return false;
  const auto id_end = text.find(": ");
  if (id_end == std::string_view::npos) return false;
  const auto rest = text.substr(id_end + 2);
  const auto verb = rest.substr(0, rest.find(": "));
  if (verb != "reject" && verb != "milter-reject" && verb != "proxy-reject") return false;
  const auto from = rest.find(" from ");
  if (from == std::string_view::npos) return false;
  const auto client = rest.substr(from + 6);
  const auto bracket = client.find(']');
  if (bracket == std::string_view::npos) return false;
  const auto reply_at = client.find(": ", bracket);
  if (reply_at == std::string_view::npos) return false;
  auto reply = client.substr(reply_at + 2);
  const auto envelope = client.find("; from=<");
  if (envelope != std::string_view::npos && envelope > reply_at) reply = reply.substr(0, envelope - reply_at - 2);

  auto& claim = reporter.begin("postfix", Direction::inbound, line);
  put(claim.queue_id, queue_id_of(text));
  if (envelope != std::string_view::npos) {
    const auto mail = client.substr(envelope);
    put(claim.sender, between(mail, "from=<", ">"));
    put(claim.recipient, between(mail, "to=<", ">"));
  }
  put(claim.remote_mta, line.host);
  const auto address = net::Address::parse(in_brackets(client.substr(0, bracket + 1)));
  if (address) {
    claim.address = address->unmapped();
    claim.address_source = AddressSource::log;
  }
  claim.permanent = !reply.starts_with('4');
  const bool joined = address && reply.find("cannot find your hostname") != std::string_view::npos &&
                      std::ranges::find(mismatched_, address->unmapped()) != mismatched_.end();
  if (joined) reporter.finish(reply, Cause::fcrdns_mismatch);
  else reporter.finish(reply);
  return true;
}

}  // namespace fcrdns::bounce
