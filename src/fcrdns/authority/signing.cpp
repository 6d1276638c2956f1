#include "fcrdns/authority/signing.hpp"

#include <ldns/ldns.h>

#include <algorithm>
#include <memory>

namespace fcrdns::authority {

using base::Expected;
using base::fault;
using dns::Name;
using dns::Record;
using dns::Type;

namespace {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const { release(object); }
};
using LdnsZone = std::unique_ptr<ldns_dnssec_zone, Release<ldns_dnssec_zone_deep_free>>;
using LdnsKeys = std::unique_ptr<ldns_key_list, Release<ldns_key_list_free>>;
using LdnsRr = std::unique_ptr<ldns_rr, Release<ldns_rr_free>>;
using LdnsRrs = std::unique_ptr<ldns_rr_list, Release<ldns_rr_list_free>>;  // its records belong to the zone

std::unexpected<base::Fault> refused(const Name& apex, std::string_view step, ldns_status status = LDNS_STATUS_ERR) {
  return fault("signing " + apex.text() + ": " + std::string(step) + ": " + ldns_get_errorstr_by_id(status));
}

LdnsRr to_ldns(const Record& record) {
  const auto rdata = dns::to_wire(record.data);
  base::Octets wire;
  base::put(wire, record.owner.wire());
  base::put_u16(wire, static_cast<std::uint16_t>(record.type));
  base::put_u16(wire, static_cast<std::uint16_t>(record.klass));
  base::put_u32(wire, record.ttl);
  base::put_u16(wire, static_cast<std::uint16_t>(rdata.size()));
  base::put(wire, rdata);
  ldns_rr* rr = nullptr;
  std::size_t at = 0;
  if (ldns_wire2rr(&rr, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) return nullptr;
  return LdnsRr(rr);
}

Record from_ldns(const ldns_rr& rr) {
  const auto* owner = ldns_rr_owner(&rr);
  base::Octets data;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
    const auto* field = ldns_rr_rdf(&rr, i);
    base::put(data, {ldns_rdf_data(field), ldns_rdf_size(field)});
  }
  return {Name::from_wire({ldns_rdf_data(owner), ldns_rdf_size(owner)}).value(),
          static_cast<Type>(ldns_rr_get_type(&rr)), dns::Class::in, ldns_rr_ttl(&rr), std::move(data)};
}

LdnsKeys make_key(const Name& apex, world::Signing signing, base::WallTime now) {
  auto* key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
  if (!key) return nullptr;
  LdnsKeys keys(ldns_key_list_new());
  ldns_key_list_push_key(keys.get(), key);  // the list owns it
  const auto wire = apex.wire();
  ldns_key_set_pubkey_owner(key, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.size(), wire.data()));
  ldns_key_set_flags(key, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
  const LdnsRr public_half(ldns_key2rr(key));
  ldns_key_set_keytag(key, ldns_calc_keytag(public_half.get()));
  const auto month = std::chrono::days(30);
  const auto start = signing == world::Signing::expired ? now - 2 * month : now - std::chrono::hours(1);
  const auto seconds = [](base::WallTime t) {
    return static_cast<std::uint32_t>(std::chrono::duration_cast<base::Seconds>(t.time_since_epoch()).count());
  };
  ldns_key_set_inception(key, seconds(start));
  ldns_key_set_expiration(key, seconds(start + month));
  return keys;
}

/// RFC 4034 3.1: the type a signature covers stands in the first two octets of its data.
Type type_covered(const Record& rrsig) {
  const auto& data = std::get<base::Octets>(rrsig.data);
  return static_cast<Type>(data[0] << 8 | data[1]);
}

/// Sorts what ldns made into its places.
SignedZone sort_out(const ldns_rr_list& made, world::Signing signing) {
  SignedZone out;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(&made); ++i) {
    auto record = from_ldns(*ldns_rr_list_rr(&made, i));
    if (record.type == Type::rrsig) {
      const auto covered = type_covered(record);
      if (signing == world::Signing::bogus && covered != Type::dnskey)
        std::get<base::Octets>(record.data).back() ^= 0x55;
      out.signatures[{record.owner, covered}].push_back(std::move(record));
    } else if (record.type == Type::nsec) {
      out.nsec.emplace(record.owner, std::move(record));
    }
  }
  return out;
}

/// A name that is there only for its failure needs a record, or the NSEC chain would deny the name.
void give_records_to_failing_names(world::Zone& zone) {
  for (const auto& [key, behaviour] : zone.behaviours)
    if (std::ranges::find(zone.records, key.first, &Record::owner) == zone.records.end())
      zone.records.push_back({key.first, Type::txt, dns::Class::in, zone.ttl, dns::Txt{{"fails on purpose"}}});
}

}  // namespace

Expected<SignedZone> sign(const world::Zone& zone, const std::vector<Record>& records, base::WallTime now) {
  const LdnsZone whole(ldns_dnssec_zone_new());
  for (const auto& record : records) {
    auto rr = to_ldns(record);
    if (!rr) return refused(zone.apex, "reading " + dns::to_text(record));
    if (const auto status = ldns_dnssec_zone_add_rr(whole.get(), rr.get()); status != LDNS_STATUS_OK)
      return refused(zone.apex, "adding " + dns::to_text(record), status);
    static_cast<void>(rr.release());  // now the zone's
  }
  const auto keys = make_key(zone.apex, zone.signing, now);
  if (!keys) return refused(zone.apex, "making a key");
  LdnsRr dnskey(ldns_key2rr(ldns_key_list_key(keys.get(), 0)));
  ldns_rr_set_ttl(dnskey.get(), zone.ttl);
  const LdnsRr ds(ldns_key_rr2ds(dnskey.get(), LDNS_SHA256));
  const auto public_key = from_ldns(*dnskey);
  if (ldns_dnssec_zone_add_rr(whole.get(), dnskey.get()) != LDNS_STATUS_OK) return refused(zone.apex, "adding the key");
  static_cast<void>(dnskey.release());

  const LdnsRrs made(ldns_rr_list_new());
  const auto status =
      ldns_dnssec_zone_sign(whole.get(), made.get(), keys.get(), ldns_dnssec_default_replace_signatures, nullptr);
  if (status != LDNS_STATUS_OK) return refused(zone.apex, "signing", status);
  auto out = sort_out(*made, zone.signing);
  out.dnskeys = {public_key};
  out.ds = {from_ldns(*ds)};
  return out;
}

Expected<SignedWorld> sign(world::World world, base::WallTime now) {
  SignedWorld out{std::move(world), {}};
  std::vector<world::Zone*> deepest_first;
  for (auto& zone : out.world.zones)
    if (!zone.copy) deepest_first.push_back(&zone);
  std::ranges::stable_sort(deepest_first, std::greater<>{}, [](const world::Zone* z) { return z->apex.label_count(); });

  for (auto* zone : deepest_first) {  // a child's DS has to be there when its parent is signed
    if (zone->signing == world::Signing::unsigned_) continue;
    give_records_to_failing_names(*zone);
    for (const auto* child : world::children_of(out.world, *zone))
      if (const auto done = out.zones.find(child->apex); done != out.zones.end())
        zone->records.insert(zone->records.end(), done->second.ds.begin(), done->second.ds.end());
    auto records = world::records_of(out.world, *zone);
    for (const auto* child : world::children_of(out.world, *zone))
      for (auto& ns : world::delegation_of(*child)) records.push_back(std::move(ns));
    auto made = sign(*zone, records, now);
    if (!made) return std::unexpected(made.error());
    zone->records.insert(zone->records.end(), made->dnskeys.begin(), made->dnskeys.end());
    for (const auto& [name, nsec] : made->nsec) zone->records.push_back(nsec);
    out.zones.emplace(zone->apex, std::move(*made));
  }
  return out;
}

std::string SignedWorld::trust_anchor() const {
  const auto root = zones.find(Name{});
  if (root == zones.end()) return {};
  const auto& record = root->second.dnskeys.front();
  auto rr = to_ldns(record);
  const std::unique_ptr<char, Release<std::free>> text(ldns_rr2str(rr.get()));
  return text.get();
}

}  // namespace fcrdns::authority
