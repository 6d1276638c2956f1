// How the owner of the address lets a PTR be set: the catalogue's own words, with this address and this name filled in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/owner/owner.hpp"
#include "fcrdns/provider/provider.hpp"
#include "fcrdns/remedy/records.hpp"

namespace fcrdns::remedy {

/// "Hetzner Cloud, likely (name servers) or Hetzner Robot, likely (name servers)"; "" when nothing is known.
[[nodiscard]] std::string who(std::span<const owner::Candidate> owners);

/// What stands in the place of the catalogue's place holders.
struct Blanks {
  net::Address address;
  std::string name;  ///< of the PTR, absolute
  Place place;       ///< of the PTR
};
/// The catalogue's text with ADDRESS, HOSTNAME, REVERSE_NAME, ZONE and RELATIVE filled in, each without final dot. Whatever
/// else stands in capitals only the user knows (SERVER_ID); so does a zone that the evidence does not tell, or whose
/// name is not safe to paste.
[[nodiscard]] std::string filled(std::string_view text, const Blanks& blanks);

/// Panel, command, API, Terraform, Ansible, ticket of every owner that is sure or likely; when there is none, a few lines
/// for each that may be, with "perhaps". Empty when the catalogue knows nothing.
[[nodiscard]] std::vector<std::string> ways(std::span<const owner::Candidate> owners, const Blanks& blanks);

/// The sure or likely owners in the catalogue for which the test holds.
template <typename Test>
[[nodiscard]] const provider::Provider* find_owner(std::span<const owner::Candidate> owners, Test test) {
  for (const auto& owner : owners) {
    if (owner.certainty == owner::Certainty::hint || owner.provider.empty()) continue;
    const auto* known = provider::find(owner.provider);
    if (known != nullptr && test(*known)) return known;
  }
  return nullptr;
}

}  // namespace fcrdns::remedy
