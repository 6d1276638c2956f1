// A response to a signed request: whatever it holds, only who has the key is believed; and what we sign, we accept.
#include "fcrdns/dns/tsig.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const dns::TsigKey ours(*dns::Name::parse("update.example.com."), dns::TsigAlgorithm::hmac_sha256, base::Octets(32, 0x5a));
  const base::WallTime now(base::Seconds(1'800'000'000));
  const base::Octets request_mac(32, 7);
  const auto check = dns::verify({data, size}, ours, request_mac, now);
  fuzz::require(check.verdict != dns::TsigVerdict::good && check.verdict != dns::TsigVerdict::bad_time);
  if (size < 12 || size > 60000 || check.verdict != dns::TsigVerdict::not_signed || check.error != dns::TsigError::none) return 0;
  const bool full = data[10] == 0xff && data[11] == 0xff;  // no room for one more record
  const auto own = dns::sign({data, size}, ours, now, request_mac);
  const auto again = dns::verify(own.octets, ours, request_mac, now);
  fuzz::require(full || again.verdict == dns::TsigVerdict::good || again.verdict == dns::TsigVerdict::malformed);
  return 0;
}
