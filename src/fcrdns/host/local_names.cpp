#include "fcrdns/host/local_names.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/local_names_files.hpp"

namespace fcrdns::host {
namespace {

/// Who writes /etc/hosts without saying so in it.
std::string writer_by_surroundings(Files& files) {
  if (files.exists("/.dockerenv")) return "docker";
  std::vector<std::string> configurations{"/etc/cloud/cloud.cfg"};
  for (const auto& name : files.list("/etc/cloud/cloud.cfg.d"))
    if (name.ends_with(".cfg")) configurations.push_back("/etc/cloud/cloud.cfg.d/" + name);
  std::string managed;  // of several the last one counts
  for (const auto& path : configurations)
    if (const auto text = files.read(path); text && text->find("manage_etc_hosts") != text->npos)
      managed = manages_hosts(*text) ? "cloud-init (manage_etc_hosts)" : "";
  return managed;
}

}  // namespace

LocalNames read_local_names(Files& files, std::string_view hostname) {
  LocalNames out;
  if (const auto text = files.read("/etc/hosts")) {
    auto hosts = parse_hosts(*text);
    out.hosts = std::move(hosts.lines);
    out.problems = std::move(hosts.problems);
    out.hosts_written_by = writer_of_hosts(*text);
  }
  if (out.hosts_written_by.empty()) out.hosts_written_by = writer_by_surroundings(files);
  if (const auto text = files.read("/etc/resolv.conf")) {
    auto resolvers = parse_resolv_conf(*text);
    out.resolvers = std::move(resolvers.servers);
    out.resolvers_line = resolvers.line;
    std::ranges::move(resolvers.problems, std::back_inserter(out.problems));
  }
  if (const auto text = files.read("/etc/nsswitch.conf")) out.hosts_before_dns = asks_files_first(*text);
  out.names.hostname = base::escape(hostname, 255);
  out.names.fqdn = canonical_name(out.hosts, hostname);
  if (const auto text = files.read("/etc/mailname")) out.names.mailname = base::escape(base::trim(*text), 255);
  return out;
}

std::vector<HostsLine> lines_about(const LocalNames& local, std::string_view name) {
  const auto wanted = base::escape(base::to_lower(base::without_final_dot(name)), 255);
  std::vector<HostsLine> out;
  std::ranges::copy_if(local.hosts, std::back_inserter(out),
                       [&](const HostsLine& line) { return std::ranges::find(line.names, wanted) != line.names.end(); });
  return out;
}

std::vector<HostsLine> lines_about(const LocalNames& local, const net::Address& address) {
  std::vector<HostsLine> out;
  std::ranges::copy_if(local.hosts, std::back_inserter(out), [&](const HostsLine& line) { return line.address == address; });
  return out;
}

}  // namespace fcrdns::host
