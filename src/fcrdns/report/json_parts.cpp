#include "fcrdns/report/json_parts.hpp"

#include "fcrdns/report/expectation.hpp"

namespace fcrdns::report {
namespace {

Json server_json(const resolver::ServerReport& server) {
  return {{"name", server.name.text()},
          {"address", server.address.text()},
          {"udp", to_word(server.udp)},
          {"tcp", to_word(server.tcp)},
          {"authoritative", server.authoritative},
          {"serial", server.serial ? Json(*server.serial) : Json(nullptr)},
          {"ms", server.took.count()}};
}

template <typename T>
Json texts_of(const T& values) {
  auto out = Json::array();
  for (const auto& value : values) out.push_back(value.text());
  return out;
}

}  // namespace

std::string dump(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }
Json texts(const std::vector<dns::Name>& names) { return texts_of(names); }
Json texts(const std::vector<net::Address>& addresses) { return texts_of(addresses); }

Json zone_json(const Result& result, std::size_t index) {
  auto owners = Json::array();
  for (const auto& owner : result.owners[index])
    owners.push_back({{"name", owner.name},
                      {"provider", owner.provider.empty() ? Json(nullptr) : Json(owner.provider)},
                      {"source", to_word(owner.source)},
                      {"certainty", to_word(owner.certainty)}});
  const auto* walk = evidence::reverse_zone(result.evidence.addresses[index]);
  const auto* zone = walk == nullptr ? nullptr : walk->deepest();
  if (zone == nullptr && owners.empty()) return nullptr;
  Json out{{"apex", zone == nullptr ? Json(nullptr) : Json(zone->apex.text())}, {"nameservers", Json::array()}};
  if (walk != nullptr) {
    for (const auto& server : walk->servers) out["nameservers"].push_back(server_json(server));
    out["nameservers_without_address"] = texts(walk->without_address);
    out["nameservers_left_out"] = walk->left_out;
  }
  out["negative_ttl"] = walk != nullptr && walk->soa ? Json(dns::negative_ttl(*walk->soa)) : Json(nullptr);
  out["owners"] = std::move(owners);
  return out;
}

Json helo_json(const Result& result, std::size_t index) {
  const auto& helo = result.evidence.helo;
  const auto& text = result.evidence.helo_text;
  if (!helo) return text.empty() ? Json(nullptr) : Json{{"name", text}, {"confirmed_name", false}, {"resolves_to_source", false}};
  const auto& at = result.evidence.addresses[index];
  const bool confirmed = std::ranges::any_of(at.names, [&](const auto& name) {
    return name.name == helo->name && evidence::leads_to(name.own, at.address);
  });
  return {{"name", helo->name.text()}, {"confirmed_name", confirmed}, {"resolves_to_source", evidence::leads_to(at.address.is_v4() ? helo->a : helo->aaaa, at.address)}};
}

Json expect_json(const Result& result) {
  const auto seen = expectation(result);
  if (!seen) return nullptr;
  auto confirms = Json::array();
  for (const auto& at : seen->at) confirms.push_back({{"address", at.address.text()}, {"confirms", at.confirms}});
  Json generic = nullptr;
  if (seen->generic) generic = {{"reason", to_word(seen->generic->reason)}, {"what", seen->generic->what}};
  return {{"name", seen->name.text()}, {"addresses", texts(seen->addresses)}, {"confirms", std::move(confirms)},
          {"generic", std::move(generic)}, {"proxied", seen->proxied}, {"is_mx", seen->is_mx}};
}

}  // namespace fcrdns::report
