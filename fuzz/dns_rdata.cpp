// Two octets of type, then its data: on the wire, and as text. What is accepted survives both forms.
#include "fcrdns/dns/record.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

namespace {

void check(dns::Type type, const base::Expected<dns::Rdata>& data) {
  if (!data) return;
  const auto wire = dns::to_wire(*data);
  base::Cursor cursor(wire);
  fuzz::require(dns::read_rdata(type, cursor, wire.size()) == *data);
  fuzz::require(dns::parse_rdata(type, dns::to_text(type, *data), dns::Name()) == *data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Cursor cursor({data, size});
  const auto type = static_cast<dns::Type>(cursor.u16().value_or(1));
  const auto rest = fuzz::text_of(data + cursor.position(), cursor.left());
  check(type, dns::parse_rdata(type, rest, dns::Name::parse("origin.example").value()));
  check(type, dns::read_rdata(type, cursor, cursor.left()));
  return 0;
}
