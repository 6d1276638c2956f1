#include "fcrdns/host/local_names.hpp"

#include <algorithm>
#include <iterator>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/local_names_files.hpp"

namespace fcrdns::host {

LocalNames read_local_names(Files& files, std::string_view hostname) {
  LocalNames out;
  if (const auto text = files.read("/etc/hosts")) {
    auto hosts = parse_hosts(*text);
    out.hosts = std::move(hosts.lines);
    out.problems = std::move(hosts.problems);
    out.hosts_written_by = writer_of_hosts(*text);
  }
  if (out.hosts_written_by.empty() && files.exists("/.dockerenv")) out.hosts_written_by = "docker";
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
