#include "fcrdns/sweep/pruning.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/dns/reverse.hpp"
#include "fcrdns/net/reverse_zone.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/sweep/permutation.hpp"
#include "fcrdns/sweep/ranges.hpp"
#include "fcrdns/sweep/targets.hpp"

namespace fcrdns::sweep {
namespace {

constexpr std::uint8_t not_seen = 0xff;
constexpr base::Milliseconds patience{10'000};
constexpr std::uint8_t tries_of_sample = 3;   // another address is taken for one whose question ends in trouble
constexpr std::uint32_t most_again = 8;       // names of each zone that are asked for a second time

unsigned bits_of_label(net::Family family) { return family == net::Family::v4 ? 8 : 4; }
constexpr std::size_t tail_labels = 2;  // in-addr.arpa, ip6.arpa

dns::Name name_of(const net::Prefix& block) {
  return dns::reverse_name(block.base).ancestor(block.length / bits_of_label(block.base.family()) + tail_labels);
}

/// The length of the zone that speaks in a negative answer, as a prefix. Its SOA is above the name that was asked about
/// (dns::interpret), so its labels need only be counted. The root and arpa count as the top of the tree.
std::optional<std::uint8_t> zone_length(const dns::Reply& reply, net::Family family) {
  if (!reply.soa || !reply.via.empty()) return {};  // behind an alias it is of another tree
  const auto labels = reply.soa->owner.label_count();
  const auto bits = labels <= tail_labels ? 0 : (labels - tail_labels) * bits_of_label(family);
  if (bits > full_length(family)) return {};
  return static_cast<std::uint8_t>(bits);
}

}  // namespace

Pruning::Pruning(const Units& units, const OptOut& opt_out, const RangeOptions& options, resolver::Bulk& bulk)
    : opt_out_(opt_out), options_(options), bulk_(bulk), blocks_(units), above_(units.prefixes().size(), not_seen),
      random_(mix(options.key + 1)) {
  for (const auto& zone : options.liars) zones_.lied(zone);
}

bool Pruning::may_consider() const {
  return samples_.empty() && again_.empty() && waiting_ < options_.max_names_under_way && may_ask();
}

bool Pruning::may_ask() const { return under_way_ < options_.max_names_under_way && bulk_.room() > 0; }

Pruning::Now Pruning::consider(const Unit& unit) {
  for (std::uint8_t level = 0; level < blocks_.levels(unit.prefix); ++level) {
    const auto block = blocks_.around(unit, level);
    const auto known = blocks_[block];
    if (known == Known::open()) continue;
    if (known.is_cleared()) return Now::later;
    const auto prefix = blocks_.prefix_of(block);
    if (known == Known::unknown() && !has_public_names(prefix)) {
      blocks_.set(block, Known::open());
      continue;
    }
    if (known == Known::unknown()) {
      blocks_.set(block, Known::asking());
      asking_[blocks_.number(block)] = ask(name_of(prefix), {.about = Asked::About::block, .block = block});
    }
    asked_[asking_.at(blocks_.number(block))].waiting.push_back(unit.number);
    ++waiting_;
    return Now::wait;
  }
  return Now::ask;
}

std::uint32_t Pruning::ask(const dns::Name& name, Asked asked) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(asked_.size()));
    asked_.emplace_back();
  }
  const auto slot = free_.back();
  free_.pop_back();
  asked_[slot] = std::move(asked);
  ++under_way_;
  bulk_.ask({name, dns::Type::ptr}, Targets::own_token | slot, bulk_.now() + patience);
  return slot;
}

void Pruning::answered(std::uint64_t token, const dns::Reply& reply) {
  const auto slot = static_cast<std::uint32_t>(token & ~Targets::own_token);
  const auto asked = std::exchange(asked_.at(slot), {});
  free_.push_back(slot);
  --under_way_;
  switch (asked.about) {
    case Asked::About::sample: return sample_answered(asked, reply);
    case Asked::About::again: return proven_answered(asked.block, reply);
    case Asked::About::block: break;
  }
  blocks_.set(asked.block, judge(asked.block, reply));
  asking_.erase(blocks_.number(asked.block));
  waiting_ -= asked.waiting.size();
  released_.insert(released_.end(), asked.waiting.begin(), asked.waiting.end());
}

Known Pruning::judge(const Block& block, const dns::Reply& reply) {
  const auto prefix = blocks_.prefix_of(block);
  const auto length = zone_length(reply, prefix.base.family());
  if (!length) return Known::open();
  const auto zone = net::zone_of(prefix.base, *length);
  const bool of_its_own = *length >= prefix.length;  // the name is the zone's apex
  if (reply.status == dns::Status::nodata && !of_its_own) prove(block, zone);
  if (reply.status != dns::Status::nxdomain) return Known::open();
  if (of_its_own) {
    zones_.lied(zone);  // an apex exists
    return Known::open();
  }
  const auto known = known_by(block, *length);
  auto* speaks = zones_.at(zone);
  if (!known || !speaks || speaks->lies) return Known::open();
  if (const auto count = Zones::cleared_one(*speaks, options_.samples); count > 0) samples_.push_back({block, zone, count, 0, true});
  return *known;
}

/// Which zone it was, in half an octet. Nothing for a second zone above the prefix: one of them is odd.
std::optional<Known> Pruning::known_by(const Block& block, std::uint8_t length) {
  for (std::uint8_t level = 0; level < block.level; ++level)
    if (blocks_.length(block.prefix, level) == length) return Known::cleared_by(level);
  auto& above = above_[block.prefix];
  if (above == not_seen) above = length;
  if (above != length) return {};
  return Known::cleared_from_above();
}

/// An empty non-terminal that says so. The first ones are asked about again: another server of the zone may know less.
void Pruning::prove(const Block& block, const net::Prefix& zone) {
  auto* speaks = zones_.at(zone);
  if (!speaks) return;
  if (++speaks->proofs <= most_again) again_.push_back(block);
}

void Pruning::proven_answered(const Block& block, const dns::Reply& reply) {
  const auto prefix = blocks_.prefix_of(block);
  const auto length = zone_length(reply, prefix.base.family());
  if (length && reply.status == dns::Status::nxdomain) zones_.lied(net::zone_of(prefix.base, *length));
}

void Pruning::ask_samples() {
  for (; !again_.empty() && may_ask(); again_.pop_front())
    ask(name_of(blocks_.prefix_of(again_.front())), {.about = Asked::About::again, .block = again_.front()});
  while (!samples_.empty() && may_ask()) {
    auto& due = samples_.front();
    net::Address address;
    if (due.left > 0 && !zones_.lies(due.zone) && choose(blocks_.prefix_of(due.block), std::exchange(due.first, false), address)) {
      ask(dns::reverse_name(address), {.about = Asked::About::sample, .block = due.block, .zone = due.zone, .tries = due.tries});
      --due.left;
    } else {
      samples_.pop_front();
    }
  }
}

/// An address of the block that may be asked about: its second one first, where there is one (the first that is in use
/// mostly), then any.
bool Pruning::choose(const net::Prefix& block, bool first, net::Address& out) {
  const auto size = std::uint64_t{1} << (full_length(block.base.family()) - block.length);
  for (int tries = 0; tries < 16; ++tries, first = false) {
    random_ = mix(random_);
    out = address_at(block.base, first ? 1 : random_ % size);
    if (!opt_out_.contains(out) && has_public_names({out, full_length(out.family())})) return true;
  }
  return false;
}

void Pruning::sample_answered(const Asked& asked, const dns::Reply& reply) {
  const auto prefix = blocks_.prefix_of(asked.block);
  const auto length = zone_length(reply, prefix.base.family());
  const bool is_there = reply.status == dns::Status::noerror || reply.status == dns::Status::nodata || !reply.via.empty();
  const bool is_zone_below = length && *length >= prefix.length;
  if (is_there || is_zone_below) return zones_.lied(asked.zone);
  if (!dns::is_definite(reply.status) && asked.tries + 1 < tries_of_sample)
    samples_.push_back({asked.block, asked.zone, 1, static_cast<std::uint8_t>(asked.tries + 1), false});
}

Pruning::Was Pruning::what_of(const Unit& unit) const {
  for (std::uint8_t level = 0; level < blocks_.levels(unit.prefix); ++level)
    if (const auto known = blocks_[blocks_.around(unit, level)]; known.is_cleared()) {
      const auto length = known.is_from_above() ? above_[unit.prefix] : blocks_.length(unit.prefix, known.by());
      return zones_.lies(net::zone_of(unit.block.base, length)) ? Was::taken_back : Was::cleared;
    }
  return Was::asked;
}

bool Pruning::has_public_names(const net::Prefix& block) const {
  const auto& table = net::SpecialPurposeTable::built_in();
  return options_.ask_special || !table.is_not_asked(block.base) || !table.is_not_asked(last_of(block));
}

}  // namespace fcrdns::sweep
