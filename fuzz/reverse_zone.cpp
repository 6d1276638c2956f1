// Names of reverse zones: what is accepted stands for a block whose name is the same, and the block's own zones cover it.
#include "fcrdns/net/reverse_zone.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto zone = net::parse_reverse_zone(text)) {
    fuzz::require(net::looks_like_reverse_name(text));
    fuzz::require(net::parse_reverse_zone(net::reverse_zone_name(*zone)) == *zone);
    fuzz::require(net::zone_of(zone->base, zone->length) == *zone);
  }
  if (const auto prefix = net::Prefix::parse(text)) {
    const auto zones = net::covering_zones(*prefix);
    fuzz::require(!zones.empty() && zones.size() <= 128);
    for (const auto& zone : zones) fuzz::require(prefix->contains(zone.base) || zone.contains(prefix->base));
  }
  return 0;
}
