// CSV of anybody, and the same as a hosts file, in every format that is written.
#include "fcrdns/generator/from_forward.hpp"

#include <sstream>

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using generator::Format;
  constexpr Format formats[] = {Format::bind, Format::nsupdate, Format::csv, Format::json, Format::terraform, Format::octodns, Format::dnscontrol};
  for (const auto source : {generator::Source::csv, generator::Source::hosts}) {
    generator::FromForward options{.source = source, .every_name = size % 2 == 0};
    std::istringstream in{std::string(fuzz::text_of(data, size))};
    bool clean = true;
    const auto out = generator::make_writer(formats[size % std::size(formats)], [&](std::string_view part) {
      for (const char c : part) clean = clean && ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r');
      return true;
    });
    const auto derived = generator::derive(in, options, *out);
    out->end();
    fuzz::require(clean);
    if (derived) fuzz::require(derived->skipped.size() <= 1000 && derived->records >= derived->addresses);
  }
  return 0;
}
