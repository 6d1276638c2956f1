#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {
namespace {

using wait::Options;
using Set = base::Expected<bool>;

Set since(Options& options, const std::string& value) {
  const auto time = parse_since(value);
  if (!time) return base::fault(time.error().message);
  if (*time > base::wall_now()) return base::fault("that time is yet to come");
  options.since = *time;
  return true;
}

Set cache(Options& options, const std::string& value) { return add_endpoints(options.caches, value); }

Set until(Options& options, const std::string& value) {
  if (value != "earliest" && value != "latest") return base::fault("give earliest or latest");
  options.until = value == "earliest" ? wait::Until::earliest : wait::Until::latest;
  return true;
}

/// Each look puts a few dozen questions to others' servers.
Set interval(Options& options, const std::string& value) {
  const auto duration = base::parse_duration(value);
  if (!duration) return base::fault(duration.error().message);
  if (*duration < base::Seconds{1}) return base::fault("give a second or more");
  options.interval = *duration;
  return true;
}

constexpr OptionRow<Options> rows[] = {
    {"--since", "TIME", "when the change was made, where all is right already: 10min, 2h, 2026-11-21T13:00:00Z", "", since},
    {"--cache", "ADDR[:PORT]", "look into this resolver's cache too, without making it ask; repeatable", "", cache},
    {"--until", "earliest|latest", "end when the caches that can be seen have let go, or when every cache has (default latest)", "", until},
    {"--interval", "DURATION", "between looks, a second or more (default: 5s, then up to 30s)", "", interval},
    {"--state-dir", "DIR", "where fix keeps its journal, which tells when it put the records in place", "FCRDNS_STATE_DIR",
     [](Options& o, const std::string& v) -> Set { o.state_dir = v; return true; }},
    {"--format", "FORMAT", "text or json", "", [](Options& o, const std::string& v) { return text_or_json(o, v); }},
    {"--no-bell", "", "do not ring", "", [](Options& o, const std::string&) -> Set { o.bell = false; return true; }},
};

}  // namespace

std::span<const OptionRow<Options>> wait_options() { return rows; }

}  // namespace fcrdns::cli
