// Any text as Exim's configuration: read within bounds, and everything that it hands on can be shown.
#include "mta_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fcrdns::fuzz::Root root("/etc/exim4/exim4.conf");
  return root.read(fcrdns::fuzz::text_of(data, size), fcrdns::host::read_exim, fcrdns::host::change_exim);
}
