#pragma once

#include <string>
#include <string_view>

namespace fcrdns::base {

/// With padding, without line breaks (RFC 4648 4).
[[nodiscard]] std::string base64(std::string_view octets);

}  // namespace fcrdns::base
