// Addresses, prefixes, endpoints and reverse names: what is accepted is written in a form that reads back the same.
#include "fcrdns/net/address.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto address = net::Address::parse(text)) {
    fuzz::require(net::Address::parse(address->text()) == *address);
    fuzz::require(net::parse_reverse_name(net::reverse_name(*address)) == *address);
    fuzz::require(net::Address::from_octets(address->octets()) == *address);
  }
  if (const auto address = net::parse_reverse_name(text)) {
    fuzz::require(net::looks_like_reverse_name(text));
    fuzz::require(net::parse_reverse_name(net::reverse_name(*address)) == *address);
  }
  if (const auto prefix = net::Prefix::parse(text)) {
    fuzz::require(net::Prefix::parse(prefix->text()) == *prefix && prefix->contains(prefix->base));
  }
  if (const auto endpoint = net::Endpoint::parse(text)) fuzz::require(net::Endpoint::parse(endpoint->text()) == *endpoint);
  return 0;
}
