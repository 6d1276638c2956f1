#include "fcrdns/report/expectation.hpp"

#include <algorithm>

#include "fcrdns/net/special_purpose.hpp"

namespace fcrdns::report {

std::optional<Expectation> expectation(const Result& result) {
  const auto& look = result.evidence.expect;
  if (!look) return std::nullopt;
  Expectation out;
  out.name = look->name;
  out.is_mx = look->is_mx;
  for (const auto* answer : {&look->a, &look->aaaa})
    for (const auto& address : evidence::addresses_in(*answer)) out.addresses.push_back(address);
  out.proxied = std::ranges::any_of(out.addresses, [](const auto& address) {
    return net::ProxyRanges::built_in().find(address).has_value();
  });
  for (const auto& at : result.evidence.addresses) {
    const bool there = std::ranges::find(out.addresses, at.address) != out.addresses.end();
    const auto& answer = at.address.is_v4() ? look->a : look->aaaa;
    out.at.push_back({at.address, there, !there && dns::is_trouble(answer.status)});
    out.usable = out.usable && is_usable(verdict::usability(look->name, at.address));
    if (!out.generic) out.generic = generic::classify(look->name, at.address);
  }
  return out;
}

}  // namespace fcrdns::report
