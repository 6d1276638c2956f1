#include "fcrdns/cli/options.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::cli {
namespace {

using apply::Part;
using fix::Options;
using Set = base::Expected<bool>;

constexpr Part both[] = {Part::forward, Part::ptr};

/// What stands behind "forward=" or "ptr="; without such a word it is meant for both parts.
struct ForParts {
  std::vector<Part> parts;
  std::string value;
};
ForParts for_parts(const std::string& text, char mark) {
  for (const auto part : both)
    if (const auto word = std::string(apply::to_word(part)) + mark; text.starts_with(word)) return {{part}, text.substr(word.size())};
  return {{both[0], both[1]}, text};
}

Set via(Options& options, const std::string& value) {
  const auto [parts, id] = for_parts(value, '=');
  const auto* backend = apply::find_backend(id);
  std::string known;
  for (const auto& row : apply::backends()) known += (known.empty() ? "" : ", ") + std::string(row.id);
  if (backend == nullptr) return base::fault("no such back end; there are: " + known);
  bool any = false;
  for (const auto part : parts) {
    if (part == Part::forward ? !backend->forward : !backend->ptr) continue;
    options.via[part] = id;
    any = true;
  }
  if (!any) return base::fault("this back end cannot do that part; fcrdns help backends");
  return true;
}

Set secret(Options& options, const std::string& value) {
  const auto [parts, file] = for_parts(value, '=');
  if (file.empty()) return base::fault("give a file");
  for (const auto part : parts) options.secret_files[part] = file;
  return true;
}

Set setting(Options& options, const std::string& value) {
  const auto [parts, text] = for_parts(value, '.');
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return base::fault("write KEY=VALUE, or forward.KEY=VALUE, ptr.KEY=VALUE");
  for (const auto part : parts) options.settings[part][text.substr(0, equals)] = text.substr(equals + 1);
  return true;
}

Set ttl(Options& options, const std::string& value) {
  const bool digits = !value.empty() && value.size() <= 7 && value.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(value) > 604'800) return base::fault("give seconds, 0 to 604800");
  options.ttl = static_cast<std::uint32_t>(std::stoul(value));
  return true;
}

Set owner(Options& options, const std::string& value) {
  if (provider::find(value) == nullptr) {
    std::string known;
    for (const auto& each : provider::catalogue()) known += (known.empty() ? "" : " ") + each.id;
    return base::fault("no such provider in the catalogue; there are: " + known);
  }
  options.owner = value;
  return true;
}

Set cache(Options& options, const std::string& value) { return add_endpoints(options.caches, value); }

constexpr OptionRow<Options> rows[] = {
    {"--owner", "ID", "who set up the address, when you know better than the registry: hetzner-cloud, ovh, ...", "", owner},
    {"--ticket", "", "a letter to the owner instead of the plan", "", [](Options& o, const std::string&) -> Set { o.ticket = true; return true; }},
    {"--owner-refuses", "", "what is left when the owner says no", "", [](Options& o, const std::string&) -> Set { o.owner_refuses = true; return true; }},
    {"--language", "LANGUAGE", "of the letter: en, de, fr, es, it, nl, pl, pt", "", [](Options& o, const std::string& v) -> Set { o.language = v; return true; }},
    {"--ttl", "SECONDS", "of the records (default 3600)", "", ttl},
    {"--apply", "", "carry the plan out: asks once, journals each step, verifies on every server", "", [](Options& o, const std::string&) -> Set { o.apply = true; return true; }},
    {"--via", "[STEP=]BACKEND", "who puts it in place; STEP is forward or ptr; repeatable. Without one you do that step by hand", "", via},
    {"--secret", "[STEP=]FILE", "key or token of a back end (mode 600); without it the environment is looked into", "", secret},
    {"--set", "[STEP.]KEY=VALUE", "what else a back end needs to know; see fcrdns help backends", "", setting},
    {"--dry-run", "", "with --apply or --undo: show each request, change nothing", "", [](Options& o, const std::string&) -> Set { o.dry_run = true; return true; }},
    {"--undo", "", "put back what stood there before the last --apply", "", [](Options& o, const std::string&) -> Set { o.undo = true; return true; }},
    {"-y,--yes", "", "do not ask before changing anything", "", [](Options& o, const std::string&) -> Set { o.yes = true; return true; }},
    {"--cache", "ADDR[:PORT]", "look into this resolver's cache too, without making it ask; repeatable", "", cache},
    {"--longest", "DURATION", "how long to wait for a change to be seen on all servers (default 1h)", "",
     [](Options& o, const std::string& v) -> Set {
       const auto duration = base::parse_duration(v);
       if (!duration) return base::fault(duration.error().message);
       o.longest = *duration;
       return true;
     }},
    {"--state-dir", "DIR", "where the journal is kept (default $XDG_STATE_HOME/fcrdns)", "FCRDNS_STATE_DIR",
     [](Options& o, const std::string& v) -> Set { o.state_dir = v; return true; }},
};

}  // namespace

std::span<const OptionRow<Options>> fix_options() { return rows; }

}  // namespace fcrdns::cli
