// What the kernel would do with a mail: which addresses there are and of what kind, which route and source it takes to a
// destination. Nothing is sent: a UDP socket is connected, and its own address read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::host {

/// One address of an interface (rtnetlink RTM_GETADDR, IFA_FLAGS).
struct InterfaceAddress {
  std::string interface;
  net::Address address;
  std::uint8_t prefix_length = 0;
  bool temporary = false;    ///< RFC 8981: chosen by chance, changes daily
  bool deprecated = false;
  bool tentative = false;    ///< not usable yet (duplicate address detection), or never (it failed)
  bool permanent = true;     ///< false: it has a lifetime, router advertisement or DHCP gave it
  bool by_advertisement = false;  ///< made from a router advertisement's prefix (SLAAC): IFA_F_MANAGETEMPADDR, IFA_F_STABLE_PRIVACY, EUI-64, or IFAPROT_KERNEL_RA
  std::optional<base::Seconds> preferred, valid;  ///< that remain; empty: for ever
  bool is_up = true;         ///< of the interface
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

struct KernelRoute {
  net::Prefix to;
  std::optional<net::Address> via, source;  ///< gateway; preferred source
  std::string interface;
  std::uint32_t table = 254, metric = 0;
  std::string refuses{};     ///< "unreachable", "blackhole", "prohibit": nothing leaves by it; empty: it leads somewhere
  friend bool operator==(const KernelRoute&, const KernelRoute&) = default;
};

/// A policy routing rule, in words: "from 203.0.113.9 lookup 100".
using Rule = std::string;

/// A rule of this host that gives packets another source.
struct Translation {
  std::optional<net::Prefix> of;      ///< whose; empty: not told by one prefix
  std::optional<net::Address> to;     ///< empty: the address of the interface they leave by (masquerade)
  std::string interface;              ///< only what leaves by it; empty: any
  bool conditional = false;           ///< it asks more of a packet than these, and than not to leave by some bridge
  std::string text;                   ///< "masquerade of 172.22.1.0/24 (nftables, table ip nat)"
  friend bool operator==(const Translation&, const Translation&) = default;
};

/// What the kernel says to a destination.
struct Choice {
  std::optional<net::Address> source;  ///< empty: none, `trouble` says why
  std::string interface;               ///< of the source; empty: not known
  std::string trouble;                 ///< "Network is unreachable"
  friend bool operator==(const Choice&, const Choice&) = default;
};

/// A network namespace, this one or another; or a played one for tests.
class Kernel {
 public:
  virtual ~Kernel() = default;
  [[nodiscard]] virtual std::vector<InterfaceAddress> addresses() = 0;
  [[nodiscard]] virtual std::vector<KernelRoute> routes() = 0;  ///< of all tables but local
  [[nodiscard]] virtual std::vector<Rule> rules() = 0;     ///< without the three that are always there
  /// `bind` empty: the kernel's own choice. With it: whether that can be, and then that address.
  [[nodiscard]] virtual Choice source_for(const net::Address& destination, const std::optional<net::Address>& bind) = 0;
  /// use_tempaddr (0, 1, 2) of an interface, "all" and "default" among them; empty: not known, no IPv6.
  [[nodiscard]] virtual std::optional<int> use_tempaddr(std::string_view interface) = 0;
  [[nodiscard]] virtual std::string hostname() = 0;        ///< uname -n, of the UTS namespace
  /// In order; the first that fits counts. A Fault says why they cannot be seen ("... root only: sudo").
  [[nodiscard]] virtual base::Expected<std::vector<Translation>> translations() { return {}; }
};
/// This process's own.
[[nodiscard]] std::unique_ptr<Kernel> own_kernel();
/// Of the process `pid`: entered by a child of ours that answers what is asked. A Fault says what right is missing.
[[nodiscard]] base::Expected<std::unique_ptr<Kernel>> kernel_of(int pid);

}  // namespace fcrdns::host
