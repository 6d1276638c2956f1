// What an API answers: reading it ends, quotes no more than it may, and gives values that are inside what was parsed.
#include "fcrdns/apply/json_reply.hpp"

#include <nlohmann/json.hpp>

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  fuzz::require(apply::error_text(text).size() <= 600);
  if (const auto content = apply::xml_element(text, "ptrRecordUpdate")) {
    fuzz::require(content->size() <= size && content->size() <= 4096);
    (void)apply::xml_element(*content, "status");
  }
  static const auto address = net::Address::parse("203.0.113.5");
  const auto value = apply::parse_reply(text);
  for (const auto* path : {"", "/*", "/*/*/ip", "/ipv4s/?/reverse", "/primary_ip/dns_ptr/?/dns_ptr", "/rrsets/0/records/*/content", "/action/id"}) {
    fuzz::require(apply::at(value, path, *address).size() <= size + 1);
    (void)apply::text_at(value, path, *address);
  }
  return 0;
}
