#include "fcrdns/bounce/json_field.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_depth = 16;

}  // namespace

nlohmann::json parse_bounded(std::string_view text) {
  if (text.size() > max_catalogue) throw Unreadable("larger than 1 MiB");
  if (base::json_depth(text) > max_depth) throw Unreadable("nested deeper than 16");
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) throw Unreadable("is no JSON");
  return json;
}

void JsonField::refuse(std::string_view why) const {
  throw Unreadable((path_.empty() ? std::string("the file") : base::escape(path_, 200)) + ": " + std::string(why));
}

void JsonField::object(std::initializer_list<std::string_view> known) const {
  if (!json_->is_object()) refuse("must be an object");
  for (const auto& item : json_->items())
    if (std::ranges::find(known, item.key()) == known.end()) refuse("has an unknown field \"" + base::escape(item.key(), 40) + '"');
}

std::optional<JsonField> JsonField::get(std::string_view key) const {
  if (!json_->is_object()) refuse("must be an object");
  const auto found = json_->find(std::string(key));
  if (found == json_->end()) return std::nullopt;
  return JsonField(*found, path_.empty() ? std::string(key) : path_ + '.' + std::string(key));
}

JsonField JsonField::need(std::string_view key) const {
  auto found = get(key);
  if (!found) refuse("lacks \"" + std::string(key) + '"');
  return *std::move(found);
}

std::vector<JsonField> JsonField::list(std::size_t most) const {
  if (!json_->is_array()) refuse("must be a list");
  if (json_->size() > most) refuse("has more than " + std::to_string(most) + " entries");
  std::vector<JsonField> out;
  for (const auto& entry : *json_) out.emplace_back(entry, path_ + '[' + std::to_string(out.size()) + ']');
  return out;
}

std::vector<std::pair<std::string, JsonField>> JsonField::pairs(std::size_t most) const {
  if (!json_->is_object()) refuse("must be an object");
  if (json_->size() > most) refuse("has more than " + std::to_string(most) + " entries");
  std::vector<std::pair<std::string, JsonField>> out;
  for (const auto& item : json_->items()) out.emplace_back(item.key(), JsonField(item.value(), path_ + '.' + item.key().substr(0, 40)));
  return out;
}

std::string JsonField::text(std::size_t most) const {
  if (!json_->is_string()) refuse("must be a string");
  const auto& text = json_->get_ref<const std::string&>();
  if (text.empty()) refuse("is empty: leave it out");
  if (text.size() > most) refuse("is longer than " + std::to_string(most) + " octets");
  if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) refuse("holds something else than printable ASCII");
  return text;
}

std::string JsonField::text_of(std::string_view key) const {
  const auto field = get(key);
  return field ? field->text() : std::string();
}

bool JsonField::flag(std::string_view key) const {
  const auto field = get(key);
  if (!field) return false;
  if (!field->json_->is_boolean()) field->refuse("must be true or false");
  return field->json_->get<bool>();
}

}  // namespace fcrdns::bounce
