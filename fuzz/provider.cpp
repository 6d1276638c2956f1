// A file of the provider catalogue: the fault is one printable line, and what is accepted is bounded, printable, and can be
// looked for.
#include "fcrdns/provider/provider.hpp"

#include <algorithm>

#include "fcrdns/provider/recogniser.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto is_printable = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  };
  const auto provider = provider::parse_provider(fuzz::text_of(data, size));
  if (!provider) {
    fuzz::require(!provider.error().message.empty() && is_printable(provider.error().message));
    return 0;
  }
  fuzz::require(!provider->id.empty() && is_printable(provider->name) && is_printable(provider->notes));
  if (provider->api) fuzz::require(is_printable(provider->api->body) && provider->api->body.size() <= 1000);
  const provider::Recogniser recogniser(std::span(&*provider, 1));
  const provider::PlainName name(*dns::Name::parse("static.5.113.0.203.clients.example.net"));
  fuzz::require(recogniser.by_ptr(name, net::Address::v4({203, 0, 113, 5})).size() <= 1);
  fuzz::require(recogniser.by_nameserver(name).size() <= 1);
  return 0;
}
