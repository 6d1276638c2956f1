// A whole mail: whatever it holds, claims keep to their bounds and notes are single lines.
#include "bounce.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fcrdns::fuzz::Bounds bounds;
  fcrdns::bounce::read_message(fcrdns::fuzz::text_of(data, size), {fcrdns::fuzz::source, 1}, {}, bounds);
  return 0;
}
