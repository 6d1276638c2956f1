// What this machine believes about names, whatever the DNS says: /etc/hosts and who wrote it, the resolver in use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/files.hpp"
#include "fcrdns/host/mta.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::host {

struct HostsLine {
  net::Address address;
  std::vector<std::string> names;  ///< as written, lower case, escaped
  std::size_t line = 0;            ///< from 1
  friend bool operator==(const HostsLine&, const HostsLine&) = default;
};

struct LocalNames {
  Names names;
  std::vector<HostsLine> hosts;          ///< of /etc/hosts; at most 10,000
  std::string hosts_written_by;          ///< "cloud-init (manage_etc_hosts)", "the hypervisor (Proxmox)", "docker"; empty: a person
  std::vector<net::Endpoint> resolvers;  ///< of /etc/resolv.conf
  std::size_t resolvers_line = 0;        ///< of the first of them
  bool hosts_before_dns = true;          ///< /etc/nsswitch.conf
  std::vector<std::string> problems;     ///< lines that cannot be read: "/etc/hosts:7: ...", escaped
  friend bool operator==(const LocalNames&, const LocalNames&) = default;
};
[[nodiscard]] LocalNames read_local_names(Files& files, std::string_view hostname);

/// What /etc/hosts says of a name, or of an address, with its line; empty: nothing.
[[nodiscard]] std::vector<HostsLine> lines_about(const LocalNames& local, std::string_view name);
[[nodiscard]] std::vector<HostsLine> lines_about(const LocalNames& local, const net::Address& address);

}  // namespace fcrdns::host
