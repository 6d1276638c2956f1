#include "fcrdns/bounce/report.hpp"

#include <algorithm>

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

bool is_about(const Saying& saying, const RecipientStatus& status) {
  return saying.recipient.empty() || base::equals_ignoring_case(saying.recipient, status.recipient) ||
         base::equals_ignoring_case(saying.recipient, status.original_recipient);
}

/// Whether `full` begins with what `cut` says: the same reply, told at more length.
bool continues(const mail::Reply& cut, const mail::Reply& full) {
  if (full.text.size() <= cut.text.size() || (cut.code != 0 && cut.code != full.code)) return false;
  return cut.text.empty() || full.text.find(cut.text.substr(0, 40)) != std::string::npos;
}

/// Takes the fullest reply for this recipient. Reports of several recipients share one transcript: there only a reply
/// that goes on where the Diagnostic-Code ends is this recipient's.
void take_saying(const Sayings& sayings, const RecipientStatus& status, bool only_recipient, Claim& claim) {
  const Saying* best = nullptr;
  for (const auto& saying : sayings.all) {
    const bool about = is_about(saying, status);
    const bool has_code = claim.reply.code != 0;
    if (has_code && saying.reply.size() <= claim.reply.text.size()) continue;
    if (!about && !has_code && !only_recipient) continue;
    if (saying.strength == Strength::paragraph && (has_code || !about)) continue;
    auto reply = mail::parse_reply(saying.reply);
    const bool better = has_code ? continues(claim.reply, reply) && (about || !claim.reply.text.empty())
                                 : !best || saying.strength > best->strength;
    if (!better) continue;
    claim.reply = std::move(reply);
    best = &saying;
    if (claim.remote_mta.empty()) claim.remote_mta = saying.remote_mta;
  }
  if (!claim.remote_mta.empty()) return;
  for (const auto& saying : sayings.all)
    if (is_about(saying, status) && !saying.remote_mta.empty()) {
      claim.remote_mta = saying.remote_mta;
      return;
    }
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

std::optional<Claim> claim_of(const RecipientStatus& status, const DeliveryStatus& report, const Sayings& sayings, const Claim& frame) {
  const auto action = action_of(status);
  if (action == Action::done) return std::nullopt;
  Claim claim = frame;
  claim.direction = Direction::outbound;
  claim.permanent = action == Action::failed;
  claim.recipient = status.recipient.empty() ? status.original_recipient : status.recipient;
  claim.remote_mta = status.remote_mta;
  claim.sending_host = report.reporting_mta;
  claim.queue_id = report.queue_id;
  if (!report.sender.empty()) claim.sender = report.sender;
  if (status.last_attempt) claim.time = status.last_attempt;
  else if (!claim.time) claim.time = report.arrival;
  if (!status.diagnostic.empty()) claim.reply = mail::parse_reply(status.diagnostic);
  take_saying(sayings, status, report.recipients.size() == 1, claim);
  if (claim.reply.text.empty()) claim.reply.text = status.status_comment;
  // The status is the sending server's word: it stands in only where no reply is told.
  if (claim.reply.code == 0 && !claim.reply.enhanced) claim.reply.enhanced = mail::parse_enhanced_code(status.status);
  return claim;
}

void gather_report(const Notice& notice, const Claim& frame, Gathered& to) {
  Sayings sayings;
  for (const auto& text : notice.texts) {
    auto more = read_sayings(text);
    std::ranges::move(more.all, std::back_inserter(sayings.all));
  }
  if (sayings.all.empty())
    for (const auto& html : notice.htmls) sayings = read_sayings(html);
  for (const auto& status : notice.statuses) {
    const auto report = parse_delivery_status(status);
    Claim shared = frame;
    shared.sender = sender_of(notice, report);
    for (const auto& recipient : report.recipients) {
      auto claim = claim_of(recipient, report, sayings, shared);
      if (!claim) continue;
      find_address(notice, *claim);
      to.put(std::move(*claim));
    }
  }
}

}  // namespace fcrdns::bounce
