#include "fcrdns/sweep/zones.hpp"

#include <algorithm>
#include <cmath>

namespace fcrdns::sweep {

Zone* Zones::at(const net::Prefix& zone) {
  const auto found = zones_.find(zone);
  if (found != zones_.end()) return &found->second;
  return zones_.size() < most ? &zones_[zone] : nullptr;
}

bool Zones::lies(const net::Prefix& zone) const {
  const auto found = zones_.find(zone);
  return found != zones_.end() && found->second.lies;
}

void Zones::lied(const net::Prefix& zone) {
  if (auto* found = at(zone)) found->lies = true;
}

std::vector<net::Prefix> Zones::liars() const {
  std::vector<net::Prefix> out;
  for (const auto& [prefix, zone] : zones_)
    if (zone.lies) out.push_back(prefix);
  std::ranges::sort(out, {}, [](const net::Prefix& prefix) { return std::pair(prefix.base, prefix.length); });
  return out;
}

std::uint32_t Zones::cleared_one(Zone& zone, std::uint32_t samples) {
  constexpr std::uint32_t for_the_first = 3;
  ++zone.cleared;
  const auto blocks = zone.proofs < enough_proofs ? zone.cleared : static_cast<std::uint32_t>(std::sqrt(zone.cleared));
  const auto wanted = std::uint64_t{samples} * (blocks + for_the_first);
  const auto more = wanted > zone.samples ? std::min<std::uint64_t>(wanted - zone.samples, samples * (for_the_first + 1)) : 0;
  zone.samples += static_cast<std::uint32_t>(more);
  return static_cast<std::uint32_t>(more);
}

}  // namespace fcrdns::sweep
