// A record from anybody: read whole or refused with one printable line; the term to add leaves all else as it was.
#include "fcrdns/spf/record.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  fuzz::require(spf::is_record(text) == spf::with_term(text, net::Address()).has_value());
  if (!spf::is_record(text)) return 0;
  const auto record = spf::parse_record(text);
  if (!record)
    for (const char c : record.error().message) fuzz::require(c >= ' ' && c <= '~');
  for (const char* address : {"203.0.113.5", "2001:db8::5"}) {
    const auto client = *net::Address::parse(address);
    const auto changed = *spf::with_term(text, client);
    fuzz::require(changed == text || changed.find(spf::term_for(client)) != changed.npos);
    fuzz::require(changed.size() <= text.size() + spf::term_for(client).size() + 1);
    fuzz::require(spf::with_term(changed, client) == changed);
    fuzz::require(spf::parse_record(changed).has_value() == record.has_value());
  }
  return 0;
}
