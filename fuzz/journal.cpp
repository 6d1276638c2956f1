// The journal of `fcrdns fix`: what is read can be written, and means the same then.
#include "fcrdns/apply/journal.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto story = apply::read_story(fuzz::text_of(data, size));
  if (!story) return 0;
  const auto again = apply::read_story(apply::write_story(*story));
  fuzz::require(again.has_value() && *again == *story);
  return 0;
}
