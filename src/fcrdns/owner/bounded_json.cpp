#include "fcrdns/owner/bounded_json.hpp"

#include "fcrdns/base/text.hpp"

namespace fcrdns::owner {
std::optional<nlohmann::json> parse_bounded(std::string_view text) {
  if (text.size() > max_json || base::json_depth(text) > max_depth) return std::nullopt;
  auto value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

const nlohmann::json& member(const nlohmann::json& object, const char* key) {
  static const nlohmann::json nothing;
  if (!object.is_object()) return nothing;
  const auto at = object.find(key);
  return at == object.end() ? nothing : *at;
}

std::string_view text_of(const nlohmann::json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text ? std::string_view(*text) : std::string_view();
}

}  // namespace fcrdns::owner
