// Any text as smtpd.conf: read within bounds, and everything that it hands on can be shown.
#include "mta_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fcrdns::fuzz::Root root("/etc/smtpd.conf");
  return root.read(fcrdns::fuzz::text_of(data, size), fcrdns::host::read_opensmtpd, fcrdns::host::change_opensmtpd);
}
