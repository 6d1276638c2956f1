// What a world's zones say (RFC 1034 4.3.2, RFC 4592 wildcards, RFC 6672 DNAME).
#include "fcrdns/world/world.hpp"

#include <algorithm>

namespace fcrdns::world {

using dns::Name;
using dns::Record;
using dns::Type;

const Zone* World::zone_of(const Name& name) const {
  const Zone* deepest = nullptr;
  for (const auto& zone : zones)
    if (!zone.copy && name.is_within(zone.apex) && (!deepest || zone.apex.label_count() > deepest->apex.label_count()))
      deepest = &zone;
  return deepest;
}

const Zone* World::copy_at(const Name& server, const Name& name) const {
  const Zone* deepest = nullptr;
  for (const auto& zone : zones)
    if (zone.copy && name.is_within(zone.apex) && std::ranges::find(zone.servers, server) != zone.servers.end() &&
        (!deepest || zone.apex.label_count() > deepest->apex.label_count()))
      deepest = &zone;
  return deepest;
}

const Server* World::server(const Name& name) const {
  const auto found = std::ranges::find(servers, name, &Server::name);
  return found == servers.end() ? nullptr : &*found;
}

namespace {

Record address_record(const Name& owner, const net::Address& address, std::uint32_t ttl) {
  return {owner, address.is_v4() ? Type::a : Type::aaaa, dns::Class::in, ttl, address};
}

/// The addresses of the server called `name`, unless the zone states its own.
void add_server_addresses(const World& world, const Zone& zone, const Name& name, std::vector<Record>& out) {
  const auto* server = world.server(name);
  if (!server) return;
  const auto stated = [&](const Record& r) {
    return r.owner == name && (r.type == Type::a || r.type == Type::aaaa || r.type == Type::cname);
  };
  if (std::ranges::any_of(zone.records, stated)) return;
  for (const auto& address : server->addresses) out.push_back(address_record(name, address, zone.ttl));
}

std::vector<Record> ns_records(const Zone& zone, const std::vector<Name>& servers) {
  std::vector<Record> out;
  for (const auto& server : servers) out.push_back({zone.apex, Type::ns, dns::Class::in, zone.ttl, server});
  return out;
}

std::vector<Record> records_at(const World& world, const Zone& zone, const Name& name) {
  std::vector<Record> out;
  for (const auto& record : zone.records)
    if (record.owner == name) out.push_back(record);
  add_server_addresses(world, zone, name, out);
  if (name == zone.apex) {
    out.push_back(soa_of(zone));
    for (auto& record : ns_records(zone, zone.servers)) out.push_back(std::move(record));
  }
  return out;
}

/// Whether the name or anything below it is in the zone (RFC 4592 2.2.2: empty non-terminals exist).
bool exists(const World& world, const Zone& zone, const Name& name) {
  if (zone.apex.is_within(name)) return true;
  const auto in_this_zone = [&](const Name& owner) { return owner.is_within(name) && world.zone_of(owner) == &zone; };
  return std::ranges::any_of(zone.records, [&](const Record& r) { return r.owner.is_within(name); }) ||
         std::ranges::any_of(zone.behaviours, [&](const auto& b) { return b.first.first.is_within(name); }) ||
         std::ranges::any_of(world.servers, [&](const Server& s) { return in_this_zone(s.name); }) ||
         std::ranges::any_of(world.zones, [&](const Zone& z) { return !z.copy && z.apex.is_within(name); });
}

/// The topmost delegation between the zone's apex and the name. A DS question at the cut itself is the parent's.
const Zone* cut_above(const World& world, const Zone& zone, const dns::Question& question) {
  const Zone* top = nullptr;
  for (const auto& child : world.zones) {
    const bool between =
        !child.copy && child.apex != zone.apex && child.apex.is_within(zone.apex) && question.name.is_within(child.apex);
    if (!between || (question.type == Type::ds && child.apex == question.name)) continue;
    if (!top || child.apex.label_count() < top->apex.label_count()) top = &child;
  }
  return top;
}

/// What the records of one node say to the type asked.
ZoneAnswer answer_at(std::vector<Record> node, const dns::Question& question) {
  ZoneAnswer answer;
  const auto has = [&](Type type) {
    return std::ranges::any_of(node, [&](const Record& r) { return r.type == type; });
  };
  const bool alias = has(Type::cname) && question.type != Type::cname && question.type != Type::any;
  if (question.type != Type::any)
    std::erase_if(node, [&](const Record& r) { return r.type != (alias ? Type::cname : question.type); });
  answer.records = std::move(node);
  if (alias) {
    answer.kind = ZoneAnswer::Kind::alias;
    answer.records.resize(1);
    answer.target = std::get<Name>(answer.records.front().data);
  } else {
    answer.kind = answer.records.empty() ? ZoneAnswer::Kind::nodata : ZoneAnswer::Kind::records;
  }
  return answer;
}

ZoneAnswer follow_dname(const Record& dname, const Name& name) {
  ZoneAnswer answer;
  answer.records.push_back(dname);
  auto target = name.with_suffix(dname.owner, std::get<Name>(dname.data));
  if (!target) {
    answer.kind = ZoneAnswer::Kind::too_long;
    return answer;
  }
  answer.kind = ZoneAnswer::Kind::alias;
  answer.target = *target;
  answer.records.push_back({name, Type::cname, dns::Class::in, dname.ttl, std::move(*target)});
  return answer;
}

const Record* dname_above(const Zone& zone, const Name& name) {
  for (const auto& record : zone.records)
    if (record.type == Type::dname && name != record.owner && name.is_within(record.owner)) return &record;
  return nullptr;
}

}  // namespace

ZoneAnswer look_up(const World& world, const Zone& zone, const dns::Question& question) {
  if (const auto* child = cut_above(world, zone, question)) {
    ZoneAnswer answer;
    answer.kind = ZoneAnswer::Kind::referral;
    answer.records = delegation_of(*child);
    answer.delegated_to = child;
    return answer;
  }
  if (const auto* dname = dname_above(zone, question.name)) return follow_dname(*dname, question.name);
  if (exists(world, zone, question.name)) return answer_at(records_at(world, zone, question.name), question);

  Name encloser = question.name.parent();
  while (!exists(world, zone, encloser)) encloser = encloser.parent();
  const auto wildcard = encloser.prepend("*");
  if (!wildcard || !exists(world, zone, *wildcard)) return {};
  auto node = records_at(world, zone, *wildcard);
  for (auto& record : node) record.owner = question.name;
  auto answer = answer_at(std::move(node), question);
  answer.wildcard = *wildcard;
  return answer;
}

Behaviour behaviour_of(const Zone& zone, const dns::Question& question) {
  for (const auto type : {question.type, Type::any})
    if (const auto found = zone.behaviours.find({question.name, type}); found != zone.behaviours.end())
      return found->second;
  return {};
}

Record soa_of(const Zone& zone) {
  dns::Soa soa;
  soa.mname = zone.servers.empty() ? zone.apex : zone.servers.front();
  soa.rname = zone.apex.prepend("hostmaster").value_or(zone.apex);
  soa.serial = zone.serial;
  soa.refresh = 7200;
  soa.retry = 3600;
  soa.expire = 1209600;
  soa.minimum = zone.negative_ttl;
  return {zone.apex, Type::soa, dns::Class::in, zone.negative_ttl, soa};
}

std::vector<Record> delegation_of(const Zone& child) {
  auto out = ns_records(child, child.servers);
  for (auto& record : ns_records(child, child.lame_servers)) out.push_back(std::move(record));
  return out;
}

std::vector<Record> glue_of(const World& world, const Zone& child, const Name& within) {
  std::vector<Record> out;
  for (const auto& ns : delegation_of(child)) {
    const auto* server = world.server(std::get<Name>(ns.data));
    if (!server || !server->name.is_within(within)) continue;
    for (const auto& address : server->addresses) out.push_back(address_record(server->name, address, child.ttl));
  }
  return out;
}

std::vector<Record> records_of(const World& world, const Zone& zone) {
  auto out = zone.records;
  for (const auto& server : world.servers)
    if (world.zone_of(server.name) == &zone) add_server_addresses(world, zone, server.name, out);
  out.push_back(soa_of(zone));
  for (auto& record : ns_records(zone, zone.servers)) out.push_back(std::move(record));
  std::ranges::stable_sort(out, [](const Record& a, const Record& b) { return a.owner < b.owner; });
  return out;
}

std::vector<const Zone*> children_of(const World& world, const Zone& zone) {
  std::vector<const Zone*> out;
  for (const auto& child : world.zones)
    if (!child.copy && parent_of(world, child) == &zone) out.push_back(&child);
  return out;
}

const Zone* parent_of(const World& world, const Zone& zone) {
  return zone.apex.is_root() ? nullptr : world.zone_of(zone.apex.parent());
}

}  // namespace fcrdns::world
