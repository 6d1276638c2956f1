#include "fcrdns/resolver/query_case.hpp"

#include <algorithm>
#include <cstdint>
#include <variant>

namespace fcrdns::resolver {
namespace {

bool is_letter(std::uint8_t octet) { return (octet | 0x20) >= 'a' && (octet | 0x20) <= 'z'; }

void restore(dns::Name& name, const dns::Name& sent, const dns::Name& original) {
  for (auto labels = std::min(name.label_count(), sent.label_count()); labels > 0; --labels) {
    const auto suffix = sent.ancestor(labels);
    if (!name.ancestor(labels).same_case(suffix)) continue;
    if (auto restored = name.with_suffix(suffix, original.ancestor(labels))) name = std::move(*restored);
    return;
  }
}

struct RestoreData {
  const dns::Name &sent, &original;
  void operator()(dns::Name& name) const { restore(name, sent, original); }
  void operator()(dns::Mx& mx) const { restore(mx.exchange, sent, original); }
  void operator()(dns::Soa& soa) const {
    restore(soa.mname, sent, original);
    restore(soa.rname, sent, original);
  }
  void operator()(auto&) const {}  // the other types hold no name that may be compressed
};

}  // namespace

dns::Name with_random_case(const dns::Name& name, base::Random& random) {
  const auto wire = name.wire();
  base::Octets octets(wire.begin(), wire.end());
  std::uint32_t coins = 0;
  int left = 0;
  // Length octets are at most 63 and 'A' is 65: they are never taken for letters.
  for (auto& octet : octets) {
    if (!is_letter(octet)) continue;
    if (left == 0) {
      coins = random.u32();
      left = 32;
    }
    if (coins & 1) octet ^= 0x20;
    coins >>= 1;
    --left;
  }
  return *dns::Name::from_wire(octets);
}

void restore_case(dns::Message& message, const dns::Name& sent, const dns::Name& original) {
  for (auto* section : {&message.answers, &message.authority, &message.additional})
    for (auto& record : *section) {
      restore(record.owner, sent, original);
      std::visit(RestoreData{sent, original}, record.data);
    }
}

}  // namespace fcrdns::resolver
