// The worlds of tests/scenarios/iprev_examples.json: a zone, a client, the word expected.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::scenarios {

inline std::vector<nlohmann::json> iprev_examples() {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/scenarios/iprev_examples.json");
  return nlohmann::json::parse(file).get<std::vector<nlohmann::json>>();
}

/// One flat zone at the root holds everything: the examples are about outcomes, not about delegations.
inline world::World world_of(const nlohmann::json& example) {
  const auto name_of = [](const std::string& text) { return dns::Name::parse(text).value(); };
  world::World world;
  auto& zone = world.zones.emplace_back();
  for (const auto& [owner, entry] : example.at("zone").items()) {
    if (!entry.is_object()) continue;  // "NXDOMAIN": absent
    const base::Milliseconds delay{entry.value("delay_ms", 0)};
    for (const auto& [word, value] : entry.items()) {
      const auto type = dns::parse_type(word);
      if (!type) continue;  // "via-DNAME" explains the DNAME that stands beside it; "delay_ms"
      if (delay.count() > 0) zone.behaviours[{name_of(owner), *type}] = {.delay = delay};
      const bool one = value.is_string();
      const auto failure = world::parse_failure(one ? base::to_lower(value.get<std::string>()) : "");
      if (failure) {
        zone.behaviours[{name_of(owner), *type}] = {*failure, delay};
        continue;
      }
      if (value == "NODATA") {  // the name exists: something of another type stands there
        zone.records.push_back({name_of(owner), dns::Type::txt, dns::Class::in, 300, dns::Txt{{"here"}}});
        continue;
      }
      for (const auto& data : one ? std::vector<std::string>{value} : value.get<std::vector<std::string>>())
        zone.records.push_back({name_of(owner), *type, dns::Class::in, 300, dns::parse_rdata(*type, data, dns::Name()).value()});
    }
  }
  return world;
}

}  // namespace fcrdns::scenarios
