#include "fcrdns/host/postfix_config.hpp"
#include "fcrdns/host/postfix_edit.hpp"
#include "fuzz.hpp"

using namespace fcrdns::host::postfix;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fcrdns::fuzz::text_of(data, size);
  Problems problems;
  for (const auto& service : parse_master(text, "/etc/postfix/master.cf", problems)) {
    const auto edited = with_option(text, service.id(), "inet_protocols", "ipv4");
    const auto after = parse_master(edited, "", problems);
    for (const auto& one : after)
      if (edited != text && one.id() == service.id() && (!one.own.contains("inet_protocols") || one.own.at("inet_protocols").value != "ipv4")) std::abort();
    (void)with_option(text, service.id(), "inet_protocols", std::nullopt);
    if (after.size() > 20) break;  // each is parsed anew
  }
  return 0;
}
