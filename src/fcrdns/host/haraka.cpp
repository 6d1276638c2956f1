// Haraka: what config/ tells (the pages "Outbound" and "Config Files" of its manual). A source address has no setting there:
// plugins choose it for each mail, so those that do, and files they read, are named.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {
namespace {

constexpr std::string_view usual_folders[] = {"/etc/haraka", "/opt/haraka", "/usr/local/haraka", "/srv/haraka", "/haraka", "/usr/local/etc/haraka"};
constexpr std::size_t max_settings = 10'000, max_domains = 1'000;

struct Setting {
  std::string section, name, value;
  Origin origin;
};

std::vector<Setting> read_ini(Files& files, const std::string& path) {
  std::vector<Setting> out;
  if (!files.exists(path)) return out;
  const auto content = files.read(path);
  if (!content) return out;
  std::string section;
  std::size_t number = 0;
  for (const auto raw : base::split(*content, '\n')) {
    ++number;
    const auto line = base::trim(raw);
    if (line.empty() || line.front() == ';' || line.front() == '#' || out.size() >= max_settings) continue;
    if (line.front() == '[' && line.ends_with(']')) {
      section = base::to_lower(base::trim(line.substr(1, line.size() - 2)));
      continue;
    }
    const auto sign = line.find('=');
    out.push_back({section, std::string(base::trim(line.substr(0, sign))),
                   sign == std::string_view::npos ? "true" : std::string(base::trim(line.substr(sign + 1))), {path, number, base::escape(line, 200)}});
  }
  return out;
}

const Setting* find(const std::vector<Setting>& settings, std::string_view section, std::string_view name) {
  const auto found = std::ranges::find_if(settings, [&](const Setting& s) { return s.section == section && s.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

/// Lines without comments, each with its place.
std::vector<Setting> read_list(Files& files, const std::string& path) {
  std::vector<Setting> out;
  if (!files.exists(path)) return out;
  const auto content = files.read(path);
  if (!content) return out;
  std::size_t number = 0;
  for (const auto raw : base::split(*content, '\n')) {
    ++number;
    const auto line = base::trim(raw.substr(0, raw.find('#')));
    if (!line.empty() && out.size() < max_domains) out.push_back({{}, {}, base::to_lower(line), {path, number, base::escape(line, 200)}});
  }
  return out;
}

/// Plugins that answer the hook get_mx, or take mail out of the queue to another server.
struct Plugin {
  std::string_view name, what;
};
constexpr Plugin sending_plugins[] = {
    {"relay", ""}, {"queue/smtp_forward", ""}, {"queue/smtp_proxy", "passes each mail on to the host in config/smtp_proxy.ini"},
    {"queue/lmtp", "delivers over LMTP"},      {"queue/qmail-queue", "hands mail to qmail"},
};

void put_families(const std::vector<Setting>& outbound, Client& client) {
  client.order = {Order::as_resolved};  // what no file says is left to it
  if (const auto* const ipv6 = find(outbound, "", "ipv6_enabled"); ipv6 != nullptr)
    client.order = {ipv6->value == "true" || ipv6->value == "1" || ipv6->value == "yes" ? Order::v6_first : Order::v4_first, ipv6->origin};
  if (const auto* const prefer = find(outbound, "", "inet_prefer"); prefer != nullptr)
    client.order = {prefer->value == "v6" ? Order::v6_first : prefer->value == "v4" ? Order::v4_first : Order::as_resolved, prefer->origin};
}

std::optional<Relay> relay_of(std::string_view host, std::string_view port) {
  if (host.empty()) return std::nullopt;
  Relay relay{base::escape(base::to_lower(host), 255), 25, false};
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  if (number != 0) relay.port = number;
  return relay;
}

void put_routes(Files& files, const std::string& folder, const std::vector<Setting>& plugins, Mta& mta) {
  for (const auto& domain : read_list(files, folder + "/host_list")) mta.routes.push_back({Route::Of::recipient, base::escape(domain.value, 255), {}, {}, domain.origin});
  const auto uses = [&](std::string_view name) { return std::ranges::any_of(plugins, [&](const Setting& plugin) { return plugin.value == name; }); };
  if (uses("relay")) {
    const auto relays = read_ini(files, folder + "/relay_dest_domains.ini");
    for (const auto& entry : relays) {  // domain={"action":"continue","nexthop":"host:port"}
      const auto at = entry.value.find("\"nexthop\"");
      if (at == std::string::npos) continue;
      const auto quoted = entry.value.substr(std::min(entry.value.find(':', at), entry.value.size() - 1) + 1);
      const auto begin = quoted.find('"'), end = quoted.find('"', begin + 1);
      if (begin == std::string::npos || end == std::string::npos) continue;
      const auto hop = std::string_view(quoted).substr(begin + 1, end - begin - 1);
      const auto colon = hop.find(':');
      mta.routes.push_back({Route::Of::recipient, base::escape(base::to_lower(entry.name), 255), "outbound",
                            relay_of(hop.substr(0, colon), colon == std::string_view::npos ? std::string_view{} : hop.substr(colon + 1)), entry.origin});
    }
  }
  if (uses("queue/smtp_forward")) {
    const auto forward = read_ini(files, folder + "/smtp_forward.ini");
    const auto* const outbound = find(forward, "", "enable_outbound");
    const auto* const host = find(forward, "", "host");
    const auto* const port = find(forward, "", "port");
    const bool on = outbound == nullptr || (outbound->value != "false" && outbound->value != "0");
    if (on && host != nullptr) {
      mta.routes.push_back({Route::Of::all, {}, "outbound", relay_of(host->value, port == nullptr ? std::string_view{} : std::string_view(port->value)), host->origin});
      return;
    }
  }
  mta.routes.push_back({Route::Of::all, {}, "outbound", {}, {}});
}

std::string find_folder(Files& files, std::string_view config) {
  const auto is_haraka = [&](const std::string& folder) { return files.exists(folder + "/smtp.ini") && files.exists(folder + "/plugins"); };
  std::vector<std::string> candidates;
  if (config.empty()) candidates.assign(std::begin(usual_folders), std::end(usual_folders));
  else candidates.emplace_back(config);
  for (const auto& candidate : candidates)
    for (const auto& folder : {candidate + "/config", candidate})
      if (is_haraka(folder)) return folder;
  return {};
}

}  // namespace

std::optional<Mta> read_haraka(Files& files, const Names& names, std::string_view config) {
  const auto folder = find_folder(files, config);
  if (folder.empty()) return std::nullopt;
  Mta mta;
  mta.kind = Kind::haraka;
  mta.config = base::escape(folder, 255);
  const auto me = read_list(files, folder + "/me");
  mta.hostname = me.empty() ? base::escape(names.hostname, 255) : base::escape(me.front().value, 255);
  mta.domain = mta.hostname;
  Client client{.name = "outbound", .if_absent = IfAbsent::fails};
  client.helo.value = mta.hostname;
  if (!me.empty()) client.helo.origin = me.front().origin;
  put_families(read_ini(files, folder + "/outbound.ini"), client);
  mta.clients.push_back(std::move(client));
  const auto plugins = read_list(files, folder + "/plugins");
  put_routes(files, folder, plugins, mta);
  for (const auto& plugin : plugins) {
    const auto* const known = std::ranges::find(sending_plugins, std::string_view(plugin.value), &Plugin::name);
    const bool may_choose = plugin.value.find("outbound") != std::string::npos || plugin.value.find("get_mx") != std::string::npos || plugin.value.find("bind") != std::string::npos;
    if (known != std::end(sending_plugins) && !known->what.empty())
      mta.problems.push_back(fmt::format("{}:{}: the plugin {} {}", plugin.origin.file, plugin.origin.line, known->name, known->what));
    else if (may_choose)
      mta.problems.push_back(fmt::format("{}:{}: the plugin {} may choose source address and HELO for each mail: not read", plugin.origin.file, plugin.origin.line, plugin.origin.text));
  }
  for (const char* const log : {"/var/log/haraka.log", "/var/log/haraka/haraka.log", "/var/log/mail.log"})
    if (files.exists(log)) mta.logs.emplace_back(log);
  return mta;
}

}  // namespace fcrdns::host
