// KumoMTA's delivery log: one JSON record a line; "Bounce" and "TransientFailure" hold the remote server's response,
// "Rejection" our own to somebody.
#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/log_formats.hpp"

namespace fcrdns::bounce {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_json_depth = 16;

std::string_view text_at(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? std::string_view(found->get_ref<const std::string&>()) : std::string_view{};
}

const Json& object_at(const Json& object, const char* key) {
  static const Json none;
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : none;
}

std::optional<unsigned> number_at(const Json& object, const char* key) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned() || found->get<std::uint64_t>() > 999) return std::nullopt;
  return found->get<unsigned>();
}

/// "recipient" is a string, or a list since a record may stand for several.
std::string_view first_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found != object.end() && found->is_array() && !found->empty() && found->front().is_string()) return found->front().get_ref<const std::string&>();
  return text_at(object, key);
}

/// "192.0.2.25:41234", "[2001:db8::25]:41234" or without port.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return between(text, "[", "]");
  return text.find(':') == text.rfind(':') ? text.substr(0, text.find(':')) : text;
}

/// Seconds since 1970, or RFC 3339.
std::optional<base::WallTime> time_of(const Json& record, Reporter& reporter) {
  const auto found = record.find("timestamp");
  if (found == record.end()) return std::nullopt;
  if (found->is_number()) {
    const auto seconds = found->get<double>();
    if (!(seconds >= 0 && seconds < 4'102'444'800.0)) return std::nullopt;
    return base::WallTime{base::Milliseconds{static_cast<std::int64_t>(seconds * 1000)}};
  }
  if (!found->is_string()) return std::nullopt;
  const auto stamp = reporter.stamps().read(found->get_ref<const std::string&>());
  return stamp ? std::optional(stamp->time) : std::nullopt;
}

}  // namespace

bool KumoMta::record(std::string_view json, Reporter& reporter) {
  if (!json.starts_with('{') || json.size() > max_line || base::json_depth(json) > max_json_depth) return false;
  const auto record = Json::parse(json, nullptr, false);
  if (!record.is_object() || !record.contains("response")) return false;
  const auto type = text_at(record, "type");
  if (type == "Delivery") return reporter.accepted(1), true;
  const bool inbound = type == "Rejection";
  if (type != "Bounce" && type != "TransientFailure" && !inbound) return false;
  const auto& response = object_at(record, "response");
  const auto code = number_at(response, "code");
  if (!code || *code < 400 || *code > 599) return true;
  const auto& peer = object_at(record, "peer_address");
  if (!inbound && !peer.is_object()) return true;  // the server made it up itself: no remote one was there

  LogLine line;
  line.time = time_of(record, reporter);
  auto& claim = reporter.begin("kumomta", inbound ? Direction::inbound : Direction::outbound, line);
  put(claim.queue_id, text_at(record, "id"));
  put(claim.sender, text_at(record, "sender"));
  put(claim.recipient, first_text(record, "recipient"));
  const auto address = without_port(text_at(peer, "addr"));
  claim.permanent = type != "TransientFailure" && *code >= 500;
  if (inbound) {
    if (const auto client = net::Address::parse(address)) {
      claim.address = client->unmapped();
      claim.address_source = AddressSource::log;
    }
  } else {
    auto name = text_at(peer, "name");
    while (name.ends_with('.')) name.remove_suffix(1);
    put(claim.remote_mta, name.empty() ? address : name);
    put_address(claim, without_port(text_at(object_at(record, "source_address"), "address")));
  }
  const auto& enhanced = object_at(response, "enhanced_code");
  const auto kind = number_at(enhanced, "class"), subject = number_at(enhanced, "subject"), detail = number_at(enhanced, "detail");
  reply_ = std::to_string(*code) + " ";
  if (kind && subject && detail) reply_ += std::to_string(*kind) + "." + std::to_string(*subject) + "." + std::to_string(*detail) + " ";
  reply_ += text_at(response, "content");
  reporter.finish(reply_);
  return true;
}

}  // namespace fcrdns::bounce
