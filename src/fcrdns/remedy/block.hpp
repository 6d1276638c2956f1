// Several addresses with the same trouble at the same owner: the steps once for all of them, and for a small block the
// delegation to one's own servers as the other thing to ask for (RFC 2317).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fcrdns/remedy/setting.hpp"
#include "fcrdns/remedy/steps.hpp"

namespace fcrdns::remedy {

/// The findings of the same id and severity whose addresses lie in the same reverse zone as that one's, itself first.
/// One alone when the id is not mended the same way for all.
[[nodiscard]] std::vector<const finding::Finding*> alike(const finding::Considered& all, std::span<const finding::Finding> findings,
                                                         const finding::Finding& first);

/// Whether a PTR mends it: then block_steps() tells the group; else the first one's steps serve for all.
[[nodiscard]] bool is_mended_by_ptr(finding::Id id);
/// Steps for all of them. Of a prefix, one address is told in full, and the delegation of the block as another choice.
void block_steps(const finding::Considered& all, std::span<const finding::Finding> findings,
                 std::span<const finding::Finding* const> group, std::vector<Step>& out);

/// Says after the last step which other addresses of the group need the same.
void name_the_others(std::span<const finding::Finding* const> group, std::vector<Step>& out);

/// What a provider enters to hand a block smaller than a /24 on: NS and, one for each address, CNAME. More than 16
/// addresses become one $GENERATE line of BIND.
struct Delegation {
  dns::Name child;                  ///< 64-71.113.0.203.in-addr.arpa.
  dns::Name parent;                 ///< 113.0.203.in-addr.arpa.
  std::vector<std::string> aliases;  ///< lines of the parent's zone
};
[[nodiscard]] std::optional<Delegation> delegation_of(const net::Prefix& prefix);

}  // namespace fcrdns::remedy
