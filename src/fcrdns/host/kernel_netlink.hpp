// A question to the kernel by netlink, and its list of answers (netlink(7)); in the network namespace of the thread that asks.
#pragma once

#include <cstdint>
#include <functional>

#include "fcrdns/base/octets.hpp"
#include "fcrdns/host/kernel_messages.hpp"

namespace fcrdns::host {

/// All of a kind: sends `type` with `header` behind it, and hands over what comes until the kernel says that it is done, at
/// most 200,000 messages and two seconds without one. Give false from `visit` to stop. Returns 0, or an error's number (errno).
[[nodiscard]] int dump(int protocol, std::uint16_t type, base::OctetView header,
                                        const std::function<bool(const KernelMessage&)>& visit);

}  // namespace fcrdns::host
