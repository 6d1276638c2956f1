#include "fcrdns/bounce/report.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/bounce/received.hpp"

namespace fcrdns::bounce {
namespace {

/// What to make of a report that tells no action or one of its own: its status decides (RFC 3463 2).
Action action_of(const RecipientStatus& status) {
  if (status.action != Action::none) return status.action;
  if (status.status.starts_with('4')) return Action::delayed;
  if (status.status.starts_with('2')) return Action::done;
  return Action::failed;
}

/// Whether `full` begins with what `cut` says: the same reply, told at more length.
bool continues(const mail::Reply& cut, const mail::Reply& full) {
  if (full.text.size() <= cut.text.size() || (cut.code != 0 && cut.code != full.code)) return false;
  return cut.text.empty() || full.text.find(cut.text.substr(0, 40)) != std::string::npos;
}

/// RFC 3463 3.5: X.4.7, delivery time expired. OpenSMTPD calls the mail that it gave up "delayed".
bool is_expired(const RecipientStatus& status) { return status.status.ends_with(".4.7"); }

/// Takes the fullest reply for this recipient. Reports of several recipients share one transcript: there only a reply
/// that goes on where the Diagnostic-Code ends is this recipient's.
void take_saying(Transcript& transcript, const RecipientStatus& status, bool only_recipient, Claim& claim) {
  std::optional<Strength> best;
  std::string server;
  transcript.for_each(status, [&](const Saying& saying, bool about, const auto& parsed) {
    if (server.empty() && about) server = saying.remote_mta;
    const bool has_code = claim.reply.code != 0;
    if (saying.strength == Strength::paragraph && (has_code || !about)) return;
    if (has_code && saying.reply.size() <= claim.reply.text.size()) return;
    const mail::Reply& reply = parsed();
    const bool better = has_code ? continues(claim.reply, reply) : (about || only_recipient) && (!best || saying.strength > *best);
    if (!better) return;
    claim.reply = reply;
    best = saying.strength;
    if (claim.remote_mta.empty()) claim.remote_mta = saying.remote_mta;
  });
  if (claim.remote_mta.empty()) claim.remote_mta = std::move(server);
}

/// Where the reply quotes no address: the reporter's own, if the message tells it (received.hpp).
void find_address(const Notice& notice, Claim& claim) {
  if (claim.reply.address) return;
  if (const auto literal = net::Address::parse(claim.sending_host); literal && is_public(*literal)) {
    claim.address = *literal;
    claim.address_source = AddressSource::reporting_mta;
    return;
  }
  if (claim.sending_host.empty()) return;
  const auto& refuser = claim.remote_mta.empty() ? claim.sending_host : claim.remote_mta;
  if (auto hop = hop_into(notice.returned_header, refuser)) {
    claim.address = hop->address;
    if (claim.remote_mta.empty()) claim.remote_mta = refuser;
    claim.sending_host = std::move(hop->from);
  } else {
    claim.address = address_of_reporter(notice.header, claim.sending_host);
  }
  if (claim.address) claim.address_source = AddressSource::received;
}

/// The envelope sender: a report goes back to it.
std::string sender_of(const Notice& notice, const DeliveryStatus& report) {
  if (!report.sender.empty()) return report.sender;
  if (const auto path = mail_address(find_field(notice.returned_header, "Return-Path")); !path.empty()) return std::string(path);
  const auto to = mail_address(find_field(notice.header, "To"));
  return base::equals_ignoring_case(to.substr(0, 11), "postmaster@") ? std::string() : std::string(to);
}

}  // namespace

Transcript::Transcript(std::vector<Saying> sayings) : sayings_(std::move(sayings)), replies_(sayings_.size()) {
  for (std::size_t i = 0; i < sayings_.size(); ++i) of_.emplace(base::to_lower(sayings_[i].recipient), i);
}

const mail::Reply& Transcript::reply(std::size_t index) {
  if (!replies_[index]) replies_[index] = mail::parse_reply(sayings_[index].reply);
  return *replies_[index];
}

std::optional<Claim> claim_of(const RecipientStatus& status, const DeliveryStatus& report, Transcript& transcript, const Claim& frame) {
  const auto action = action_of(status);
  if (action == Action::done) return std::nullopt;
  Claim claim = frame;
  claim.direction = Direction::outbound;
  claim.permanent = action == Action::failed || is_expired(status);
  claim.recipient = status.recipient.empty() ? status.original_recipient : status.recipient;
  claim.remote_mta = status.remote_mta;
  claim.sending_host = report.reporting_mta;
  claim.queue_id = report.queue_id;
  if (!report.sender.empty()) claim.sender = report.sender;
  if (status.last_attempt) claim.time = status.last_attempt;
  else if (!claim.time) claim.time = report.arrival;
  if (!status.diagnostic.empty()) claim.reply = mail::parse_reply(status.diagnostic);
  take_saying(transcript, status, report.recipients.size() == 1, claim);
  if (claim.reply.text.empty()) claim.reply.text = status.status_comment;
  // The status is the sending server's word: it stands in only where no reply is told.
  if (claim.reply.code == 0 && !claim.reply.enhanced) claim.reply.enhanced = mail::parse_enhanced_code(status.status);
  return claim;
}

void gather_report(const Notice& notice, const Claim& frame, Gathered& to) {
  std::vector<Saying> sayings;
  for (const auto* texts : {&notice.texts, &notice.htmls}) {
    for (const auto& text : *texts) {
      auto more = read_sayings(text);
      std::ranges::move(more.all, std::back_inserter(sayings));
    }
    if (!sayings.empty()) break;
  }
  Transcript transcript(std::move(sayings));
  for (const auto& status : notice.statuses) {
    const auto report = parse_delivery_status(status);
    Claim shared = frame;
    shared.sender = sender_of(notice, report);
    for (const auto& recipient : report.recipients) {
      auto claim = claim_of(recipient, report, transcript, shared);
      if (!claim) continue;
      find_address(notice, *claim);
      to.put(std::move(*claim));
    }
  }
}

}  // namespace fcrdns::bounce
