// Exim 4: the Exim specification; /etc/exim4 as Debian packs it (update-exim4.conf(8)). Measured with 4.96: IPv6 goes first,
// among exchanges alike in preference too; after a 4xx or without a connection the next address gets the same mail; an
// interface that is not on this machine fails ("Cannot assign requested address"); the first interface of the family counts.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/exim_config.hpp"
#include "fcrdns/host/exim_debian.hpp"
#include "fcrdns/host/exim_routes.hpp"
#include "fcrdns/host/mta.hpp"
#include "fcrdns/host/package.hpp"

namespace fcrdns::host {
namespace {

using exim::Config;
using exim::Driver;
using exim::Expansion;
using exim::Option;
using exim::Part;

/// Where packages and the sources put it, the first that is there.
constexpr std::string_view usual_files[] = {"/etc/exim4/exim4.conf", exim::generated_file, "/etc/exim/exim.conf", "/etc/exim.conf",
                                            "/etc/mail/exim.conf", "/usr/local/etc/exim/configure", "/usr/exim/configure"};

std::string text_of(const exim::Options& options, std::string_view name) {
  const auto found = options.find(name);
  return found == options.end() ? std::string{} : found->second.value;
}

/// Of uname -n when it has a dot, else what the resolver makes of it.
exim::Variables variables_of(const Config& config, const Names& names) {
  exim::Variables variables;
  variables.primary_hostname = text_of(config.main, "primary_hostname");
  if (variables.primary_hostname.empty()) variables.primary_hostname = names.hostname.find('.') != std::string::npos || names.fqdn.empty() ? names.hostname : names.fqdn;
  variables.qualify_domain = text_of(config.main, "qualify_domain");
  if (variables.qualify_domain.empty()) variables.qualify_domain = variables.primary_hostname;
  return variables;
}

void put_active_hostname(const Config& config, exim::Variables& variables, Files& files) {
  const auto text = text_of(config.main, "smtp_active_hostname");
  const auto active = text.empty() ? Expansion{Expansion::What::fail} : exim::expand(text, variables, files);
  if (active.what != Expansion::What::computed) variables.active_hostname = active.text.empty() ? variables.primary_hostname : active.text;
}

void put_interfaces(const Driver& transport, const exim::Variables& variables, Files& files, Client& client, Mta& mta) {
  const auto* const interface = transport.find("interface");
  if (interface == nullptr) return;
  const auto expansion = exim::expand(interface->value, variables, files);
  if (expansion.what == Expansion::What::computed) {
    mta.problems.push_back(fmt::format("{}:{}: transport {} chooses its source address for each mail: {}", interface->origin.file, interface->origin.line,
                                       base::escape(transport.name, 64), base::escape(interface->value, 100)));
    return;
  }
  if (expansion.what == Expansion::What::fail) return;
  for (const auto& item : exim::split_list(expansion.text)) {
    const auto address = net::Address::parse(item);
    if (address) client.bind.push_back({*address, interface->origin});
    else mta.problems.push_back(fmt::format("{}:{}: transport {}: {} is no address", interface->origin.file, interface->origin.line,
                                            base::escape(transport.name, 64), base::escape(item, 64)));
  }
}

void put_helo(const Config& config, const Driver& transport, const exim::Variables& variables, Files& files, Client& client) {
  const auto* const helo = transport.find("helo_data");
  if (helo == nullptr) {
    client.helo.value = base::escape(variables.primary_hostname, 255);
    if (const auto named = config.main.find("primary_hostname"); named != config.main.end()) client.helo.origin = named->second.origin;
    return;
  }
  client.helo.origin = helo->origin;
  const auto expansion = exim::expand(helo->value, variables, files);
  if (expansion.what == Expansion::What::text && !expansion.text.empty()) client.helo.value = base::escape(expansion.text, 255);
  else client.helo_rule = base::escape(helo->value.empty() ? "an empty helo_data" : helo->value, 255);
}

/// log_file_path; as it is built where that is not set.
std::vector<std::string> logs_of(const Config& config, Files& files) {
  std::vector<std::string> logs;
  const auto put = [&](std::string path) {
    if (path.find('%') != std::string::npos || path.find('$') != std::string::npos) return;
    if (files.exists(path + ".1")) logs.insert(logs.end(), {path, path + ".1"});
    else logs.push_back(std::move(path));
  };
  const auto set = text_of(config.main, "log_file_path");
  for (const auto& item : exim::split_list(set)) {
    auto path = item;
    if (const auto at = path.find("%s"); at != std::string::npos) path.replace(at, 2, "main");
    if (path.starts_with('/')) put(base::escape(path, 255));
    else if (path == "syslog")
      for (const char* const log : {"/var/log/mail.log", "/var/log/maillog"})
        if (files.exists(log)) put(log);
  }
  if (set.empty())
    for (const char* const log : {"/var/log/exim4/mainlog", "/var/log/exim/mainlog", "/var/log/exim/main.log", "/var/log/exim_mainlog"})
      if (files.exists(log)) put(log);
  if (logs.empty() && set.empty()) logs.emplace_back("/var/log/exim4/mainlog");
  return logs;
}

Mta read_parts(const std::vector<Part>& parts, Files& files, const Names& names) {
  auto config = exim::read_config(exim::read_lines(files, parts));
  auto variables = variables_of(config, names);
  put_active_hostname(config, variables, files);
  auto routing = exim::read_routing(config, variables, files);
  Mta mta;
  mta.kind = Kind::exim;
  mta.hostname = base::escape(variables.primary_hostname, 255);
  mta.domain = base::escape(variables.qualify_domain, 255);
  mta.routes = std::move(routing.routes);
  mta.problems = std::move(config.problems);
  mta.problems.insert(mta.problems.end(), routing.problems.begin(), routing.problems.end());
  if (routing.uses.empty())  // no router could be read: what there would be
    for (const auto& transport : config.transports)
      if (transport.text("driver") == "smtp") routing.uses.push_back({base::escape(transport.name, 64), transport.name, {{}, {Order::v6_first}}});
  for (const auto& use : routing.uses) {
    const auto& transport = *config.transport(use.transport);
    Client client{.name = use.client, .families = use.reach.families, .order = use.reach.order, .if_absent = IfAbsent::fails};
    put_interfaces(transport, variables, files, client, mta);
    put_helo(config, transport, variables, files, client);
    mta.clients.push_back(std::move(client));
  }
  mta.logs = logs_of(config, files);
  const auto& version = config.package_version;
  mta.version = base::escape(std::string_view(version).substr(0, version.find('-')), 32);
  return mta;
}

/// The same in effect, wherever it is written.
bool agree(Mta a, Mta b) {
  const auto forget = [](Mta& mta) {
    for (auto& client : mta.clients) {
      client.families.origin = client.order.origin = client.helo.origin = std::nullopt;
      for (auto& bind : client.bind) bind.origin.reset();
    }
    for (auto& route : mta.routes) route.origin.reset();
    mta.problems.clear();
    mta.version.clear();
  };
  forget(a);
  forget(b);
  return a == b;
}

/// Of what update-exim4.conf made, and of what it would make now: where they agree, the latter tells where a person edits.
Mta read_generated(Mta in_force, Files& files, const Names& names) {
  const auto parts = exim::debian_parts(files, names);
  if (parts.empty()) return in_force;
  auto sources = read_parts(parts, files, names);
  if (agree(sources, in_force)) {
    sources.version = in_force.version;
    return sources;
  }
  in_force.problems.push_back(fmt::format("{} is not what update-exim4.conf would make of /etc/exim4 now: it has not been run since", exim::generated_file));
  return in_force;
}

bool is_exim(Files& files, std::string_view path) {
  const auto content = files.read(path);
  return content && (content->find("begin transports") != std::string::npos || content->find("begin routers") != std::string::npos);
}

/// A file, or what is in a folder; empty: not Exim's.
std::string find_config(Files& files, std::string_view config) {
  if (config.empty()) {
    if (!is_installed(files, {"/usr/sbin/exim4", "/usr/sbin/exim", "/usr/lib/exim4/exim4", "/usr/local/sbin/exim", "/usr/exim/bin/exim"})) return {};
    const auto found = std::ranges::find_if(usual_files, [&](std::string_view file) { return files.exists(file); });
    return found == std::end(usual_files) ? std::string{} : std::string(*found);
  }
  if (files.list(config).empty()) return files.exists(config) && is_exim(files, config) ? std::string(config) : std::string{};
  for (const std::string_view name : {"exim4.conf", "exim.conf", "configure", "config.autogenerated"})
    if (const auto path = fmt::format("{}/{}", config, name); files.exists(path) && is_exim(files, path)) return path;
  return {};
}

}  // namespace

std::optional<Mta> read_exim(Files& files, const Names& names, std::string_view config) {
  while (config.size() > 1 && config.ends_with('/')) config.remove_suffix(1);
  auto path = find_config(files, config);
  const auto folder = config.empty() ? exim::debian_folder : config;
  const bool debian = config.empty() || files.exists(std::string(folder) + "/update-exim4.conf.conf");
  std::optional<Mta> mta;
  if (!path.empty()) {
    const auto content = files.read(path);
    if (content) mta = read_parts({{path, *content}}, files, names);
    else {
      mta.emplace();
      mta->kind = Kind::exim;
      mta->problems.push_back(fmt::format("{} {}", base::escape(path, 255), to_word(content.error())));
    }
    if (debian && path == exim::generated_file && content) mta = read_generated(std::move(*mta), files, names);
  } else if (debian && (!config.empty() || is_installed(files, {"/usr/sbin/exim4"}))) {
    if (const auto parts = exim::debian_parts(files, names, folder); !parts.empty()) mta = read_parts(parts, files, names);
    path = std::string(folder);
  }
  if (!mta) return std::nullopt;
  if (debian && !path.ends_with("/exim4.conf") && files.exists(std::string(folder) + "/update-exim4.conf.conf")) mta->generated_by = "update-exim4.conf";
  mta->config = base::escape(path, 255);
  if (mta->version.empty()) mta->version = package_version(files, "exim4-base");
  return mta;
}

}  // namespace fcrdns::host
