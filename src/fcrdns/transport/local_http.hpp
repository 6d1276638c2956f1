// Asking a program on this machine that speaks HTTP on a Unix socket (dockerd, podman): one GET, waited for. It is local and
// answers at once or not at all, so it needs no loop.
#pragma once

#include <cstddef>
#include <string>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"

namespace fcrdns::transport {

/// The body of a 200. `target` is path and query: "/containers/json". More than `max_body` octets are a Fault.
[[nodiscard]] base::Expected<std::string> get_from_socket(const std::string& socket, const std::string& target,
                                                          base::Milliseconds patience = base::Milliseconds{3000},
                                                          std::size_t max_body = std::size_t{8} << 20);

}  // namespace fcrdns::transport
