#include "fcrdns/apply/json_reply.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::apply {
namespace {

constexpr std::size_t max_depth = 64, max_found = 1'000'000, max_text = 600;

bool is_address(const nlohmann::json& item, const std::optional<net::Address>& address) {
  return address && item.is_object() && is_or_holds(text_at(item, "/ip"), *address);
}

void follow(const nlohmann::json& value, std::string_view path, const std::optional<net::Address>& address,
            std::vector<const nlohmann::json*>& out) {
  if (out.size() >= max_found) return;
  if (path.empty()) {
    out.push_back(&value);
    return;
  }
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto step = path.substr(0, end), rest = path.substr(end);
  if (step == "*" || step == "?") {
    if (!value.is_structured()) return;
    for (const auto& item : value)
      if (step == "*" || is_address(item, address)) follow(item, rest, address, out);
  } else if (value.is_object()) {
    if (const auto found = value.find(std::string(step)); found != value.end()) follow(*found, rest, address, out);
  } else if (value.is_array()) {
    std::size_t index = 0;
    const auto read = std::from_chars(step.data(), step.data() + step.size(), index);
    if (read.ec == std::errc{} && index < value.size()) follow(value[index], rest, address, out);
  }
}

std::string decoded(std::string_view text) {
  struct Entity {
    std::string_view name;
    char letter;
  };
  static constexpr Entity table[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string out;
  while (!text.empty()) {
    const Entity* found = nullptr;
    for (const auto& entity : table)
      if (text.starts_with(entity.name)) found = &entity;
    out += found ? found->letter : text.front();
    text.remove_prefix(found ? found->name.size() : 1);
  }
  return out;
}

/// Where the APIs keep their words and their codes, the more telling first.
constexpr std::string_view messages[] = {"/errors/0/reason",         "/error/details/0/message", "/error/errors/0/message", "/error/message",
                                         "/error/error_message",     "/details/0/help_message",  "/error_description",      "/message",
                                         "/errors/0/message",        "/action/error/message",    "/error"};
constexpr std::string_view codes[] = {"/error/code", "/error/error_code", "/errorCode", "/errors/0/code", "/action/error/code", "/type", "/id"};

}  // namespace

nlohmann::json parse_reply(std::string_view text) {
  if (text.size() > max_reply || base::json_depth(text) > max_depth) return {};
  auto value = nlohmann::json::parse(text, nullptr, false);
  return value.is_discarded() ? nlohmann::json() : value;
}

std::vector<const nlohmann::json*> at(const nlohmann::json& value, std::string_view path, const std::optional<net::Address>& address) {
  std::vector<const nlohmann::json*> out;
  follow(value, path, address, out);
  return out;
}

std::string text_at(const nlohmann::json& value, std::string_view path, const std::optional<net::Address>& address) {
  const auto found = at(value, path, address);
  if (found.empty()) return "";
  if (const auto* text = found.front()->get_ptr<const std::string*>()) return *text;
  return found.front()->is_number() ? found.front()->dump() : "";
}

bool is_or_holds(std::string_view text, const net::Address& address) {
  if (const auto one = net::Address::parse(text)) return *one == address;
  const auto block = net::Prefix::parse(text);
  return block && block->contains(address);
}

std::optional<std::string> xml_element(std::string_view xml, std::string_view name) {
  const auto open = "<" + std::string(name) + ">", close = "</" + std::string(name) + ">";
  const auto begin = xml.find(open);
  if (begin == xml.npos) return std::nullopt;
  const auto from = begin + open.size(), end = xml.find(close, from);
  if (end == xml.npos) return std::nullopt;
  return decoded(xml.substr(from, std::min<std::size_t>(end - from, 4096)));
}

std::string error_text(std::string_view body) {
  std::string message, code;
  if (const auto text = base::trim(body); text.starts_with('<')) {
    message = xml_element(text, "Message").value_or("");
    code = xml_element(text, "Code").value_or("");
  } else if (const auto value = parse_reply(text); value.is_object()) {
    for (const auto path : messages)
      if (message.empty()) message = text_at(value, path);
    for (const auto path : codes)
      if (code.empty()) code = text_at(value, path);
  } else {
    message = text.substr(0, text.find('\n'));
  }
  if (!code.empty()) message += message.empty() ? code : " (" + code + ")";
  return message.substr(0, max_text);
}

}  // namespace fcrdns::apply
