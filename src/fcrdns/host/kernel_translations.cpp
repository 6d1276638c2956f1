#include "fcrdns/host/kernel_translations.hpp"

#include <fmt/format.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/kernel_netlink.hpp"

namespace fcrdns::host {
namespace {

constexpr std::size_t max_translations = 200, max_expressions = 64;

std::optional<std::uint32_t> number(const Attributes& attributes, std::uint16_t type) {
  const auto octets = attributes.octets(type);
  return octets ? base::Cursor(*octets).u32() : std::nullopt;
}
Attributes nested(const Attributes& attributes, std::uint16_t type) {
  return {attributes.octets(type).value_or(base::OctetView()), 0};
}
/// Octets of a NFTA_DATA_VALUE inside an attribute.
base::OctetView value(const Attributes& attributes, std::uint16_t type) {
  return nested(attributes, type).octets(NFTA_DATA_VALUE).value_or(base::OctetView());
}

/// A prefix out of its first octets and, where there is one, its mask.
std::optional<net::Prefix> prefix_of(bool v4, base::OctetView octets, base::OctetView mask) {
  std::array<std::uint8_t, 16> all{};
  const std::size_t size = v4 ? 4 : 16;
  if (octets.empty() || octets.size() > size || (!mask.empty() && mask.size() != octets.size())) return std::nullopt;
  std::size_t length = octets.size() * 8;
  if (!mask.empty()) {
    length = 0;
    for (const auto octet : mask) {
      if (length % 8 != 0 && octet != 0) return std::nullopt;  // no mask of leading ones
      length += static_cast<std::size_t>(std::countl_one(octet));
      if (std::countl_one(octet) != std::popcount(octet)) return std::nullopt;
    }
  }
  for (std::size_t i = 0; i < octets.size(); ++i) all[i] = mask.empty() ? octets[i] : octets[i] & mask[i];
  const auto base = net::Address::from_octets({all.data(), size});
  return base ? std::optional(net::Prefix{*base, static_cast<std::uint8_t>(length)}) : std::nullopt;
}

/// What the expressions of a rule come to, one after the other, as the kernel runs them.
class Reading {
 public:
  explicit Reading(std::uint8_t family) : family_(family) {}

  void take(const std::string& name, const Attributes& data) {
    if (name == "payload") load_payload(data);
    else if (name == "meta") load_meta(data);
    else if (name == "bitwise") mask_ = value(data, NFTA_BITWISE_MASK);
    else if (name == "cmp") compare(data);
    else if (name == "lookup") look_up(data);
    else if (name == "immediate") keep(data);
    else if (name == "masq") found_ = true;
    else if (name == "nat") translate(data);
    else if (name == "target") run_extension(data);
    else if (name == "match") conditional_ = true;  // of iptables
    else loaded_ = Loaded::other;
  }

  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] Translation result(std::string_view table) const {
    auto of = of_;
    if (!of && some_.empty() && family_ != NFPROTO_INET) of = net::Prefix{family_ == AF_INET6 ? net::Address::v6({}) : net::Address(), 0};
    Translation out{.of = of, .to = to_, .interface = interface_, .conditional = conditional_, .text = {}};
    const auto from = !some_.empty() ? some_ : of_ ? of_->text() : std::string("all");
    out.text = fmt::format("{} of {}{}{}{} (nftables, table {})", to_ ? "source NAT" : "masquerade", from, way_,
                           to_ ? " to " + to_->text() : "", conditional_ && some_.empty() && way_.empty() ? " under some conditions" : "", table);
    return out;
  }

 private:
  enum class Loaded { other, source, out_interface, family };

  void load_payload(const Attributes& data) {
    const auto base = number(data, NFTA_PAYLOAD_BASE), offset = number(data, NFTA_PAYLOAD_OFFSET);
    loaded_ = Loaded::other;
    mask_ = {};
    if (base != NFT_PAYLOAD_NETWORK_HEADER) return;
    v4_ = offset == 12U && family_ != AF_INET6;  // RFC 791 3.1, RFC 8200 3
    if (v4_ || (offset == 8U && family_ != AF_INET)) loaded_ = Loaded::source;
  }
  void load_meta(const Attributes& data) {
    const auto key = number(data, NFTA_META_KEY);
    loaded_ = key == NFT_META_OIFNAME ? Loaded::out_interface : key == NFT_META_NFPROTO ? Loaded::family : Loaded::other;
    mask_ = {};
  }
  void compare(const Attributes& data) {
    const auto operation = number(data, NFTA_CMP_OP);
    const auto octets = value(data, NFTA_CMP_DATA);
    const bool same = operation == NFT_CMP_EQ;
    if (loaded_ == Loaded::source) {
      const auto prefix = prefix_of(v4_, octets, mask_);
      if (same && prefix) of_ = prefix;
      else limit(operation == NFT_CMP_NEQ && prefix ? "all but " + prefix->text() : "some addresses");
    } else if (loaded_ == Loaded::out_interface) {
      const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
      const auto name = base::escape(text.substr(0, text.find('\0')), 64);
      way_ = (same ? " that leaves by " : " that does not leave by ") + name;
      if (same) interface_ = name;
    } else if (loaded_ == Loaded::other) {
      conditional_ = true;
    }
  }
  void look_up(const Attributes& data) {
    if (loaded_ == Loaded::source) limit("the set " + data.text(NFTA_LOOKUP_SET));
    else conditional_ = true;
  }
  void limit(std::string to) {
    some_ = std::move(to);
    conditional_ = true;
  }
  void keep(const Attributes& data) {
    if (const auto target = number(data, NFTA_IMMEDIATE_DREG)) registers_[*target] = value(data, NFTA_IMMEDIATE_DATA);
  }
  void translate(const Attributes& data) {
    if (number(data, NFTA_NAT_TYPE) != NFT_NAT_SNAT) return;
    found_ = true;
    const auto at = number(data, NFTA_NAT_REG_ADDR_MIN);
    const auto octets = at ? registers_.find(*at) : registers_.end();
    if (octets != registers_.end()) set_to(octets->second);
  }
  /// MASQUERADE and SNAT of iptables (linux/netfilter/nf_nat.h): a flag, then the first and the last address.
  void run_extension(const Attributes& data) {
    const auto name = data.text(NFTA_TARGET_NAME);
    found_ = found_ || name == "MASQUERADE" || name == "SNAT";
    const auto info = data.octets(NFTA_TARGET_INFO);
    if (name != "SNAT" || !info) return;
    // Revision 0 counts its ranges first, and its addresses are IPv4 only.
    const bool first_revision = number(data, NFTA_TARGET_REV).value_or(0) == 0;
    const std::size_t offset = first_revision ? 8 : 4, size = family_ == AF_INET6 ? 16 : 4;
    if (info->size() >= offset + size) set_to(info->subspan(offset, size));
  }
  void set_to(base::OctetView octets) {
    if (const auto address = net::Address::from_octets(octets)) to_ = *address;
  }

  std::uint8_t family_;
  Loaded loaded_ = Loaded::other;
  bool v4_ = false, found_ = false, conditional_ = false;
  base::OctetView mask_;
  std::map<std::uint32_t, base::OctetView> registers_;
  std::optional<net::Prefix> of_;
  std::optional<net::Address> to_;
  std::string some_, way_, interface_;  // sources in words; interfaces in words; the one interface
};

std::string_view family_word(std::uint8_t family) { return family == AF_INET ? "ip" : family == AF_INET6 ? "ip6" : "inet"; }

}  // namespace

std::optional<Translation> read_translation(base::OctetView body) {
  const auto header = header_of<nfgenmsg>(body);
  if (!header) return std::nullopt;
  const Attributes rule(body, sizeof(nfgenmsg));
  Reading reading(header->nfgen_family);
  std::size_t count = 0;
  const auto expressions = nested(rule, NFTA_RULE_EXPRESSIONS);
  for (const auto& element : expressions.all()) {
    if (element.type != NFTA_LIST_ELEM || ++count > max_expressions) continue;
    const Attributes expression(element.octets, 0);
    reading.take(expression.text(NFTA_EXPR_NAME), nested(expression, NFTA_EXPR_DATA));
  }
  if (!reading.found()) return std::nullopt;
  return reading.result(fmt::format("{} {}", family_word(header->nfgen_family), rule.text(NFTA_RULE_TABLE)));
}

base::Expected<std::vector<Translation>> ask_for_translations() {
  const nfgenmsg header{AF_UNSPEC, NFNETLINK_V0, 0};
  std::vector<Translation> out;
  const int error = dump(NETLINK_NETFILTER, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE,
                          {reinterpret_cast<const std::uint8_t*>(&header), sizeof header}, [&](const KernelMessage& message) {
                           if (auto translation = read_translation(message.body)) out.push_back(std::move(*translation));
                           return out.size() < max_translations;
                         });
  if (error == EPERM || error == EACCES) return base::fault("whether this host translates addresses (NAT) is told to root only: sudo");
  return out;  // any other error: a kernel without nftables
}

}  // namespace fcrdns::host
