// The source address that the kernel takes to a destination: RFC 6724 section 5, routes and rules, all as the kernel itself
// applies them. A UDP socket is connected, which sends nothing, and its own address read.
#pragma once

#include <optional>
#include <string>

#include "fcrdns/host/kernel.hpp"

namespace fcrdns::host {

/// In the network namespace of the thread that asks. The interface is not filled in but for link-local sources.
[[nodiscard]] Choice ask_for_source(const net::Address& destination, const std::optional<net::Address>& bind);

/// What is said of a bind address that no interface has.
[[nodiscard]] std::string absent(const net::Address& address);

}  // namespace fcrdns::host
