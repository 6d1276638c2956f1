#include "fcrdns/generator/pair.hpp"

#include "fcrdns/generator/writer_text.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

dns::Name reverse_zone(const net::Prefix& zone) { return *dns::Name::parse(net::reverse_zone_name(zone)); }

}  // namespace

std::array<dns::Record, 2> record_pair(const net::Address& address, const dns::Name& host, std::uint32_t ttl) {
  const auto type = address.is_v4() ? dns::Type::a : dns::Type::aaaa;
  return {dns::Record{reverse_zone({address, address.is_v4() ? std::uint8_t{32} : std::uint8_t{128}}), dns::Type::ptr, dns::Class::in, ttl, host},
          dns::Record{host, type, dns::Class::in, ttl, address}};
}

std::string relative_name(const dns::Name& name, const dns::Name& zone) { return std::string(NameText().relative(name, zone)); }

std::vector<Relative> in_reverse_zones(const net::Address& address) {
  const auto name = *dns::Name::parse(net::reverse_name(address));
  const int longest = address.is_v4() ? 24 : 64, shortest = address.is_v4() ? 8 : 32, step = address.is_v4() ? 8 : 4;
  std::vector<Relative> out;
  for (int length = longest; length >= shortest; length -= step) {
    const auto zone = reverse_zone(net::zone_of(address, static_cast<std::uint8_t>(length)));
    out.push_back({zone, relative_name(name, zone)});
  }
  return out;
}

std::vector<Relative> in_forward_zones(const dns::Name& host) {
  std::vector<Relative> out;
  for (auto zone = host; zone.label_count() >= 2; zone = zone.parent()) out.push_back({zone, relative_name(host, zone)});
  return out;
}

}  // namespace fcrdns::generator
