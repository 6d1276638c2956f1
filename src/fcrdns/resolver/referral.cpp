#include "fcrdns/resolver/referral.hpp"

#include <algorithm>
#include <set>

namespace fcrdns::resolver {
namespace {

constexpr std::size_t max_glue = 16;  // addresses of one server

/// `records` hold the NS of `apex`; `reply` may hold addresses, believed within `zone`.
Delegation delegation(const dns::Message& reply, const std::vector<dns::Record>& records, const dns::Name& apex,
                      const dns::Name& zone, std::size_t limit) {
  Delegation found;
  found.apex = apex;
  std::set<dns::Name> seen;
  for (const auto& record : records) {
    const auto* server = std::get_if<dns::Name>(&record.data);
    if (record.type != dns::Type::ns || !server || !(record.owner == apex) || !seen.insert(*server).second) continue;
    if (found.nameservers.size() == limit)
      ++found.left_out;
    else
      found.nameservers.push_back(*server);
  }
  const std::set<dns::Name> kept(found.nameservers.begin(), found.nameservers.end());
  for (const auto& record : reply.additional) {
    const auto* address = std::get_if<net::Address>(&record.data);
    if (!address || record.klass != dns::Class::in || !record.owner.is_within(zone) || !kept.contains(record.owner))
      continue;
    auto& addresses = found.glue[record.owner];
    if (addresses.size() < max_glue && std::ranges::find(addresses, *address) == addresses.end())
      addresses.push_back(*address);
  }
  return found;
}

}  // namespace

std::optional<Delegation> referral_in(const dns::Message& reply, const dns::Name& zone, const dns::Name& name,
                                      std::size_t limit) {
  if (reply.rcode != dns::Rcode::noerror || !reply.answers.empty()) return std::nullopt;
  const dns::Record* cut = nullptr;
  for (const auto& record : reply.authority) {
    if (record.type == dns::Type::soa) return std::nullopt;
    const bool leads_down = record.type == dns::Type::ns && record.klass == dns::Class::in && record.owner != zone &&
                            record.owner.is_within(zone) && name.is_within(record.owner);
    if (leads_down && !cut) cut = &record;
  }
  if (!cut) return std::nullopt;
  // In the letter case of the question, whatever the server made of it.
  const auto apex = name.ancestor(cut->owner.label_count());
  return delegation(reply, reply.authority, apex, zone, limit);
}

std::optional<Delegation> nameservers_in(const dns::Message& reply, const dns::Name& zone, const dns::Name& apex,
                                         std::size_t limit) {
  if (reply.rcode != dns::Rcode::noerror || !reply.authoritative) return std::nullopt;
  auto found = delegation(reply, reply.answers, apex, zone, limit);
  if (found.nameservers.empty()) return std::nullopt;
  return found;
}

std::optional<Alias> alias_in(const dns::Message& reply, const dns::Name& name) {
  std::optional<Alias> found;
  for (const auto& record : reply.answers) {
    const auto* target = std::get_if<dns::Name>(&record.data);
    if (!target || record.klass != dns::Class::in) continue;
    std::optional<Alias> here;
    if (record.type == dns::Type::cname && record.owner == name) {
      here = Alias{record, *target};
    } else if (record.type == dns::Type::dname && record.owner != name && name.is_within(record.owner)) {
      if (const auto made = name.with_suffix(record.owner, *target)) here = Alias{record, *made};
    }
    if (!here) continue;
    if (found && !(found->target == here->target)) return std::nullopt;
    // The CNAME beside a DNAME is made from it.
    if (!found || here->record.type == dns::Type::dname) found = std::move(here);
  }
  return found;
}

std::optional<dns::Record> soa_in(const dns::Message& reply, const dns::Name& name) {
  if (!reply.authoritative) return std::nullopt;
  for (const auto* section : {&reply.answers, &reply.authority})
    for (const auto& record : *section)
      if (record.klass == dns::Class::in && std::holds_alternative<dns::Soa>(record.data) &&
          name.is_within(record.owner))
        return record;
  return std::nullopt;
}

}  // namespace fcrdns::resolver
