// Words shared by the renderings.
#pragma once

#include <string>
#include <string_view>

#include "fcrdns/base/time.hpp"
#include "fcrdns/bounce/claim.hpp"
#include "fcrdns/bounce/read.hpp"

namespace fcrdns::explanation {

/// "13:02 UTC"; with the day when it is another one than now's.
[[nodiscard]] std::string moment_text(base::WallTime when, base::WallTime now);
/// "550 5.7.25"
[[nodiscard]] std::string codes_text(const mail::Reply& reply);
/// "550 5.7.25 (permanent) by gmail-smtp-in.l.google.com, 13:02 UTC; sent by mail.example.com"
[[nodiscard]] std::string refusal_text(const bounce::Claim& claim, base::WallTime now);
/// Why the advice does not help, and what does.
[[nodiscard]] std::string_view advice_text(bounce::Advice advice);
/// "the address has no PTR"
[[nodiscard]] std::string_view cause_text(bounce::Cause cause);

}  // namespace fcrdns::explanation
