#include "log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fcrdns::fuzz::read_log("exim", fcrdns::fuzz::text_of(data, size));
}
