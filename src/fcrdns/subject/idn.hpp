// Internationalised names to the form the DNS knows (IDNA2008: RFC 5890, RFC 5891; mapping of UTS 46, non-transitional).
#pragma once

#include <string>
#include <string_view>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::subject {

/// "bücher.example" -> "xn--bcher-kva.example". Only for text with octets above 127: a name in ASCII needs no conversion.
[[nodiscard]] base::Expected<std::string> to_a_labels(std::string_view utf8);

}  // namespace fcrdns::subject
