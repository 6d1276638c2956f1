#include "fcrdns/bounce/code_causes.hpp"

#include <array>

namespace fcrdns::bounce {
namespace {

/// Details of X.7.
struct Range {
  std::uint16_t first, last;
  Cause cause;
};
constexpr std::array ranges{
    Range{20, 24, Cause::authentication},    // DKIM, SPF: RFC 7372 3.1, 3.2
    Range{25, 25, Cause::no_ptr_or_mismatch},  // RFC 7372 3.3
    Range{26, 26, Cause::authentication},    // several checks: RFC 7372 3.4
    Range{28, 28, Cause::reputation},        // mail flood
    Range{29, 29, Cause::authentication},    // ARC: RFC 8617
    // Microsoft's own, from here on.
    Range{501, 505, Cause::reputation},
    Range{506, 506, Cause::helo},
    Range{507, 508, Cause::reputation},
    Range{509, 509, Cause::authentication},
    Range{511, 514, Cause::reputation},
    Range{515, 515, Cause::authentication},
    Range{606, 649, Cause::reputation},
    Range{700, 750, Cause::reputation},
};

}  // namespace

bool is_reverse_dns_code(const mail::Reply& reply) {
  return reply.enhanced && reply.enhanced->subject == 7 && reply.enhanced->detail == 25;
}

std::vector<Cause> causes_of_code(const mail::Reply& reply) {
  if (!reply.enhanced || reply.enhanced->subject != 7) return {Cause::other};
  for (const auto& range : ranges)
    if (reply.enhanced->detail >= range.first && reply.enhanced->detail <= range.last) {
      // A temporary refusal with that code may be the receiver's own look-up that failed.
      if (range.first == 25 && reply.enhanced->kind == 4) return {range.cause, Cause::dns_tempfail};
      return {range.cause};
    }
  return {Cause::other};
}

}  // namespace fcrdns::bounce
