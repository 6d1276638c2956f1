#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <ctime>
#include <memory>

#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/apply/provider_rest.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

Outcome<void> sign_as_ovh(HttpApi& api, std::shared_ptr<Keys> keys) {
  // What is signed holds the time; a clock that is wrong here would make every signature wrong.
  const auto reply = api.ask({.path = "/auth/time", .bare = true});
  if (!reply) return std::unexpected(reply.error());
  const auto text = base::trim(reply->body);
  long long there = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), there).ec != std::errc{})
    return api.says(Trouble::unreachable, "it does not say what time it is", text);
  const auto ahead = there - static_cast<long long>(std::time(nullptr));
  api.sign = [keys = std::move(keys), ahead](HttpCall& call) {
    const auto time = std::to_string(static_cast<long long>(std::time(nullptr)) + ahead);
    const auto application = (*keys)["OVH_APPLICATION_KEY"], consumer = (*keys)["OVH_CONSUMER_KEY"];
    call.headers.push_back(fmt::format("X-Ovh-Application: {}", application));
    call.headers.push_back(fmt::format("X-Ovh-Consumer: {}", consumer));
    call.headers.push_back("X-Ovh-Timestamp: " + time);
    call.headers.push_back("X-Ovh-Signature: " + ovh_signature((*keys)["OVH_APPLICATION_SECRET"], consumer, call, time));
  };
  return {};
}

}  // namespace

std::string ovh_signature(std::string_view secret, std::string_view consumer, const HttpCall& call, std::string_view time) {
  const auto text = fmt::format("{}+{}+{}+{}+{}+{}", secret, consumer, call.method, call.path, call.body, time);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
  std::string out = "$1$";
  for (unsigned int i = 0; i < length; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

Outcome<void> sign_with(HttpApi& api, Sign sign, std::span<const std::string_view> names) {
  auto found = Keys::find(api.context(), names);
  if (!found) return std::unexpected(found.error());
  const auto keys = std::make_shared<Keys>(std::move(*found));
  if (auto all = keys->require(names); !all) return all;
  keys->hide_from(api);
  const auto first = (*keys)[names[0]];
  std::string header;
  switch (sign) {
    case Sign::ovh: return sign_as_ovh(api, keys);
    case Sign::bearer: header = fmt::format("Authorization: Bearer {}", first); break;
    case Sign::x_auth_token: header = fmt::format("X-Auth-Token: {}", first); break;
    case Sign::basic: header = basic_authorization(api, first, (*keys)[names[1]]); break;
  }
  api.sign = [header](HttpCall& call) { call.headers.push_back(header); };
  return {};
}

}  // namespace fcrdns::apply
