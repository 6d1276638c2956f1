// Pasted text: claims keep to their bounds, whatever was pasted.
#include "bounce.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fcrdns::fuzz::Bounds bounds;
  fcrdns::bounce::read_pasted(fcrdns::fuzz::text_of(data, size), {fcrdns::fuzz::source, 1}, {}, bounds);
  return 0;
}
