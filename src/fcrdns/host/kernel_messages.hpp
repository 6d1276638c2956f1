// What the kernel answers over netlink: messages and their attributes (rtnetlink(7), netlink(7); linux/netlink.h,
// if_addr.h, if_link.h, rtnetlink.h, fib_rules.h). Numbers stand in the machine's own order. Every length is checked: the
// kernel is trusted, but a reader that can be handed any octets can be tested with any.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/base/octets.hpp"
#include "fcrdns/host/kernel.hpp"

namespace fcrdns::host {

struct KernelMessage {
  std::uint16_t type = 0, flags = 0;
  std::uint32_t sequence = 0;
  base::OctetView body;  ///< borrowed
};
/// The messages of one datagram, up to the first that does not fit.
[[nodiscard]] std::vector<KernelMessage> messages_in(base::OctetView datagram);

/// The attributes behind a fixed header, borrowed; of two of a kind the first one counts.
class Attributes {
 public:
  Attributes(base::OctetView body, std::size_t header);

  [[nodiscard]] std::optional<base::OctetView> octets(std::uint16_t type) const;
  [[nodiscard]] std::optional<std::uint32_t> u32(std::uint16_t type) const;
  [[nodiscard]] std::optional<std::uint8_t> u8(std::uint16_t type) const;
  [[nodiscard]] std::string text(std::uint16_t type) const;  ///< up to a NUL, escaped
  [[nodiscard]] std::optional<net::Address> address(std::uint16_t type) const;

  struct One {
    std::uint16_t type = 0;
    base::OctetView octets;
  };
  [[nodiscard]] const std::vector<One>& all() const { return all_; }

 private:
  std::vector<One> all_;
};

/// A structure of the kernel's at the begin of octets; empty when they are too short.
template <typename T>
[[nodiscard]] std::optional<T> header_of(base::OctetView octets) {
  if (octets.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, octets.data(), sizeof value);
  return value;
}

struct Link {
  std::string name;  ///< escaped
  bool is_up = false;
};
using Links = std::map<std::uint32_t, Link>;  ///< by index

// Of one message each; empty: it is of no interest here, or damaged.
[[nodiscard]] std::optional<std::pair<std::uint32_t, Link>> read_link(base::OctetView body);          ///< RTM_NEWLINK
[[nodiscard]] std::optional<InterfaceAddress> read_interface_address(base::OctetView body, const Links& links);  ///< RTM_NEWADDR
[[nodiscard]] std::vector<KernelRoute> read_route(base::OctetView body, const Links& links);          ///< RTM_NEWROUTE; one for each next hop
[[nodiscard]] std::optional<Rule> read_rule(base::OctetView body);                                    ///< RTM_NEWRULE

}  // namespace fcrdns::host
