// The four kinds of messages that say what a machine's network is like.
#include <fmt/format.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/kernel_messages.hpp"

namespace fcrdns::host {
namespace {

// Of linux/if_addr.h and fib_rules.h; headers older than the kernel lack some.
constexpr std::uint16_t ifa_flags = 8, ifa_proto = 11;
constexpr std::uint8_t from_router_advertisement = 2;  // IFAPROT_KERNEL_RA
constexpr std::uint32_t for_ever = 0xffffffff;

bool is_eui64(const net::Address& address) {  // RFC 4291 2.5.1: ff:fe in the middle of the interface identifier
  return address.is_v6() && address.octets()[11] == 0xff && address.octets()[12] == 0xfe;
}

bool is_link_local(const net::Address& address) {
  return address.is_v6() && address.octets()[0] == 0xfe && (address.octets()[1] & 0xc0) == 0x80;
}

std::optional<base::Seconds> lifetime(std::uint32_t seconds) {
  return seconds == for_ever ? std::nullopt : std::optional<base::Seconds>(seconds);
}

/// A prefix out of an address attribute that is left out when it is all zeros.
std::optional<net::Prefix> prefix_of(std::uint8_t family, std::uint8_t length, const std::optional<net::Address>& address) {
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  const bool v4 = family == AF_INET;
  if (length > (v4 ? 32 : 128) || (address && address->is_v4() != v4)) return std::nullopt;
  return net::Prefix{address.value_or(v4 ? net::Address() : net::Address::v6({})), length};
}

std::string text_of(const net::Prefix& prefix) {
  return prefix.length == (prefix.base.is_v4() ? 32 : 128) ? prefix.base.text() : prefix.text();
}

std::string name_of(const Links& links, std::uint32_t index) {
  const auto found = links.find(index);
  return found == links.end() ? std::string() : found->second.name;
}

std::string_view refusal_of(std::uint8_t route_type) {
  switch (route_type) {
    case RTN_UNREACHABLE: return "unreachable";
    case RTN_BLACKHOLE: return "blackhole";
    case RTN_PROHIBIT: return "prohibit";
    default: return {};
  }
}

}  // namespace

std::optional<std::pair<std::uint32_t, Link>> read_link(base::OctetView body) {
  const auto header = header_of<ifinfomsg>(body);
  if (!header) return std::nullopt;
  auto name = Attributes(body, sizeof(ifinfomsg)).text(IFLA_IFNAME);
  return std::pair(static_cast<std::uint32_t>(header->ifi_index), Link{std::move(name), (header->ifi_flags & IFF_UP) != 0});
}

std::optional<InterfaceAddress> read_interface_address(base::OctetView body, const Links& links) {
  const auto header = header_of<ifaddrmsg>(body);
  if (!header || !prefix_of(header->ifa_family, header->ifa_prefixlen, {})) return std::nullopt;
  const Attributes attributes(body, sizeof(ifaddrmsg));
  // On a point-to-point link IFA_ADDRESS is the other end; then IFA_LOCAL is ours.
  const auto local = attributes.address(IFA_LOCAL), address = local ? local : attributes.address(IFA_ADDRESS);
  if (!address || address->is_v4() != (header->ifa_family == AF_INET)) return std::nullopt;

  const auto flags = attributes.u32(ifa_flags).value_or(header->ifa_flags);
  InterfaceAddress out;
  out.interface = name_of(links, header->ifa_index);
  out.address = *address;
  out.prefix_length = header->ifa_prefixlen;
  out.temporary = address->is_v6() && (flags & IFA_F_TEMPORARY) != 0;  // the same bit means "secondary" for IPv4
  out.deprecated = (flags & IFA_F_DEPRECATED) != 0;
  // An optimistic one may be used at once (RFC 4429); a failed one never.
  out.tentative = (flags & IFA_F_DADFAILED) != 0 || ((flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0);
  out.permanent = (flags & IFA_F_PERMANENT) != 0;
  if (const auto cache = attributes.octets(IFA_CACHEINFO))
    if (const auto times = header_of<ifa_cacheinfo>(*cache)) {
      out.preferred = lifetime(times->ifa_prefered);
      out.valid = lifetime(times->ifa_valid);
    }
  out.by_advertisement = address->is_v6() && !is_link_local(*address) &&
                         (attributes.u8(ifa_proto) == from_router_advertisement || out.temporary ||
                          (flags & (IFA_F_MANAGETEMPADDR | IFA_F_STABLE_PRIVACY)) != 0 || (!out.permanent && is_eui64(*address)));
  const auto link = links.find(header->ifa_index);
  out.is_up = link == links.end() || link->second.is_up;
  return out;
}

std::vector<KernelRoute> read_route(base::OctetView body, const Links& links) {
  const auto header = header_of<rtmsg>(body);
  if (!header || (header->rtm_flags & RTM_F_CLONED) != 0) return {};
  const auto refuses = refusal_of(header->rtm_type);
  if (header->rtm_type != RTN_UNICAST && refuses.empty()) return {};
  const Attributes attributes(body, sizeof(rtmsg));
  const auto to = prefix_of(header->rtm_family, header->rtm_dst_len, attributes.address(RTA_DST));
  if (!to) return {};

  KernelRoute route;
  route.to = *to;
  route.table = attributes.u32(RTA_TABLE).value_or(header->rtm_table);
  if (route.table == RT_TABLE_LOCAL) return {};
  route.metric = attributes.u32(RTA_PRIORITY).value_or(0);
  route.source = attributes.address(RTA_PREFSRC);
  route.refuses = refuses;
  const auto gateway_of = [](const Attributes& of) -> std::optional<net::Address> {
    if (const auto gateway = of.address(RTA_GATEWAY)) return gateway;
    const auto via = of.octets(RTA_VIA);  // of the other family: the family's number stands first
    const auto address = via && via->size() > 2 ? net::Address::from_octets(via->subspan(2)) : base::fault("");
    return address ? std::optional(*address) : std::nullopt;
  };
  const auto hops = attributes.octets(RTA_MULTIPATH);
  if (!hops) {
    route.via = gateway_of(attributes);
    route.interface = name_of(links, attributes.u32(RTA_OIF).value_or(0));
    return {route};
  }
  std::vector<KernelRoute> routes;
  for (auto rest = *hops; const auto hop = header_of<rtnexthop>(rest);) {
    if (hop->rtnh_len < sizeof(rtnexthop) || hop->rtnh_len > rest.size()) break;
    route.via = gateway_of(Attributes(rest.subspan(0, hop->rtnh_len), sizeof(rtnexthop)));
    route.interface = name_of(links, static_cast<std::uint32_t>(hop->rtnh_ifindex));
    routes.push_back(route);
    rest = rest.subspan(std::min<std::size_t>((hop->rtnh_len + 3U) & ~3U, rest.size()));
  }
  return routes;
}

std::optional<Rule> read_rule(base::OctetView body) {
  const auto header = header_of<fib_rule_hdr>(body);
  if (!header || (header->family != AF_INET && header->family != AF_INET6)) return std::nullopt;
  const Attributes attributes(body, sizeof(fib_rule_hdr));
  const auto from = prefix_of(header->family, header->src_len, attributes.address(FRA_SRC));
  const auto to = prefix_of(header->family, header->dst_len, attributes.address(FRA_DST));
  if (!from || !to) return std::nullopt;
  const auto table = attributes.u32(FRA_TABLE).value_or(header->table), priority = attributes.u32(FRA_PRIORITY).value_or(0);

  std::string selectors;
  if (to->length > 0) selectors += " to " + text_of(*to);
  if (const auto mark = attributes.u32(FRA_FWMARK)) selectors += fmt::format(" fwmark 0x{:x}", *mark);
  if (const auto name = attributes.text(FRA_IIFNAME); !name.empty()) selectors += " iif " + name;
  if (const auto name = attributes.text(FRA_OIFNAME); !name.empty()) selectors += " oif " + name;
  if (const auto octets = attributes.octets(FRA_UID_RANGE))
    if (const auto range = header_of<fib_rule_uid_range>(*octets)) selectors += fmt::format(" uidrange {}-{}", range->start, range->end);
  if (const auto protocol = attributes.u8(FRA_IP_PROTO)) selectors += fmt::format(" ipproto {}", *protocol);
  const std::array<std::pair<std::uint16_t, std::string_view>, 2> port_ranges{{{FRA_SPORT_RANGE, "sport"}, {FRA_DPORT_RANGE, "dport"}}};
  for (const auto& [type, word] : port_ranges)
    if (const auto octets = attributes.octets(type))
      if (const auto range = header_of<fib_rule_port_range>(*octets)) selectors += fmt::format(" {} {}-{}", word, range->start, range->end);

  const bool plain = from->length == 0 && selectors.empty() && header->action == FR_ACT_TO_TBL && (header->flags & FIB_RULE_INVERT) == 0;
  if (plain && ((priority == 0 && table == RT_TABLE_LOCAL) || (priority == 32766 && table == RT_TABLE_MAIN) ||
                (priority == 32767 && table == RT_TABLE_DEFAULT)))
    return std::nullopt;

  std::string action;
  switch (header->action) {
    case FR_ACT_TO_TBL: action = attributes.u8(FRA_L3MDEV).value_or(0) != 0 ? "lookup of the VRF" : fmt::format("lookup {}", table); break;
    case FR_ACT_GOTO: action = fmt::format("goto {}", attributes.u32(FRA_GOTO).value_or(0)); break;
    case FR_ACT_BLACKHOLE: action = "blackhole"; break;
    case FR_ACT_UNREACHABLE: action = "unreachable"; break;
    case FR_ACT_PROHIBIT: action = "prohibit"; break;
    default: return std::nullopt;
  }
  const auto suffix = header->family == AF_INET6 && from->length == 0 && to->length == 0 ? " (IPv6)" : "";
  return fmt::format("{}from {}{} {}{}", (header->flags & FIB_RULE_INVERT) != 0 ? "not " : "",
                     from->length == 0 ? "all" : text_of(*from), selectors, action, suffix);
}

}  // namespace fcrdns::host
