// The domain somebody registered, by the Public Suffix List: what says whether two names are of one operator.
#pragma once

#include <string>
#include <string_view>

namespace fcrdns::owner {

/// "example.co.uk" of "ns1.dns.example.co.uk."; lower case, without final dot; empty for a public suffix itself.
[[nodiscard]] std::string registered_domain(std::string_view name);

}  // namespace fcrdns::owner
