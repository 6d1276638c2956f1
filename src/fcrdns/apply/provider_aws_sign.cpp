#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "fcrdns/apply/provider_clouds.hpp"

namespace fcrdns::apply {
namespace {

std::string hex(std::string_view octets) {
  std::string out;
  for (const unsigned char octet : octets) out += fmt::format("{:02x}", octet);
  return out;
}
std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), length};
}
std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

}  // namespace

std::string aws_authorization(std::string_view key_id, std::string_view secret, const AwsScope& scope, const AwsRequest& request) {
  std::string headers, names;
  for (const auto& [name, value] : request.headers) {
    headers += name + ":" + value + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  const auto day = scope.date.substr(0, 8);
  const auto place = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
  const auto canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path, request.query, headers, names, hex(sha256(request.body)));
  const auto text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", scope.date, place, hex(sha256(canonical)));
  const auto key = hmac(hmac(hmac(hmac("AWS4" + std::string(secret), day), scope.region), scope.service), "aws4_request");
  return fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}", key_id, place, names, hex(hmac(key, text)));
}

}  // namespace fcrdns::apply
