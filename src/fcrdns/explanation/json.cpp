// fcrdns/explain/1: messages as they are read, then the summary, the conclusion and the check.
#include "fcrdns/base/text.hpp"
#include "fcrdns/explanation/render.hpp"
#include "fcrdns/report/json_parts.hpp"

namespace fcrdns::explanation {
namespace {

using report::Json;
using report::dump;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

Json message_json(const bounce::Claim& claim) {
  auto causes = Json::array();
  for (const auto cause : claim.meaning.causes) causes.push_back(to_word(cause));
  return {{"source", claim.source},
          {"line", claim.line},
          {"format", claim.format},
          {"direction", to_word(claim.direction)},
          {"time", claim.time ? Json(base::to_rfc3339(*claim.time)) : Json(nullptr)},
          {"queue_id", text_or_null(claim.queue_id)},
          {"sender", text_or_null(claim.sender)},
          {"recipient", text_or_null(claim.recipient)},
          {"sending_host", text_or_null(claim.sending_host)},
          {"receiver", text_or_null(claim.meaning.receiver)},
          {"remote_mta", text_or_null(claim.remote_mta)},
          {"reply_code", claim.reply.code > 0 ? Json(claim.reply.code) : Json(nullptr)},
          {"enhanced_code", claim.reply.enhanced ? Json(claim.reply.enhanced->text()) : Json(nullptr)},
          {"reply_text", claim.reply.text},
          {"permanent", claim.permanent},
          {"address", claim.address ? Json(claim.address->text()) : Json(nullptr)},
          {"address_source", to_word(claim.address_source)},
          {"reverse_dns", claim.meaning.reverse_dns()},
          {"cause", to_word(claim.meaning.cause())},
          {"causes", std::move(causes)},
          {"certainty", to_word(claim.meaning.certainty)}};
}

Json timeline_json(const Summary& summary) {
  auto out = Json::array();
  for (const auto& [hour, counts] : summary.timeline)
    out.push_back({{"hour", base::to_rfc3339(hour)}, {"reverse_dns", counts.reverse_dns}, {"other", counts.other}});
  return out;
}

Json summary_json(const Summary& summary) {
  auto addresses = Json::object(), receivers = Json::object(), causes = Json::object();
  for (const auto& [address, count] : summary.by_address) addresses[address.text()] = count;
  for (const auto& [receiver, count] : summary.by_receiver) receivers[receiver] = count;
  for (const auto& [cause, count] : summary.by_cause) causes[std::string(to_word(cause))] = count;
  const auto time = [](const std::optional<base::WallTime>& when) { return when ? Json(base::to_rfc3339(*when)) : Json(nullptr); };
  return {{"messages", summary.messages},
          {"reverse_dns", summary.reverse_dns},
          {"inbound", summary.inbound},
          {"permanent", summary.permanent},
          {"accepted", summary.accepted > 0 ? Json(summary.accepted) : Json(nullptr)},
          {"first", time(summary.first)},
          {"last", time(summary.last)},
          {"by_address", std::move(addresses)},
          {"by_receiver", std::move(receivers)},
          {"by_cause", std::move(causes)},
          {"timeline", timeline_json(summary)},
          {"notes", summary.notes}};
}

}  // namespace

std::string JsonDocument::begin() { return "{\"schema\":\"fcrdns/explain/1\",\"messages\":["; }

std::string JsonDocument::message(const bounce::Claim& claim) {
  return (std::exchange(first_, false) ? "\n" : ",\n") + message_json(claim).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string JsonDocument::end(const Explanation& explanation, std::string_view check) const {
  const auto conclusion = explanation.conclusion ? Json(to_word(*explanation.conclusion)) : Json(nullptr);
  auto topics = Json::array();
  for (const auto& each : explanation.explained)
    topics.push_back({{"address", each.topic->address ? Json(each.topic->address->text()) : Json(nullptr)},
                      {"subject", base::escape(each.result.evidence.subject.text, 255)},
                      {"conclusion", to_word(each.conclusion)}});
  return "],\n\"summary\":" + dump(summary_json(explanation.summary)) + ",\n\"conclusion\":" + dump(conclusion) +
         ",\n\"topics\":" + dump(topics) + ",\n\"check\":" + (check.empty() ? "null" : std::string(check)) +
         ",\"exit_code\":" + std::to_string(explanation.exit_code) + "}\n";
}

}  // namespace fcrdns::explanation
