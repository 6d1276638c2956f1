#include "fcrdns/host/place_projects.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/place.hpp"

namespace fcrdns::host {
namespace {

constexpr std::size_t max_settings = 10'000;
constexpr std::array usual{"/opt/mailcow-dockerized", "/opt/docker-mailserver", "/opt/mailserver", "/srv/docker-mailserver",
                           "/root/docker-mailserver", "/mailu", "/opt/mailu"};
constexpr std::array compose_names{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"};

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

std::string in_folder(const std::string& folder, std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return folder + "/" + std::string(path);
}

std::optional<std::string> read_compose(Files& files, const std::string& folder) {
  for (const auto* name : compose_names)
    if (auto text = files.read(in_folder(folder, name))) return std::move(*text);
  return std::nullopt;
}

std::optional<Project> find_mailcow(Files& files, const std::string& folder) {
  const auto settings = in_folder(folder, "mailcow.conf");
  const auto text = files.read(settings);
  if (!text) return std::nullopt;
  const auto values = parse_environment(*text);
  const auto extra = in_folder(folder, "data/conf/postfix/extra.cf");
  const bool has_switch = values.contains("ENABLE_IPV6");  // of 2025-09 and later
  Project out{.name = "mailcow", .folder = folder, .settings = settings, .v4_only = has_switch ? "ENABLE_IPV6=false" : "inet_protocols = ipv4",
              .v4_only_file = has_switch ? settings : extra, .helo = "smtp_helo_name", .helo_file = extra,
              .recreate = "docker compose down && docker compose up -d", .caution = "also ends inbound IPv6",
              .source_v4 = "SNAT_TO_SOURCE", .source_v6 = "SNAT6_TO_SOURCE"};
  for (const auto& name : {out.source_v4, out.source_v6})
    if (const auto found = values.find(name); found != values.end())
      if (const auto address = net::Address::parse(found->second)) out.sources.push_back(*address);
  return out;
}

std::optional<Project> find_docker_mailserver(Files& files, const std::string& folder) {
  const auto compose = read_compose(files, folder);
  if (!compose || !uses_image(*compose, "docker-mailserver")) return std::nullopt;
  const auto mounted = mounted_at(*compose, "/tmp/docker-mailserver");
  const auto config = in_folder(folder, mounted.empty() ? "docker-data/dms/config" : mounted);
  const auto environment = in_folder(folder, "mailserver.env");
  return Project{.name = "docker-mailserver", .folder = folder, .settings = environment, .v4_only = "smtp/unix/inet_protocols=ipv4",
                 .v4_only_file = config + "/postfix-master.cf", .helo = "smtp_helo_name", .helo_file = config + "/postfix-main.cf",
                 .recreate = "docker compose up -d --force-recreate", .caution = ""};
}

std::optional<Project> find_mailu(Files& files, const std::string& folder) {
  const auto settings = in_folder(folder, "mailu.env");
  if (!files.exists(settings)) return std::nullopt;
  const auto of_postfix = in_folder(folder, "overrides/postfix");  // a folder for each server since 1.8
  const auto overrides = files.exists(of_postfix) ? of_postfix + "/postfix.cf" : in_folder(folder, "overrides/postfix.cf");
  return Project{.name = "Mailu", .folder = folder, .settings = settings, .v4_only = "inet_protocols = ipv4", .v4_only_file = overrides,
                 .helo = "smtp_helo_name", .helo_file = overrides, .recreate = "docker compose restart smtp",
                 .caution = "Postfix no longer listens on IPv6 either"};
}

}  // namespace

std::map<std::string, std::string, std::less<>> parse_environment(std::string_view text) {
  std::map<std::string, std::string, std::less<>> out;
  for (const auto raw : base::split(text, '\n')) {
    const auto line = base::trim(raw);
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == line.npos || out.size() >= max_settings) continue;
    out.insert_or_assign(std::string(base::trim(line.substr(0, equals))), std::string(unquoted(base::trim(line.substr(equals + 1)))));
  }
  return out;
}

bool uses_image(std::string_view compose, std::string_view word) {
  return std::ranges::any_of(base::split(compose, '\n'), [&](std::string_view raw) {
    const auto line = base::trim(raw);
    return line.starts_with("image:") && line.find(word) != line.npos;
  });
}

std::string mounted_at(std::string_view compose, std::string_view target) {
  for (const auto raw : base::split(compose, '\n')) {
    auto line = base::trim(raw);
    if (!line.starts_with('-')) continue;
    line = unquoted(base::trim(line.substr(1)));
    const auto at = line.find(":" + std::string(target));
    if (at == line.npos) continue;
    auto rest = line.substr(at + 1 + target.size());
    if (rest.starts_with('/')) rest.remove_prefix(1);
    if (rest.empty() || rest.front() == ':') return base::escape(line.substr(0, at), 255);
  }
  return {};
}

std::optional<Project> find_project(Files& files, std::string_view folder) {
  const auto look = [&](std::string path) -> std::optional<Project> {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    if (auto found = find_mailcow(files, path)) return found;
    if (auto found = find_mailu(files, path)) return found;
    return find_docker_mailserver(files, path);
  };
  if (!folder.empty()) return look(std::string(folder));
  for (const auto* path : usual)
    if (auto found = look(path)) return found;
  return std::nullopt;
}

}  // namespace fcrdns::host
