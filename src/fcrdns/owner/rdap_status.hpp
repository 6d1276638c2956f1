// What an HTTP status, or the errorCode of a body, means for a registration (RFC 7480 5, RFC 9083 6).
#pragma once

#include <string_view>

#include "fcrdns/owner/owner.hpp"

namespace fcrdns::owner {

/// For any status but a good one; `said` is the server's own short word on it, escaped, may be empty.
[[nodiscard]] Registration from_status(int status, std::string_view said = {});

}  // namespace fcrdns::owner
