#include "fcrdns/base/text.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {

base::Expected<bool> add_endpoints(std::vector<net::Endpoint>& endpoints, const std::string& value) {
  for (const auto part : base::words(value)) {
    auto endpoint = net::Endpoint::parse(part);
    if (!endpoint) return base::fault(endpoint.error().message);
    endpoints.push_back(*endpoint);
  }
  return true;
}

base::Expected<bool> text_or_json(diagnosis::Settings& settings, const std::string& value) {
  if (value != "text" && value != "json") return base::fault("give text or json");
  settings.format = value == "json" ? report::Format::json : report::Format::text;
  return true;
}

base::Expected<base::WallTime> parse_since(const std::string& value) {
  if (const auto ago = base::parse_duration(value)) return base::wall_now() - *ago;
  const auto time = base::parse_rfc3339(value.size() == 10 ? value + "T00:00:00Z" : value);
  if (!time) return base::fault("give how long ago (10min, 2h, 3d), a day (2026-11-21) or a time (2026-11-21T13:00:00Z)");
  return *time;
}

}  // namespace fcrdns::cli
