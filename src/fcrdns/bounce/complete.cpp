#include "fcrdns/bounce/complete.hpp"

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {
namespace {

bool is_of(const Claim& claim, const std::string& receiver) {
  return base::equals_ignoring_case(claim.meaning.receiver, receiver) ||
         base::to_lower(claim.remote_mta).find(base::to_lower(receiver)) != std::string::npos;
}

}  // namespace

bool is_too_old(const Claim& claim, const Options& options) { return options.since && claim.time && *claim.time < *options.since; }

void complete(Claim& claim, const Options& options, Sink& sink) {
  if (is_too_old(claim, options)) return;
  claim.meaning = classify(claim.reply, claim.remote_mta);
  hand_over(claim, options, sink);
}

void hand_over(Claim& claim, const Options& options, Sink& sink) {
  if (!options.receiver.empty() && !is_of(claim, options.receiver)) return;
  if (claim.reply.address && claim.direction != Direction::inbound) {  // ours refused: the log knows the client
    claim.address = claim.reply.address;
    claim.address_source = AddressSource::reply;
  }
  if (options.address && claim.address_source != AddressSource::reply && claim.direction != Direction::inbound) {
    claim.address = options.address;
    claim.address_source = AddressSource::option;
  }
  sink.claim(claim);
}

}  // namespace fcrdns::bounce
