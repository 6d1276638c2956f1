// Any text as one of Haraka's files: all of them hold it.
#include "mta_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fcrdns::fuzz::Root root("/etc/haraka/plugins", {"/etc/haraka/smtp.ini", "/etc/haraka/me", "/etc/haraka/outbound.ini", "/etc/haraka/host_list",
                                                         "/etc/haraka/relay_dest_domains.ini", "/etc/haraka/smtp_forward.ini"});
  return root.read(fcrdns::fuzz::text_of(data, size), fcrdns::host::read_haraka, nullptr);
}
