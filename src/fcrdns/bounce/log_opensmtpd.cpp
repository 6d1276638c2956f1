// OpenSMTPD: sessions by id, deliveries by envelope:
//   SESSION mta connecting address=smtp://ADDRESS:25 host=HOST
//   SESSION mta delivery evpid=ID from=<A> to=<B> rcpt=<-> source="ADDRESS" relay="ADDRESS (HOST)" ... result="TempFail" stat="REPLY"
//   SESSION mta error reason=BANNER rejected: REPLY
// After a refused banner the deliveries end with "Network error on destination MXs": they are joined with the banner.
#include <algorithm>

#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

bool is_session(std::string_view word) { return word.size() == 16 && word.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

bool has_code(std::string_view text) {
  return text.size() >= 3 && (text[0] == '4' || text[0] == '5') && text[1] >= '0' && text[1] <= '9' && text[2] >= '0' && text[2] <= '9';
}

/// "VALUE" of `key="VALUE"`; a reply may hold quotes, so the last one ends it when it is the line's last field.
std::string_view last_quoted(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  auto value = text.substr(at + key.size());
  if (value.ends_with('"')) value.remove_suffix(1);
  return value;
}

/// "127.0.0.11 (gmail-smtp-in.l.google.com)" or "mx1.free.fr".
std::string_view relay_name(std::string_view relay) {
  const auto name = between(relay, "(", ")");
  return name.empty() ? relay.substr(0, relay.find(' ')) : name;
}

std::string_view word_behind(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + key.size());
  return rest.substr(0, rest.find(' '));
}

}  // namespace

bool OpenSmtpd::session(const LogLine& line, Reporter& reporter) {
  auto text = line.text;
  const auto id = text.substr(0, text.find(' '));
  if (!is_session(id) || text.size() <= id.size() + 1) return false;
  text.remove_prefix(id.size() + 1);
  if (text.starts_with("mta connecting ")) {
    put(host_of_session_.at(id), word_behind(text, " host="));
  } else if (text.starts_with("mta error reason=")) {
    constexpr std::string_view words = " rejected: ";
    const auto at = text.find(words);
    const auto* const host = host_of_session_.find(id);
    if (at == std::string_view::npos || !has_code(text.substr(at + words.size())) || host == nullptr) return true;
    auto& error = errors_.at(*host);
    if (!error.told && !error.text.empty()) tell(error, *host, reporter);
    error = {std::string(text.substr(at + words.size(), mail::max_reply)), std::string(reporter.source()), reporter.line(), line.time, false};
  } else if (text.starts_with("mta delivery ")) {
    delivery(text, line, reporter);
  } else if (text.starts_with("smtp connected ")) {
    put(client_of_session_.at(id), word_behind(text, " address="));
  } else if (text.starts_with("smtp failed-command ")) {
    const auto result = last_quoted(text, " result=\"");
    const auto* const client = client_of_session_.find(id);
    const auto address = net::Address::parse(client != nullptr ? *client : std::string{});
    if (!has_code(result) || !address) return true;
    auto& claim = reporter.begin("opensmtpd", Direction::inbound, line);
    put(claim.recipient, between(text, "command=\"RCPT TO:<", ">"));
    put(claim.remote_mta, line.host);
    claim.address = address->unmapped();
    claim.address_source = AddressSource::log;
    claim.permanent = result.starts_with('5');
    reporter.finish(result);
  }
  return true;
}

void OpenSmtpd::delivery(std::string_view text, const LogLine& line, Reporter& reporter) {
  const auto result = between(text, " result=\"", "\"");
  if (result == "Ok") return reporter.accepted(1);
  if (result != "PermFail" && result != "TempFail") return;
  const auto relay = relay_name(between(text, " relay=\"", "\""));
  std::string_view reply = last_quoted(text, " stat=\"");
  auto server = relay;
  if (!has_code(reply)) {
    auto* const error = error_of(relay);
    if (error == nullptr) return;
    error->told = true;
    reply = error->text;
  }
  auto& claim = reporter.begin("opensmtpd", Direction::outbound, line);
  put(claim.queue_id, word_behind(text, " evpid="));
  put(claim.sender, between(text, " from=<", ">"));
  put(claim.recipient, between(text, " to=<", ">"));
  put(claim.remote_mta, server);
  put_address(claim, between(text, " source=\"", "\""));
  claim.permanent = result == "PermFail";
  reporter.finish(reply);
}

/// Of the server itself, or of one below the mail domain that the relay is named by.
OpenSmtpd::ServerError* OpenSmtpd::error_of(std::string_view relay) {
  if (auto* const error = errors_.find(relay)) return error;
  for (auto& [host, error] : errors_)
    if (!relay.empty() && host.size() > relay.size() && host.ends_with(relay) && host[host.size() - relay.size() - 1] == '.') return &error;
  return nullptr;
}

void OpenSmtpd::tell(ServerError& error, std::string_view host, Reporter& reporter) {
  error.told = true;
  reporter.at(error.source, error.line, {}, {});
  auto& claim = reporter.begin("opensmtpd", Direction::outbound, LogLine{.time = error.time});
  put(claim.remote_mta, host);
  claim.permanent = false;
  reporter.finish(error.text);
}

void OpenSmtpd::end(Reporter& reporter) {
  for (auto& [host, error] : errors_)
    if (!error.told) tell(error, host, reporter);
}

}  // namespace fcrdns::bounce
