// What a bare code means when no text helps. The registry's meaning (RFC 3463, RFC 7372); a receiver's own stands in the
// catalogue.
#pragma once

#include <vector>

#include "fcrdns/bounce/claim.hpp"

namespace fcrdns::bounce {

/// X.7.25, the code that RFC 7372 3.3 made for reverse DNS.
[[nodiscard]] bool is_reverse_dns_code(const mail::Reply& reply);
/// Never empty; `other` when the code says nothing of the reason.
[[nodiscard]] std::vector<Cause> causes_of_code(const mail::Reply& reply);

}  // namespace fcrdns::bounce
