// A master file of anybody: whatever stands in it, PTRs come out of it within bounds, and as the zone that is there it is
// either kept or refused.
#include "fcrdns/generator/from_forward.hpp"

#include <sstream>

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  if (text.find("$GENERATE") != text.rfind("$GENERATE")) return 0;  // each may make 65,536 records
  for (const bool as_existing : {false, true}) {
    generator::FromForward options{.origin = dns::Name::parse("example.com").value()};
    std::istringstream in(as_existing ? "a A 203.0.113.5\n" : text);
    if (as_existing) options.existing = text;
    std::size_t octets = 0;
    const auto out = generator::make_writer(generator::Format::bind, [&](std::string_view part) { return octets += part.size(), true; });
    const auto derived = generator::derive(in, options, *out);
    out->end();
    fuzz::require(derived || octets == 0);
    if (derived) fuzz::require(derived->skipped.size() <= 1000 && derived->skipped_count >= derived->skipped.size() && derived->records >= derived->addresses);
  }
  return 0;
}
