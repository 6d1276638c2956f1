#include "fcrdns/generator/forward_existing.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/forward_master.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

std::optional<dns::Name> origin_of(const FromForward& options) {
  if (options.existing_origin || options.only.size() != 1) return options.existing_origin;
  const auto zones = net::covering_zones(options.only[0]);
  if (zones.size() != 1) return std::nullopt;
  return dns::Name::parse(net::reverse_zone_name(zones[0])).value_or(dns::Name());
}

void mark_known(std::vector<Existing>& existing, const ForwardRows& forward) {
  std::unordered_set<dns::Name> asked, found;
  for (const auto& one : existing) asked.insert(std::get<dns::Name>(one.record.data));
  for (const auto& row : forward.rows)
    if (auto name = forward.name(row); asked.contains(name)) found.insert(std::move(name));
  for (auto& one : existing) one.known = found.contains(std::get<dns::Name>(one.record.data));
}

}  // namespace

base::Expected<std::vector<Existing>> read_existing(const FromForward& options, const ForwardRows& forward) {
  std::vector<Existing> existing;
  std::string wrong;
  const auto refuse = [&](std::size_t line, std::string_view text, std::string_view why) {
    if (wrong.empty())
      wrong = fmt::format("the reverse zone as it is, line {}: \"{}\": {}", line, base::escape(text, 60), why);
  };
  const auto take = [&](const MasterEntry& entry) {
    const bool ptr = base::equals_ignoring_case(entry.type, "PTR");
    if (!ptr && !base::equals_ignoring_case(entry.type, "CNAME")) return;
    const auto address = net::parse_reverse_name(entry.owner.text());
    if (!address) return;  // a name between the zone and its addresses
    dns::Name target;
    const auto* why = entry.words == 1 ? parse_master_name(entry.data, entry.origin, target) : "it needs exactly one name";
    if (why) return refuse(entry.line, entry.data, why);
    existing.push_back({*address, {entry.owner, ptr ? dns::Type::ptr : dns::Type::cname, dns::Class::in, entry.ttl.value_or(options.ttl), target}});
  };
  std::istringstream in(options.existing);
  MasterReader(in, origin_of(options), take, refuse).read();
  if (!wrong.empty()) return base::fault(wrong);
  std::ranges::stable_sort(existing, {}, &Existing::address);
  mark_known(existing, forward);
  return existing;
}

}  // namespace fcrdns::generator
