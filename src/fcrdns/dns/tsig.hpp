// Transaction signatures (RFC 8945): one message signed, and the one that answers it checked. No I/O, no clock.
#pragma once

#include <cstdint>
#include <optional>

#include "fcrdns/base/octets.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/tsig_key.hpp"

namespace fcrdns::dns {

/// Seconds between two clocks, RFC 8945 10.
inline constexpr std::uint16_t tsig_fudge = 300;

/// What a TSIG record itself says went wrong, RFC 8945 3.
enum class TsigError : std::uint16_t { none = 0, badsig = 16, badkey = 17, badtime = 18, badtrunc = 22 };

struct SignedMessage {
  base::Octets octets;
  base::Octets mac;  ///< the answer is checked with it
};
/// `message` as write_message() made it, with a TSIG record behind. `request_mac`: of the request that it answers;
/// empty: it is a request.
[[nodiscard]] SignedMessage sign(base::OctetView message, const TsigKey& key, base::WallTime now,
                                 base::OctetView request_mac = {}, std::uint16_t fudge = tsig_fudge);

enum class TsigVerdict {
  good,           ///< from somebody who has the key, in answer to this request; `error` may still say BADTIME
  not_signed,     ///< no TSIG record, or one without a MAC: so BADKEY and BADSIG come (RFC 8945 5.2.1)
  wrong_key,      ///< another name or algorithm than the request's
  bad_mac,
  truncated_mac,  ///< shorter than the algorithm's: not accepted, as none was asked for (RFC 8945 5.2.2.1)
  bad_time,       ///< the MAC is right, the clocks differ by more than the fudge
  malformed,      ///< not readable, two TSIG records, one that is not the last, a MAC that is too long
};
struct TsigCheck {
  TsigVerdict verdict = TsigVerdict::malformed;
  TsigError error = TsigError::none;         ///< as the record says it; anybody may have written it unless `good` or `bad_time`
  std::optional<base::WallTime> server_time{};  ///< of BADTIME's other data, or of the signature when that is off; whole seconds
};
/// Checks a response as it came off the wire, before anything in it is believed (RFC 8945 5.3, 5.4).
[[nodiscard]] TsigCheck verify(base::OctetView response, const TsigKey& key, base::OctetView request_mac, base::WallTime now);

}  // namespace fcrdns::dns
