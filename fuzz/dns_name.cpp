// A name survives its presentation and its wire form octet for octet, and equal names hash alike.
#include "fcrdns/dns/name.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

namespace {

void check(const base::Expected<dns::Name>& name) {
  if (!name) return;
  fuzz::require(dns::Name::parse(name->text())->same_case(*name));
  fuzz::require(dns::Name::from_wire(name->wire())->same_case(*name));
  fuzz::require(name->lowered() == *name && std::hash<dns::Name>{}(name->lowered()) == std::hash<dns::Name>{}(*name));
  fuzz::require((name->lowered() <=> *name) == 0 && name->is_within(name->parent()));
  fuzz::require(name->with_suffix(name->parent(), name->parent())->same_case(*name));
  fuzz::require(name->ancestor(name->label_count()).same_case(*name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check(dns::Name::parse(fuzz::text_of(data, size)));
  check(dns::Name::from_wire({data, size}));
  base::Cursor cursor({data, size}, size / 2);
  check(dns::Name::read(cursor));
  return 0;
}
