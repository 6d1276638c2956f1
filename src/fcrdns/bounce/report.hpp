// Claims of a delivery report (RFC 3464, RFC 6533): its fields, and the fuller words of its prose where programs keep the
// cause there (Sendmail's transcript, OpenSMTPD's list).
#pragma once

#include "fcrdns/bounce/delivery_status.hpp"
#include "fcrdns/bounce/gathered.hpp"
#include "fcrdns/bounce/notice.hpp"
#include "fcrdns/bounce/saying.hpp"

namespace fcrdns::bounce {

/// One claim for each recipient that failed or was delayed. `frame`: what all of them share (source, line, format).
void gather_report(const Notice& notice, const Claim& frame, Gathered& to);

/// The claim of one recipient of a report; nothing when the mail went on.
[[nodiscard]] std::optional<Claim> claim_of(const RecipientStatus& status, const DeliveryStatus& report, const Sayings& sayings,
                                            const Claim& frame);

}  // namespace fcrdns::bounce
