// A network and mount namespace of this process's own (unprivileged: inside a user namespace, where the user is root).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::lab {

/// Whether this machine speaks IPv6 at all.
[[nodiscard]] bool has_ipv6();

/// Tries in a child process all that enter_network does, so that a refusal leaves this process where it is.
[[nodiscard]] base::Expected<void> probe_network(const std::vector<net::Address>& addresses);

/// Leaves the host's network for a new one that has nothing but `lo`, which owns `addresses`. This process must have
/// one thread. A Fault says what the kernel refused; the process may then be half way in.
[[nodiscard]] base::Expected<void> enter_network(const std::vector<net::Address>& addresses);

/// Puts `file` in the place of /etc/resolv.conf, for this process and its children only. False when there is none to
/// cover (then programs ask the loopback), or the kernel refuses.
bool cover_resolv_conf(const std::string& file);

}  // namespace fcrdns::lab
