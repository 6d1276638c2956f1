// What the kernel answers over netlink, read as each of the messages it can be.
#include "fcrdns/host/kernel_messages.hpp"
#include "fcrdns/host/kernel_translations.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  host::Links links;
  for (const auto& message : host::messages_in({data, size})) {
    if (auto link = host::read_link(message.body)) links.insert(std::move(*link));
    if (const auto address = host::read_interface_address(message.body, links))
      fuzz::require(address->prefix_length <= (address->address.is_v4() ? 32 : 128));
    fuzz::require(host::read_route(message.body, links).size() <= message.body.size());
    (void)host::read_rule(message.body);
    if (const auto translation = host::read_translation(message.body)) fuzz::require(!translation->text.empty());
  }
  return 0;
}
