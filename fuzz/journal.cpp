// The journal of `fcrdns fix`: what is read can be written, and means the same then.
#include <cstdlib>

#include "fcrdns/apply/journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto story = fcrdns::apply::read_story({reinterpret_cast<const char*>(data), size});
  if (!story) return 0;
  const auto again = fcrdns::apply::read_story(fcrdns::apply::write_story(*story));
  if (!again || !(*again == *story)) std::abort();
  return 0;
}
