// Claims of bounces that are prose only: Exim without a report, qmail (QSBMF), Exchange, Gmail, and what others write.
#pragma once

#include "fcrdns/bounce/gathered.hpp"
#include "fcrdns/bounce/notice.hpp"

namespace fcrdns::bounce {

/// Whether sender, subject or other fields say that this is a bounce.
[[nodiscard]] bool is_bounce(std::string_view header);

/// `frame`: what all claims share (source, line, time).
void gather_prose(const Notice& notice, const Claim& frame, Gathered& to);

}  // namespace fcrdns::bounce
