// A name and an address, "NAME ADDRESS": what tells is a part of the name, and case makes no difference.
#include "fcrdns/generic/generic.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto space = std::min(text.rfind(' '), text.size());
  const auto name = dns::Name::parse(text.substr(0, space));
  if (!name) return 0;
  const auto given = net::Address::parse(text.substr(std::min(space + 1, text.size())));
  const auto address = given.value_or(net::Address::v4({203, 0, 113, 5}));
  const auto found = generic::classify(*name, address);
  fuzz::require(found == generic::classify(name->lowered(), address));
  if (!found) return 0;
  fuzz::require(generic::classify(*name, address, true) == found);
  fuzz::require(!found->what.empty() && !generic::to_word(found->reason).empty());
  fuzz::require(found->provider.empty() == (found->reason != generic::Reason::provider_default));
  if (found->provider.empty() && found->what.find('?') == std::string::npos)  // ? stands for what no host name has
    fuzz::require(name->lowered().text().find(found->what) != std::string::npos);
  return 0;
}
