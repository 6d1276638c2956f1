// 10,000 valid and damaged messages through our codec and through ldns: both accept or both refuse, and what both
// accept says the same. Where they part, `differences` must name why; whatever it does not name fails.
#include <gtest/gtest.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>

#include "fcrdns/base/text.hpp"
#include "random_message.hpp"

namespace fcrdns::wire_test {
namespace {

constexpr std::size_t message_count = 10'000;

/// Where the two may part, and why: by our reason where we refuse and ldns (1.8) accepts, by ldns's where it is the other
/// way round. Each must come up, so that a reason which is gone leaves the list.
const std::map<std::string, const char*> differences = {
    {"we refuse: octets behind the last record", "ldns does not look behind the records that the counts announce"},
    {"we refuse: RDLENGTH does not fit the type",
     "ldns reads what the type needs and skips what is left of RDLENGTH, lets a name run past it, and takes RDLENGTH 0 for "
     "any type as a record without data"},
    {"we refuse: EDNS option cut short", "ldns keeps the options as one run of octets and never divides them"},
    {"we refuse: OPT record with an owner that is not the root", "RFC 6891 6.1.2 has MUST; ldns does not look"},
    {"we refuse: compression pointer does not go backward", "ldns follows pointers forward too; RFC 1035 4.1.4 has 'prior'"},
    {"we refuse: label of a reserved type",
     "ldns lets the name in SRV data run past RDLENGTH and reads on from there; we read on where RDLENGTH says"},
    {"ldns refuses data that we keep as octets",
     "SRV, RRSIG, NSEC and the like: ldns takes their data apart, we hand it on unread and use nothing of it"},
};

struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;

/// One message in a form that both codecs can be brought to: a line of header, then the octets of each record.
struct Flat {
  std::vector<long> header;
  std::vector<base::Octets> records;
  base::Octets options;
};

std::uint32_t capped(std::uint32_t ttl) { return ttl > INT32_MAX ? 0 : ttl; }  // RFC 2181 8: we do it on reading

Flat flatten(const dns::Message& m) {
  Flat flat;
  const auto edns = m.edns.value_or(dns::Edns{0, 0, false, {}});
  flat.header = {m.id, m.response, static_cast<long>(m.opcode), m.authoritative, m.truncated, m.recursion_desired,
                 m.recursion_available, m.authentic, m.checking_disabled, static_cast<long>(m.rcode), m.edns.has_value(),
                 edns.udp_payload, edns.version, edns.dnssec_ok};
  for (const auto& q : m.questions) {
    auto& out = flat.records.emplace_back(q.name.wire().begin(), q.name.wire().end());
    base::put_u16(out, static_cast<std::uint16_t>(q.type));
    base::put_u16(out, static_cast<std::uint16_t>(q.klass));
  }
  for (const auto* section : {&m.answers, &m.authority, &m.additional}) {
    flat.header.push_back(static_cast<long>(section->size()));
    for (const auto& r : *section) {
      auto& out = flat.records.emplace_back(r.owner.wire().begin(), r.owner.wire().end());
      base::put_u16(out, static_cast<std::uint16_t>(r.type));
      base::put_u16(out, static_cast<std::uint16_t>(r.klass));
      base::put_u32(out, r.ttl);
      base::put(out, dns::to_wire(r.data));
    }
  }
  for (const auto& option : edns.options) {
    base::put_u16(flat.options, option.code);
    base::put_u16(flat.options, static_cast<std::uint16_t>(option.data.size()));
    base::put(flat.options, option.data);
  }
  return flat;
}

void put_rdf(base::Octets& out, const ldns_rdf* rdf) {
  base::put(out, {ldns_rdf_data(rdf), ldns_rdf_size(rdf)});
}

base::Octets record_octets(const ldns_rr* rr) {
  base::Octets out;
  put_rdf(out, ldns_rr_owner(rr));
  base::put_u16(out, static_cast<std::uint16_t>(ldns_rr_get_type(rr)));
  base::put_u16(out, static_cast<std::uint16_t>(ldns_rr_get_class(rr)));
  if (ldns_rr_is_question(rr)) return out;
  base::put_u32(out, capped(ldns_rr_ttl(rr)));
  for (std::size_t i = 0; i < ldns_rr_rd_count(rr); ++i) put_rdf(out, ldns_rr_rdf(rr, i));
  return out;
}

Flat flatten(const ldns_pkt* p) {
  Flat flat;
  flat.header = {ldns_pkt_id(p), ldns_pkt_qr(p), ldns_pkt_get_opcode(p), ldns_pkt_aa(p), ldns_pkt_tc(p), ldns_pkt_rd(p),
                 ldns_pkt_ra(p), ldns_pkt_ad(p), ldns_pkt_cd(p),
                 ldns_pkt_edns_extended_rcode(p) << 4 | ldns_pkt_get_rcode(p), ldns_pkt_edns(p), ldns_pkt_edns_udp_size(p),
                 ldns_pkt_edns_version(p), ldns_pkt_edns_do(p)};
  const auto add = [&](const ldns_rr_list* section) {
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section); ++i)
      flat.records.push_back(record_octets(ldns_rr_list_rr(section, i)));
  };
  add(ldns_pkt_question(p));
  for (const auto* section : {ldns_pkt_answer(p), ldns_pkt_authority(p), ldns_pkt_additional(p)}) {
    flat.header.push_back(static_cast<long>(ldns_rr_list_rr_count(section)));
    add(section);
  }
  if (const auto* data = ldns_pkt_edns_data(p)) put_rdf(flat.options, data);
  return flat;
}

std::string compare(const Flat& a, const Flat& b) {
  if (a.header != b.header) return "header";
  if (a.options != b.options) return "options";
  return a.records == b.records ? "" : "record";
}

/// Behind the name that begins at `at` of a message that we have accepted.
std::size_t skip_name(const base::Octets& octets, std::size_t at) {
  while (octets.at(at) != 0 && octets.at(at) < 0xc0) at += 1U + octets.at(at);
  return at + (octets.at(at) == 0 ? 1 : 2);
}

/// The accepted message with every type whose data we keep as octets renamed to one that ldns keeps so, too.
base::Octets without_opaque_types(base::Octets octets) {
  const auto u16 = [&](std::size_t at) { return static_cast<std::size_t>(octets.at(at) << 8 | octets.at(at + 1)); };
  std::size_t at = 12;
  for (auto questions = u16(4); questions > 0; --questions) at = skip_name(octets, at) + 4;
  for (auto records = u16(6) + u16(8) + u16(10); records > 0; --records) {
    at = skip_name(octets, at);
    static constexpr dns::Type read[] = {dns::Type::a,   dns::Type::aaaa, dns::Type::ns, dns::Type::cname, dns::Type::ptr,
                                         dns::Type::soa, dns::Type::mx,   dns::Type::txt, dns::Type::dname, dns::Type::opt};
    if (std::ranges::find(read, static_cast<dns::Type>(u16(at))) == std::end(read)) {
      octets.at(at) = 0xff;  // TYPE65280, private use
      octets.at(at + 1) = 0;
    }
    at += 10 + u16(at + 8);
  }
  return octets;
}

/// How the two part over one message; empty when they agree.
std::string compare(const base::Octets& octets) {
  const auto ours = dns::read_message(octets);
  ldns_pkt* raw = nullptr;
  const auto status = ldns_wire2pkt(&raw, octets.data(), octets.size());
  const Packet theirs(status == LDNS_STATUS_OK ? raw : nullptr);
  if (!ours && !theirs) return {};
  if (!ours) return "we refuse: " + ours.error().message;
  if (!theirs) {
    const auto plain = without_opaque_types(octets);
    return plain != octets && compare(plain).empty() ? "ldns refuses data that we keep as octets"
                                                     : std::string("ldns refuses: ") + ldns_get_errorstr_by_id(status);
  }
  return compare(flatten(*ours), flatten(theirs.get()));
}

std::vector<base::Octets> table_replies() {
  std::ifstream file(FCRDNS_SOURCE_DIR "/tests/wire/replies.tsv");
  std::vector<base::Octets> out;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto hex = base::split(line, '\t').at(9);
    auto& octets = out.emplace_back();
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      octets.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

std::string in_hex(const base::Octets& octets) {
  std::string out;
  for (const auto octet : octets) {
    constexpr auto digits = "0123456789abcdef";
    out += digits[octet >> 4];
    out += digits[octet & 15];
  }
  return out;
}

TEST(LdnsAgreement, TenThousandMessages) {
  Dice dice(20261121);
  const auto table = table_replies();
  ASSERT_EQ(table.size(), 34U);
  std::map<std::string, int> seen;
  int accepted = 0;
  for (std::size_t i = 0; i < message_count; ++i) {
    const bool from_table = roll(dice, 4) == 0;
    auto octets = i < table.size() ? table[i] : from_table ? table[roll(dice, table.size())] : random_message(dice);
    if (i >= table.size() && (from_table || roll(dice, 4) != 0)) damage(dice, octets);
    accepted += dns::read_message(octets).has_value();
    const auto difference = compare(octets);
    if (difference.empty()) continue;
    if (++seen[difference] == 1 && !differences.contains(difference))
      ADD_FAILURE() << "unlisted difference: " << difference << "\n" << in_hex(octets);
  }
  std::printf("%zu messages, %d accepted by us\n", message_count, accepted);
  for (const auto& [difference, count] : seen) std::printf("%5d  %s\n", count, difference.c_str());
  for (const auto& [difference, why] : differences)
    EXPECT_TRUE(seen.contains(difference)) << "listed, but never seen: " << difference << " (" << why << ")";
  EXPECT_GT(accepted, 2'000) << "too few valid messages to compare content";
}

/// The comparison sees each part of a message: one octet changed for one of the two is a difference.
TEST(LdnsAgreement, EveryChangedOctetIsSeen) {
  Dice dice(7);
  for (int i = 0; i < 10; ++i) {
    const auto octets = random_message(dice);
    const auto ours = flatten(dns::read_message(octets).value());
    for (std::size_t at = 0; at < octets.size(); ++at) {
      auto changed = octets;
      changed[at] ^= 1;
      ldns_pkt* raw = nullptr;
      if (ldns_wire2pkt(&raw, changed.data(), changed.size()) != LDNS_STATUS_OK) continue;
      const Packet theirs(raw);
      const auto again = dns::read_message(changed);
      if (!again || compare(flatten(*again), ours).empty()) continue;  // another wire form of the same content
      EXPECT_NE(compare(ours, flatten(theirs.get())), "") << in_hex(octets) << " at " << at;
    }
  }
}

}  // namespace
}  // namespace fcrdns::wire_test
