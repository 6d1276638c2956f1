// Where the DNS begins: the root servers' addresses and the root zone's keys.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::resolver {

/// The 26 addresses of a.root-servers.net to m.root-servers.net (named.root of 2024-04-18).
[[nodiscard]] const std::vector<net::Address>& root_servers();
/// The addresses in a hints file (zone file form, one record per line).
[[nodiscard]] base::Expected<std::vector<net::Address>> read_root_hints(const std::string& file);

/// The keys of the root zone as DS or DNSKEY records in text. Those of the first of `key_files` that is newer than the
/// ones built in; a file that RFC 5011 maintains (unbound-anchor) counts with its valid keys only.
[[nodiscard]] std::vector<std::string> root_trust_anchors(std::span<const std::string> key_files);
/// Where Debian's dns-root-data and unbound keep them.
[[nodiscard]] std::span<const std::string> system_key_files();

}  // namespace fcrdns::resolver
