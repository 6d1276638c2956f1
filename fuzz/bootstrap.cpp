// A bootstrap list from anybody: an accepted one has a server for each prefix in it.
#include "fcrdns/owner/bootstrap.hpp"

#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bootstrap = owner::Bootstrap::parse(fuzz::text_of(data, size));
  if (!bootstrap) {
    fuzz::require(!bootstrap.error().message.empty());
    return 0;
  }
  fuzz::require(!bootstrap->entries.empty());
  for (const auto& entry : bootstrap->entries) {
    const auto* url = bootstrap->server_for(entry.prefix.base);
    fuzz::require(url && url->size() > 8 && url->ends_with('/'));
  }
  return 0;
}
