// Any text as sendmail.cf: read within bounds, and everything that it hands on can be shown.
#include "mta_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fcrdns::fuzz::Root root("/etc/mail/sendmail.cf");
  return root.read(fcrdns::fuzz::text_of(data, size), fcrdns::host::read_sendmail, fcrdns::host::change_sendmail);
}
