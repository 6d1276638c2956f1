// What a resolver adds to a SERVFAIL (RFC 8914): the words for its codes, and which of them speak of DNSSEC.
#pragma once

#include <string>

#include "fcrdns/dns/message.hpp"

namespace fcrdns::resolver {

/// "DNSSEC Bogus: signature expired", "extended error 4711". The text is the server's: untrusted.
[[nodiscard]] std::string describe(const dns::ExtendedError& error);

/// Whether the code blames validation (6 to 12), something else, or leaves it open (0 Other, 5 Indeterminate, unknown
/// codes).
enum class Blame { validation, something_else, open };
[[nodiscard]] Blame blame_of(const dns::ExtendedError& error);

}  // namespace fcrdns::resolver
