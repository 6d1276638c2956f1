// A kernel that answers what a text says: for tests, and to play a host through that is not here.
//
//     hostname mail
//     address eth0 2001:db8:12:34::2/64 temporary         also: deprecated tentative dynamic ra down preferred=SECONDS valid=SECONDS
//     route 0.0.0.0/0 via 203.0.113.1 dev eth0 src 203.0.113.5 table 254 metric 0      or behind the prefix: unreachable
//     rule from 203.0.113.9 lookup 100
//     source 2001:db8::/32 2001:db8:12:34::2 eth0         to there, this is the source; the longest prefix counts
//     source 0.0.0.0/0 unreachable                        "Network is unreachable", as where no line fits
//     source 198.51.100.0/24 trouble Some words
//     tempaddr eth0 2
//     nat 172.22.1.0/24 masquerade                        or: nat fd4d::/64 2001:db8:12:34::2; behind it an interface, "conditional"
//     nat hidden                                          as for who is not root
//
// "#" begins a comment. A bind address counts when an address line has it and there is a source to the destination.
#pragma once

#include <memory>
#include <string_view>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/host/kernel.hpp"

namespace fcrdns::host {

[[nodiscard]] base::Expected<std::unique_ptr<Kernel>> parse_played_kernel(std::string_view text);

}  // namespace fcrdns::host
