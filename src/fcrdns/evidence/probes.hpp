// Which questions beside the verdict show a mistake of the hand? Pure: the names to ask, not the asking.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/evidence/evidence.hpp"

namespace fcrdns::evidence {

/// PTR of the neighbours (the next address on both sides; ::1 of an IPv6 address's /64), to see whether the record was
/// set on one of them.
[[nodiscard]] std::vector<Probe> neighbours_of(const net::Address& address);
/// Two addresses of the same /24 or /64 without pattern, and a label that stands for no address. `random` is a label.
[[nodiscard]] std::vector<Probe> siblings_of(const net::Address& address, std::string_view random);
/// Reverse names written wrongly, asked through the resolver; and a label below `apex` (of the deepest reverse zone, when
/// it is known), as a wildcard there has them all.
[[nodiscard]] std::vector<Probe> miswritten_names(const net::Address& address, const std::optional<dns::Name>& apex,
                                                  std::string_view random);
/// PTR inside the domain; `host` is the name that should be confirmed.
[[nodiscard]] std::vector<Probe> misplaced_in(const dns::Name& domain, const std::optional<dns::Name>& host,
                                              const net::Address& address, std::string_view random);
/// What the domain's own servers are asked directly: names that nobody delegated to them.
[[nodiscard]] std::vector<Probe> undelegated_copies(const net::Address& address);

}  // namespace fcrdns::evidence
