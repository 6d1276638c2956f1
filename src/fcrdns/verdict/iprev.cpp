#include "fcrdns/verdict/iprev.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::verdict {
namespace {

constexpr std::array<std::string_view, 4> words{"pass", "permerror", "fail", "temperror"};  // in enumerator order

}  // namespace

std::string_view to_word(Iprev iprev) { return words[static_cast<std::size_t>(iprev)]; }

Iprev worse(Iprev a, Iprev b) {
  for (const auto word : {Iprev::fail, Iprev::permerror, Iprev::temperror})
    if (a == word || b == word) return word;
  return Iprev::pass;
}

bool confirms(const NameFacts& name, const net::Address& client) {
  return name.forward == dns::Status::noerror && std::ranges::find(name.addresses, client) != name.addresses.end();
}

Verdict iprev(const Facts& facts) {
  if (facts.ptr == dns::Status::not_asked) return {Iprev::permerror, {}};
  if (!dns::is_definite(facts.ptr)) return {Iprev::temperror, {}};
  if (dns::is_negative(facts.ptr) || facts.only_root) return {Iprev::permerror, {}};

  for (std::size_t i = 0; i < facts.names.size(); ++i)
    if (confirms(facts.names[i], facts.client)) return {Iprev::pass, i};

  const bool trouble =
      std::ranges::any_of(facts.names, [](const NameFacts& name) { return dns::is_trouble(name.forward); });
  return {trouble ? Iprev::temperror : Iprev::fail, {}};
}

}  // namespace fcrdns::verdict
