// The files behind local names: hosts(5), resolv.conf(5), nsswitch.conf(5), and who wrote the first of them. Text to value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/local_names.hpp"

namespace fcrdns::host {

struct Hosts {
  std::vector<HostsLine> lines;
  std::vector<std::string> problems;  ///< "/etc/hosts:7: ...", at most 100
};
[[nodiscard]] Hosts parse_hosts(std::string_view text);
/// Who says in the text that it writes this file; empty: nobody.
[[nodiscard]] std::string writer_of_hosts(std::string_view text);

struct Resolvers {
  std::vector<net::Endpoint> servers;  ///< the first three count for the C library; at most 16 are kept
  std::size_t line = 0;                ///< of the first, from 1
  std::vector<std::string> problems;
};
[[nodiscard]] Resolvers parse_resolv_conf(std::string_view text);

/// Whether "files" stands before "dns" for hosts; so it is without such a line.
[[nodiscard]] bool asks_files_first(std::string_view nsswitch);

/// Whether cloud-init's configuration has it write /etc/hosts at every boot.
[[nodiscard]] bool manages_hosts(std::string_view cloud_config);

/// The first name of the first line that has this name: what getaddrinfo(3) with AI_CANONNAME makes of it when files are
/// asked first. Empty: nothing.
[[nodiscard]] std::string canonical_name(const std::vector<HostsLine>& hosts, std::string_view name);

}  // namespace fcrdns::host
