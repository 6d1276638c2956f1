// Lines of interest, by mail server:
//
//   Postfix    ID: message-id=<token>   ID: host NAME[ADDRESS] said: 450 ...   ID: to=<..>, relay=NAME[ADDRESS]:25, ..., status=sent (..)
//              ID: lost connection with NAME[ADDRESS] ..., ID: host NAME[ADDRESS] refused to talk to me: 421 ...
//              connect to NAME[ADDRESS]:25: Connection refused (without an ID)
//   Exim       ID <= .. id=token   ID => rcpt .. H=NAME [ADDRESS] .. C="250 .."   == deferred   ** bounced   ID H=NAME [ADDRESS]: SMTP error ..
//   OpenSMTPD  .. mta delivery evpid=.. to=<rcpt> .. source="ADDRESS" relay="ADDRESS (NAME)" .. result="Ok" stat=".."
//   Sendmail   ID: .. msgid=<token> ..   ID: to=<rcpt>, .. relay=NAME [ADDRESS], dsn=2.0.0, stat=Sent (..)
#include "fcrdns/doctor/trail.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/mail/reply.hpp"
#include "fcrdns/net/special_purpose.hpp"

namespace fcrdns::doctor {
namespace {

constexpr std::size_t most_attempts = 50, most_ids = 20;

/// What stands behind `key`, up to the first of `ends`.
std::string_view behind(std::string_view text, std::string_view key, std::string_view ends) {
  const auto at = text.find(key);
  if (at == text.npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find_first_of(ends));
}

std::optional<net::Address> address_in(std::string_view text) {
  if (base::equals_ignoring_case(text.substr(0, 5), "IPv6:")) text.remove_prefix(5);
  const auto address = net::Address::parse(text);
  return address ? std::optional(address->unmapped()) : std::nullopt;
}

/// "NAME[ADDRESS]", "NAME [ADDRESS]" at the begin of the text.
void take_server(Attempt& attempt, std::string_view text) {
  const auto open = text.find('[');
  attempt.relay = base::escape(base::without_final_dot(base::trim(text.substr(0, std::min(open, text.find_first_of(",:"))))), 255);
  if (open != text.npos) attempt.to = address_in(text.substr(open + 1, text.find(']', open) - open - 1));
}

void take_reply(Attempt& attempt, std::string_view text) {
  if (const auto said = text.find(" said: "); said != text.npos) text.remove_prefix(said + 7);
  attempt.reply = base::escape(base::trim(text), 600);
  attempt.quoted = mail::quoted_address(text);
}

bool is_inside(const Attempt& attempt) {
  if (!attempt.to) return false;
  const auto special = net::SpecialPurposeTable::built_in().find(*attempt.to);
  return special && special->kind == "loopback";
}

bool is_exim_id(std::string_view word) {
  const auto parts = base::split(word, '-');
  return parts.size() == 3 && parts[0].size() == 6 && parts[1].size() >= 6 && parts[2].size() >= 2 &&
         std::ranges::all_of(word, [](char c) { return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

}  // namespace

Trail::Trail(host::Kind kind, std::string token, std::string recipient) : kind_(kind), token_(std::move(token)), recipient_(std::move(recipient)) {}

void Trail::learn_id(std::string_view text) {
  std::string_view id;
  if (kind_ == host::Kind::exim) {
    for (const auto word : base::words(text))
      if (is_exim_id(word)) {
        id = word;
        break;
      }
  } else {
    id = text.substr(0, text.find(':'));
  }
  if (id.empty() || id.size() > 40 || id.find(' ') != id.npos || ids_.size() == most_ids) return;
  if (std::ranges::find(ids_, id) == ids_.end()) ids_.emplace_back(id);
  if (queue_id_.empty()) queue_id_ = base::escape(id);
}

bool Trail::is_ours(std::string_view text) const {
  return std::ranges::any_of(ids_, [&](const std::string& id) {
    const auto at = text.find(id);
    return at != text.npos && (at == 0 || text[at - 1] == ' ') && (at + id.size() == text.size() || text[at + id.size()] == ':' || text[at + id.size()] == ' ');
  });
}

void Trail::add(Attempt attempt, bool last) {
  if (is_inside(attempt) || attempts_.size() == most_attempts) return;
  attempts_.push_back(std::move(attempt));
  over_ = over_ || last;
}

void Trail::read(std::string_view text) {
  if (over_) return;
  if (text.find(token_) != text.npos) learn_id(text);
  switch (kind_) {
    case host::Kind::postfix: return postfix(text);
    case host::Kind::exim: return exim(text);
    case host::Kind::opensmtpd: return opensmtpd(text);
    case host::Kind::sendmail: return sendmail(text);
    default: return;
  }
}

void Trail::postfix(std::string_view text) {
  // Postfix tells of a server that cannot be reached without saying for which mail.
  if (!ids_.empty() && text.starts_with("connect to ")) {
    Attempt attempt{.outcome = "no connection"};
    take_server(attempt, text.substr(11));
    attempt.reply = base::escape(text.substr(std::min(text.size(), text.rfind(": ") + 2)), 200);
    return add(std::move(attempt), false);
  }
  if (!is_ours(text)) return;
  auto rest = text.substr(text.find(": ") + 2);
  for (const std::string_view begin : {"host ", "lost connection with ", "conversation with "}) {
    if (!rest.starts_with(begin)) continue;
    Attempt attempt{.outcome = "deferred"};
    take_server(attempt, rest.substr(begin.size()));
    const auto said = rest.find(": ");
    take_reply(attempt, said == rest.npos ? rest : rest.substr(said + 2));
    return add(std::move(attempt), false);
  }
  const auto status = behind(rest, "status=", " ");
  if (!rest.starts_with("to=<") || status.empty()) return;
  Attempt attempt{.outcome = base::escape(status, 20)};
  const auto relay = behind(rest, "relay=", ",");
  if (relay != "none") take_server(attempt, relay);
  const auto open = rest.find('(');
  if (open != rest.npos) take_reply(attempt, rest.substr(open + 1, rest.size() - open - 1 - (rest.ends_with(')') ? 1 : 0)));
  // The mail waits, and what became of each attempt was told before.
  if (relay == "none" || (status == "deferred" && !attempts_.empty() && attempts_.back().to == attempt.to)) {
    over_ = true;
    if (!attempts_.empty()) return;
  }
  add(std::move(attempt), true);
}

void Trail::exim(std::string_view text) {
  if (!is_ours(text)) return;
  struct Sign {
    std::string_view mark, outcome;
    bool last;
  };
  constexpr Sign signs[] = {{" => ", "sent", true}, {" -> ", "sent", true}, {" ** ", "bounced", true}, {" == ", "deferred", true}};
  const auto sign = std::ranges::find_if(signs, [&](const Sign& one) { return text.find(one.mark) != text.npos; });
  const auto host = behind(text, "H=", "");
  if (sign == std::end(signs) && host.empty()) return;
  if (text.find(" <= ") != text.npos) return;
  Attempt attempt{.outcome = sign == std::end(signs) ? "deferred" : std::string(sign->outcome)};
  take_server(attempt, host);
  const auto said = text.find("]: ");
  take_reply(attempt, text.find("C=\"") != text.npos ? behind(text, "C=\"", "\"") : said == text.npos ? text : text.substr(said + 3));
  const bool told = attempt.outcome == "deferred" && sign != std::end(signs) && !attempts_.empty();
  if (told) over_ = true;  // what became of each attempt was told before
  else add(std::move(attempt), sign != std::end(signs));
}

void Trail::opensmtpd(std::string_view text) {
  if (text.find("mta") == text.npos || base::to_lower(behind(text, "to=<", ">")) != base::to_lower(recipient_)) return;
  const auto result = behind(text, "result=\"", "\"");
  if (result.empty()) return;
  Attempt attempt{.outcome = result == "Ok" ? "sent" : result == "PermFail" ? "bounced" : "deferred"};
  const auto relay = behind(text, "relay=\"", "\"");
  attempt.to = address_in(relay.substr(0, relay.find(' ')));
  attempt.relay = base::escape(behind(relay, "(", ")"), 255);
  attempt.source = address_in(behind(text, "source=\"", "\""));
  take_reply(attempt, behind(text, "stat=\"", "\""));
  if (queue_id_.empty()) queue_id_ = base::escape(behind(text, "evpid=", " "), 40);
  add(std::move(attempt), true);
}

void Trail::sendmail(std::string_view text) {
  if (!is_ours(text)) return;
  const auto stat = behind(text, "stat=", "");
  if (stat.empty() || text.find(" to=") == text.npos) return;
  Attempt attempt{.outcome = stat.starts_with("Sent") ? "sent" : stat.starts_with("Deferred") ? "deferred" : "bounced"};
  take_server(attempt, behind(text, "relay=", ","));
  take_reply(attempt, stat);
  add(std::move(attempt), true);
}

}  // namespace fcrdns::doctor
