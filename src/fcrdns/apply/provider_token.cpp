#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/apply/provider_clouds.hpp"
#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/base/base64.hpp"

namespace fcrdns::apply {
namespace {

/// RFC 4648 5, without padding.
std::string base64url(std::string_view octets) {
  auto out = base::base64(octets);
  while (out.ends_with('=')) out.pop_back();
  for (auto& letter : out) letter = letter == '+' ? '-' : letter == '/' ? '_' : letter;
  return out;
}

}  // namespace

std::string signed_token(std::string_view pem_key, std::string_view header_json, std::string_view claims_json) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> pem(BIO_new_mem_buf(pem_key.data(), static_cast<int>(pem_key.size())), &BIO_free);
  // No passphrase is asked for: a terminal is not the place of this.
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(PEM_read_bio_PrivateKey(pem.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) return "";
  const auto text = base64url(header_json) + "." + base64url(claims_json);
  const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t length = 0;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &length, octets, text.size()) != 1)
    return "";
  std::string signature(length, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, octets, text.size()) != 1) return "";
  signature.resize(length);
  return text + "." + base64url(signature);
}

Outcome<Secret> fetch_token(const Context& context, TokenAsk ask) {
  auto own = context;
  own.settings.erase("url");  // that of the API itself
  HttpApi api(own, std::move(ask.title), ask.url, {}, ask.named_by_user);
  api.hide(ask.secret);
  const auto reply = api.ask({.method = "POST", .path = ask.url, .content_type = "application/x-www-form-urlencoded", .body = std::move(ask.form),
                              .shown = std::move(ask.shown)});
  if (!reply) return std::unexpected(reply.error());
  auto token = text_at(parse_reply(reply->body), "/access_token");
  if (token.empty()) return api.says(Trouble::refused, "it answers without an access token");
  return Secret{std::move(token)};
}

}  // namespace fcrdns::apply
