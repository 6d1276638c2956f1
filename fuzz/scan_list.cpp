// Lines of a list of addresses; what one means is written in one way that means the same.
#include "fcrdns/base/text.hpp"
#include "fcrdns/scan/list_line.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto line : fcrdns::base::split(fcrdns::fuzz::text_of(data, size), '\n')) {
    const auto read = fcrdns::scan::read_list_line(line);
    if (!read || !*read || (*read)->count != 1) continue;
    const auto again = fcrdns::scan::read_list_line((*read)->first.text());
    fcrdns::fuzz::require(again && *again == *read);
  }
  return 0;
}
