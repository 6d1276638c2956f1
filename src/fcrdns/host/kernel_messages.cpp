#include "fcrdns/host/kernel_messages.hpp"

#include <linux/netlink.h>

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host {
namespace {

constexpr std::size_t aligned(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

template <typename T>
std::optional<T> number(std::optional<base::OctetView> octets) {
  return octets ? header_of<T>(*octets) : std::nullopt;
}

}  // namespace

std::vector<KernelMessage> messages_in(base::OctetView datagram) {
  std::vector<KernelMessage> messages;
  while (const auto header = header_of<nlmsghdr>(datagram)) {
    if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > datagram.size()) break;
    messages.push_back({header->nlmsg_type, header->nlmsg_flags, header->nlmsg_seq,
                        datagram.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr))});
    datagram = datagram.subspan(std::min(aligned(header->nlmsg_len), datagram.size()));
  }
  return messages;
}

Attributes::Attributes(base::OctetView body, std::size_t header) {
  auto rest = body.subspan(std::min(aligned(header), body.size()));
  while (const auto attribute = header_of<nlattr>(rest)) {
    if (attribute->nla_len < sizeof(nlattr) || attribute->nla_len > rest.size()) break;
    all_.push_back({static_cast<std::uint16_t>(attribute->nla_type & NLA_TYPE_MASK),
                    rest.subspan(sizeof(nlattr), attribute->nla_len - sizeof(nlattr))});
    rest = rest.subspan(std::min(aligned(attribute->nla_len), rest.size()));
  }
}

std::optional<base::OctetView> Attributes::octets(std::uint16_t type) const {
  const auto found = std::ranges::find(all_, type, &One::type);
  return found == all_.end() ? std::nullopt : std::optional(found->octets);
}

std::optional<std::uint32_t> Attributes::u32(std::uint16_t type) const { return number<std::uint32_t>(octets(type)); }
std::optional<std::uint8_t> Attributes::u8(std::uint16_t type) const { return number<std::uint8_t>(octets(type)); }

std::string Attributes::text(std::uint16_t type) const {
  const auto found = octets(type);
  if (!found) return {};
  const std::string_view text(reinterpret_cast<const char*>(found->data()), found->size());
  return base::escape(text.substr(0, text.find('\0')), 64);
}

std::optional<net::Address> Attributes::address(std::uint16_t type) const {
  const auto found = octets(type);
  const auto address = found ? net::Address::from_octets(*found) : base::fault("");
  return address ? std::optional(*address) : std::nullopt;
}

}  // namespace fcrdns::host
