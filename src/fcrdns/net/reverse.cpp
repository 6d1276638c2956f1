// Reverse names both ways: RFC 1035 3.5 (in-addr.arpa), RFC 3596 2.5 (ip6.arpa, 32 nibbles).
#include <fmt/core.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::net {
namespace {

constexpr std::size_t digits_of_v6 = 32;
/// Networks end here (RFC 4291 2.5.4); what is longer and not whole is rather an address written wrongly than a zone.
constexpr std::size_t longest_common_zone = 16;

/// The address that was meant when zeros were lost: put back where most of them stand already, as "::" hides them there.
std::string with_zeros_put_back(const Prefix& prefix, std::size_t digits) {
  std::string text;
  for (const auto octet : prefix.base.octets()) text += fmt::format("{:02x}", octet);
  text.resize(digits);
  std::size_t best = 0, longest = 0;
  for (std::size_t at = 0, run = 0; at < digits; ++at) {
    run = text[at] == '0' ? run + 1 : 0;
    if (run > longest) longest = run, best = at;
  }
  if (longest == 0) return {};
  text.insert(best, digits_of_v6 - digits, '0');
  std::string groups;
  for (std::size_t at = 0; at < digits_of_v6; at += 4) groups += (at == 0 ? "" : ":") + text.substr(at, 4);
  return Address::parse(groups)->text();
}

std::string too_short(const Prefix& zone) {
  const auto text = zone.text();
  const std::size_t labels = zone.length / (zone.base.is_v4() ? 8U : 4U);
  if (zone.base.is_v4())
    return fmt::format("this is the reverse zone of {}, not one address; put {} more number{} in front", text, 4 - labels,
                       labels == 3 ? "" : "s");
  const auto says = fmt::format("the reverse name of an IPv6 address has {} digits; this has {}", digits_of_v6, labels);
  if (labels <= longest_common_zone) return fmt::format("{} (the reverse zone of {})", says, text);
  const auto missing = digits_of_v6 - labels;
  const auto meant = with_zeros_put_back(zone, labels);
  return fmt::format("{}, {} {} missing{}; as a zone it is that of {}", says, missing, missing == 1 ? "is" : "are",
                     meant.empty() ? std::string() : fmt::format(": lost zeros, mostly; the address may be {}", meant), text);
}

}  // namespace

std::string reverse_name(const Address& address) {
  std::string out;
  const auto octets = address.octets();
  for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet)
    out += address.is_v4() ? fmt::format("{}.", *octet) : fmt::format("{:x}.{:x}.", *octet & 0xf, *octet >> 4);
  return out + (address.is_v4() ? "in-addr.arpa." : "ip6.arpa.");
}

base::Expected<Address> parse_reverse_name(std::string_view name) {
  const auto zone = parse_reverse_zone(name);
  if (!zone) return std::unexpected(zone.error());
  if (zone->length < (zone->base.is_v4() ? 32 : 128))
    return base::fault(fmt::format("\"{}\": {}", base::escape(name, 80), too_short(*zone)));
  return zone->base;
}

}  // namespace fcrdns::net
