#include "fcrdns/apply/provider_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "fcrdns/base/base64.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The name and value of a line, when it is one of those names.
std::optional<std::pair<std::string_view, std::string_view>> assignment(std::string_view line, std::span<const std::string_view> names) {
  line = base::trim(line);
  if (line.starts_with("export ")) line = base::trim(line.substr(7));
  const auto equals = line.find('=');
  if (equals == line.npos) return std::nullopt;
  const auto name = base::trim(line.substr(0, equals));
  if (std::ranges::find(names, name) == names.end()) return std::nullopt;
  return std::pair{name, without_quotes(base::trim(line.substr(equals + 1)))};
}

}  // namespace

Outcome<Keys> Keys::find(const Context& context, std::span<const std::string_view> names) {
  Keys keys;
  keys.from_ = "in the environment; or give --secret FILE";
  if (context.secret_file.empty()) {
    for (const auto name : names)
      if (const char* value = std::getenv(std::string(name).c_str()); value && *value)
        keys.values_.emplace(name, Secret{std::string(base::trim(value))});
    return keys;
  }
  keys.from_ = "in " + base::escape(context.secret_file, 300);
  const auto secret = base::read_secret(context.secret_file);
  if (!secret) return problem(Trouble::secret, secret.error().message);
  for (const auto line : base::split(secret->reveal(), '\n'))
    if (const auto found = assignment(line, names)) keys.values_.emplace(found->first, Secret{std::string(found->second)});
  if (keys.values_.empty()) keys.values_.emplace(names.front(), Secret{std::string(secret->reveal())});
  return keys;
}

std::string_view Keys::operator[](std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string_view() : found->second.reveal();
}

Outcome<void> Keys::require(std::span<const std::string_view> names) const {
  std::string missing;
  for (const auto name : names)
    if ((*this)[name].empty()) missing += (missing.empty() ? "" : ", ") + std::string(name);
  if (!missing.empty()) return problem(Trouble::secret, fmt::format("no {} {}", missing, from_));
  return {};
}

void Keys::hide_from(HttpApi& api) const {
  // Who somebody is is no secret, and "mail" would be cut out of every host name.
  for (const auto& [name, secret] : values_)
    if (!name.ends_with("USER") && !name.ends_with("USERNAME") && !name.ends_with("TENANT_ID")) api.hide(secret.reveal());
}

std::string basic_authorization(HttpApi& api, std::string_view user, std::string_view password) {
  const auto encoded = base::base64(std::string(user) + ":" + std::string(password));
  api.hide(encoded);
  return "Authorization: Basic " + encoded;
}

}  // namespace fcrdns::apply
