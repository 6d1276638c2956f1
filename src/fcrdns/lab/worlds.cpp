// Which worlds there are, and what is in them.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/lab/lab.hpp"

namespace fcrdns::lab {

namespace {

base::Expected<world::World> parse(std::string_view text, const std::string& name) {
  auto world = world::parse_world(text);
  if (!world) return base::fault("world " + base::escape(name) + ": " + world.error().message);
  return world;
}

/// Code points, near enough to columns for the names here.
std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

/// As it is typed: the subject, and the options this row is about.
std::string typed(const world::Host& host) {
  return fmt::format("{}{}{}", host.subject, host.options.empty() ? "" : " ", fmt::join(host.options, " "));
}

std::string table(const world::World& world) {
  const auto& hosts = world.hosts;
  std::size_t widest = 0;
  for (const auto& host : hosts) widest = std::max(widest, width(typed(host)));
  auto out = fmt::format("{:{}}  {:9}  {:4}  {}\n", "SUBJECT", widest, "VERDICT", "EXIT", "WHAT IS WRONG WITH IT");
  for (const auto& host : hosts) {
    const auto subject = typed(host);
    const std::string padding(widest - width(subject), ' ');
    const auto findings = host.findings.empty() ? "" : " (" + joined(host.findings) + ")";
    out += fmt::format("{}{}  {:9}  {:4}  {}{}\n", subject, padding, host.iprev, host.exit_code, host.story,
                       findings);
  }
  if (!world.bounces.empty()) out += fmt::format("\n{:15}  {:4}  {}\n", "BOUNCE COMES TO", "EXIT", "ITS STORY");
  for (const auto& bounce : world.bounces) out += fmt::format("{:15}  {:4}  {}\n", bounce.conclusion, bounce.exit_code, bounce.story);
  return out;
}

nlohmann::ordered_json outcome(const std::string& iprev, int exit_code, const std::vector<std::string>& findings) {
  return {{"iprev", iprev == "-" ? nlohmann::ordered_json() : nlohmann::ordered_json(iprev)},
          {"exit_code", exit_code},
          {"findings", findings}};
}

/// A host with every outcome that is admissible; more than one where it depends on the resolver. `unwalked` when the
/// zones' own servers are not asked, null when that makes no difference.
std::string document(const world::World& world) {
  auto rows = nlohmann::ordered_json::array();
  for (const auto& host : world.hosts) {
    auto outcomes = nlohmann::ordered_json::array({outcome(host.iprev, host.exit_code, host.findings)});
    if (const auto& other = host.otherwise)
      outcomes.push_back(outcome(other->iprev, other->exit_code, other->findings));
    auto unwalked = host.unwalked ? outcome(host.unwalked->iprev, host.unwalked->exit_code, host.unwalked->findings)
                                  : nlohmann::ordered_json();
    rows.push_back({{"subject", host.subject},
                    {"options", host.options},
                    {"story", host.story},
                    {"outcomes", std::move(outcomes)},
                    {"unwalked", std::move(unwalked)}});
  }
  auto bounces = nlohmann::ordered_json::array();
  for (const auto& bounce : world.bounces)
    bounces.push_back({{"reply", bounce.reply},
                       {"host", bounce.host},
                       {"sender", bounce.sender},
                       {"seconds_ago", bounce.ago ? nlohmann::ordered_json(bounce.ago->count()) : nlohmann::ordered_json()},
                       {"conclusion", bounce.conclusion},
                       {"findings", bounce.findings},
                       {"exit_code", bounce.exit_code},
                       {"story", bounce.story}});
  const nlohmann::ordered_json whole = {{"schema", "fcrdns/lab/1"}, {"hosts", std::move(rows)}, {"bounces", std::move(bounces)}};
  return whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

base::Expected<world::World> load(const std::string& world) {
  if (const auto built_in = base::data_file("worlds/" + world + ".world")) return parse(*built_in, world);
  if (world.find_first_of("/.") == std::string::npos) {
    std::vector<std::string> names;
    for (auto name : base::data_files("worlds/")) {
      name.remove_prefix(std::string_view("worlds/").size());
      names.emplace_back(name.substr(0, name.rfind('.')));
    }
    return base::fault("no world named " + base::escape(world) + "; there are: " + joined(names));
  }
  std::ifstream file(world);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return base::fault("cannot read " + base::escape(world));
  return parse(text.str(), world);
}

std::string list(const world::World& world, bool json) { return json ? document(world) : table(world); }

}  // namespace fcrdns::lab
