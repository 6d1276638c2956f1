#include "fcrdns/owner/bootstrap.hpp"

#include <fmt/core.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/owner/bounded_json.hpp"
#include "fcrdns/transport/http_rules.hpp"

namespace fcrdns::owner {
namespace {

using nlohmann::json;

/// The best of a service's URLs: https before http, the first of each; empty when there is none of either.
base::Expected<std::string> best_url(const json& urls) {
  std::string best;
  for (const auto& value : urls) {
    std::string url(text_of(value));
    if (url.empty()) return base::fault("a URL is no text");
    if (!transport::why_forbidden(url, "").empty()) continue;
    if (!url.ends_with('/')) url += '/';
    const bool is_https = base::to_lower(url).starts_with("https:");
    if (best.empty() || (is_https && !base::to_lower(best).starts_with("https:"))) best = url;
  }
  return best;
}

/// One service: [ [prefix, ...], [URL, ...] ].
base::Expected<void> read_service(const json& service, std::vector<Bootstrap::Entry>& out) {
  if (!service.is_array() || service.size() < 2 || !service[0].is_array() || !service[1].is_array())
    return base::fault("a service is not a list of prefixes and a list of URLs");
  const auto url = best_url(service[1]);
  if (!url) return std::unexpected(url.error());
  for (const auto& value : service[0]) {
    const auto prefix = net::Prefix::parse(text_of(value));
    if (!prefix) return base::fault(fmt::format("where prefixes stand: {}", prefix.error().message));
    if (!url->empty()) out.push_back({*prefix, *url});
  }
  return {};
}

}  // namespace

base::Expected<Bootstrap> Bootstrap::parse(std::string_view text) {
  const auto parsed = parse_bounded(text);
  if (!parsed) return base::fault("it is no JSON, larger than 1 MB, or nested deeper than 64");
  if (const auto version = text_of(member(*parsed, "version")); !version.empty() && !version.starts_with("1."))
    return base::fault(fmt::format("version \"{}\" of the form is not known", base::escape(version, 20)));
  const auto& services = member(*parsed, "services");
  if (!services.is_array()) return base::fault("it holds no list of services");
  Bootstrap out;
  for (const auto& service : services)
    if (const auto read = read_service(service, out.entries); !read) return std::unexpected(read.error());
  if (out.entries.empty()) return base::fault("it names no server");
  if (const auto time = base::parse_rfc3339(text_of(member(*parsed, "publication"))))
    out.publication = base::to_rfc3339(*time).substr(0, 10);
  return out;
}

const std::string* Bootstrap::server_for(const net::Address& address) const {
  const Entry* best = nullptr;
  for (const auto& entry : entries)
    if (entry.prefix.contains(address) && (!best || entry.prefix.length > best->prefix.length)) best = &entry;
  return best ? &best->url : nullptr;
}

}  // namespace fcrdns::owner
