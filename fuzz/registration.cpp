// An RDAP reply from anybody: what is taken over is printable, short, and reads the same twice.
#include <algorithm>

#include "fcrdns/owner/rdap.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto read = owner::read_registration(text);
  for (const auto& field : {read.organisation, read.network, read.handle, read.range, read.country, read.contact, read.problem}) {
    fuzz::require(field.size() <= 1000);
    fuzz::require(std::ranges::all_of(field, [](char c) { return c >= ' ' && c < 0x7f; }));
  }
  fuzz::require(read.problem.empty() == (read.outcome == owner::Registration::Outcome::found));
  fuzz::require(owner::parse_outcome(owner::to_word(read.outcome)) == read.outcome);
  fuzz::require(read == owner::read_registration(text));
  return 0;
}
