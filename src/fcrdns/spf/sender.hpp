// Who sends, as the macros tell it (RFC 7208 4.1, 7.2).
#pragma once

#include <string>

#include "fcrdns/spf/spf.hpp"

namespace fcrdns::spf {

/// <sender>: of HELO, and of the null reverse-path, postmaster at that name (2.3, 2.4, 4.3).
struct Sender {
  explicit Sender(const Query& query);
  std::string local, domain;
  bool too_long = false;  ///< nobody can have such a one (RFC 5321 4.5.3.1.3: a path has at most 256 octets)
};

/// A multi-label name that a mail can come from (4.3): "[192.0.2.1]" and "localhost" are none.
[[nodiscard]] bool is_mail_domain(const std::string& domain);

/// Every letter but d and p, which depend on where the macro stands.
[[nodiscard]] std::string macro_value(char letter, const Query& query, const Sender& sender);

}  // namespace fcrdns::spf
