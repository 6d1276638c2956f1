#include "fcrdns/bounce/gathered.hpp"

#include <tuple>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_string = 1024;
constexpr std::size_t shortest_piece = 8;  // octets: less than that is in any text

template <typename T>
bool contradict(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a != *b;
}
bool contradict(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && !base::equals_ignoring_case(a, b); }

bool same_code(const mail::Reply& a, const mail::Reply& b) {
  if (a.code != 0 && b.code != 0 && a.code != b.code) return false;
  if (contradict(a.enhanced, b.enhanced)) return false;
  return (a.code != 0 && a.code == b.code) || (a.enhanced && b.enhanced);
}

bool is_piece(const mail::Reply& a, const mail::Reply& b) {
  if (a.text.size() > b.text.size()) return is_piece(b, a);
  return a.text.size() >= shortest_piece && b.text.find(a.text) != std::string::npos;
}

/// Fuller: quotes the address, is known by its text, is longer.
auto fullness(const Claim& claim) {
  return std::tuple(claim.reply.address.has_value(), claim.meaning.certainty == Certainty::literal && !claim.meaning.causes.empty(),
                    claim.reply.code != 0, claim.reply.text.size());
}

void know(Claim& claim) {
  if (claim.meaning.causes.empty()) claim.meaning = classify(claim.reply, claim.remote_mta);
}

void fill(std::string& to, std::string& from) {
  if (to.empty()) to = std::move(from);
}

}  // namespace

bool alike(const Claim& a, const Claim& b) {
  if (contradict(a.recipient, b.recipient) || contradict(a.reply.address, b.reply.address)) return false;
  if (!same_code(a.reply, b.reply) && !is_piece(a.reply, b.reply)) return false;
  const bool both_known = !a.meaning.causes.empty() && !b.meaning.causes.empty() && a.meaning.certainty == Certainty::literal &&
                          b.meaning.certainty == Certainty::literal;
  return !both_known || a.meaning.causes == b.meaning.causes;
}

void Gathered::put(Claim claim) {
  for (auto* text : {&claim.queue_id, &claim.sender, &claim.recipient, &claim.remote_mta, &claim.sending_host})
    if (text->size() > max_string) text->resize(max_string);
  if (claim.reply.text.size() > mail::max_reply) claim.reply.text.resize(mail::max_reply);
  const bool loose = claim.recipient.empty();
  if (claims_.size() >= max_claims || (loose && loose_ >= max_loose_claims)) {
    cut_ = true;
    return;
  }
  // Only what has no recipient is compared with everything; many recipients of one report differ by name.
  if (!claims_.empty() && (loose || loose_ > 0 || claims_.size() < max_loose_claims)) {
    know(claim);
    for (auto& known : claims_) {
      know(known);
      if (!alike(known, claim)) continue;
      if (fullness(claim) > fullness(known)) {
        std::swap(known.reply, claim.reply);
        std::swap(known.meaning, claim.meaning);
        std::swap(known.line, claim.line);
      }
      fill(known.recipient, claim.recipient);
      fill(known.remote_mta, claim.remote_mta);
      fill(known.sender, claim.sender);
      fill(known.queue_id, claim.queue_id);
      fill(known.sending_host, claim.sending_host);
      if (!known.time) known.time = claim.time;
      if (known.direction == Direction::unknown) known.direction = claim.direction;
      known.permanent = known.permanent && claim.permanent;
      return;
    }
  }
  if (loose) ++loose_;
  claims_.push_back(std::move(claim));
}

}  // namespace fcrdns::bounce
