// Any text as Stalwart's config.toml.
#include "mta_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fcrdns::fuzz::Root root("/etc/stalwart/config.toml");
  return root.read(fcrdns::fuzz::text_of(data, size), fcrdns::host::read_stalwart, nullptr);
}
