#include "fcrdns/transport/http_rules.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <charconv>
#include <memory>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/special_purpose.hpp"

namespace fcrdns::transport {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Url parse(const std::string& text) {
  Url url(curl_url(), &curl_url_cleanup);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) url.reset();
  return url;
}

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

}  // namespace

std::optional<Origin> origin_of(const std::string& text) {
  const auto url = parse(text);
  if (!url) return std::nullopt;
  Origin origin{base::to_lower(part(url, CURLUPART_SCHEME)), base::to_lower(part(url, CURLUPART_HOST)), 0};
  const auto port = part(url, CURLUPART_PORT);
  std::from_chars(port.data(), port.data() + port.size(), origin.port);
  return origin;
}

std::string why_forbidden(const std::string& text, const std::string& from) {
  if (text.size() > 2000) return "its URL is longer than 2,000 octets";
  const auto origin = origin_of(text);
  if (!origin) return fmt::format("\"{}\" is no URL", base::escape(text, 80));
  if (origin->scheme != "https" && origin->scheme != "http")
    return fmt::format("\"{}:\" is neither https nor http", base::escape(origin->scheme, 20));
  if (origin->host.empty()) return "its URL names no server";
  const auto url = parse(text);
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
    return "its URL holds a user name or a password";
  if (origin->scheme == "http" && base::to_lower(from).starts_with("https:"))
    return "it leads from https down to http";
  return "";
}

bool is_global(const net::Address& given) {
  auto address = given.unmapped();
  static const auto translated = *net::Prefix::parse("64:ff9b::/96");
  if (translated.contains(address)) address = *net::Address::from_octets(address.octets().last(4));
  return !net::SpecialPurposeTable::built_in().find(address);
}

}  // namespace fcrdns::transport
