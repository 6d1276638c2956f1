// Which hosts does an SPF record name? Only the mechanisms that name hosts of the domain itself (RFC 7208 5.3 to 5.6);
// what they mean for a sender is not evaluated here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/dns/name.hpp"
#include "fcrdns/dns/record.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::evidence {

struct SpfCandidates {
  bool present = false;                  ///< there is a record that begins with v=spf1
  std::vector<dns::Name> a;              ///< hosts of "a" and "a:"
  bool mx = false;                       ///< "mx": the domain's own
  std::vector<dns::Name> mx_of;          ///< "mx:": of other domains
  std::vector<net::Prefix> networks;     ///< "ip4:" and "ip6:"
  std::vector<std::string> not_followed; ///< include:, redirect=, exists:, ptr and what holds macros, escaped
};

/// From the TXT records of `domain`. Terms with the qualifiers "-" and "~" name who does not send; at most 100 terms.
[[nodiscard]] SpfCandidates spf_candidates(const std::vector<dns::Record>& txt, const dns::Name& domain);

}  // namespace fcrdns::evidence
