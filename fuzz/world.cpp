// A world file: an accepted one answers any question about any of its own names.
#include "fcrdns/world/world.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto world = world::parse_world(fuzz::text_of(data, size));
  if (!world) {
    fuzz::require(!world.error().message.empty());
    return 0;
  }
  for (const auto& zone : world->zones) {
    fuzz::require(world->zone_of(zone.apex) != nullptr);
    static_cast<void>(world::look_up(*world, zone, {world::soa_of(zone).owner, dns::Type::soa, dns::Class::in}));
    for (const auto& record : zone.records)
      for (const auto type : {record.type, dns::Type::ptr, dns::Type::any})
        static_cast<void>(world::look_up(*world, zone, {record.owner, type, dns::Class::in}));
  }
  return 0;
}
