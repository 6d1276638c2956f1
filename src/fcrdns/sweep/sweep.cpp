#include "fcrdns/sweep/sweep.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "fcrdns/dns/reverse.hpp"
#include "fcrdns/generic/generic.hpp"
#include "fcrdns/net/special_purpose.hpp"
#include "fcrdns/sweep/detail.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::sweep {
namespace {

using dns::Status;

/// Names a slot keeps room for.
constexpr std::size_t usual_names = 16;
/// Targets without a question that are dealt with between two looks at the network.
constexpr std::size_t most_unasked = 4096;

/// What became of the forward question of one PTR name.
struct Forward {
  Status status = Status::not_asked;
  bool leads_back = false;
  bool open = false;  // asked, not answered
};

/// An address under way.
struct Slot {
  net::Address client;
  Target target;
  base::SteadyTime deadline, waits_since;  // waits_since: for room
  std::uint32_t generation = 0;
  Status ptr = Status::timeout;
  bool ptr_open = false;          // asked, not answered
  bool alias = false;
  std::uint32_t open = 0;         // questions that are not answered, or not asked yet for want of room
  std::uint32_t next = 0;         // of names: not asked about so far
  std::size_t held = 0;           // octets of its names
  std::vector<dns::Name> names;   // in canonical order
  std::vector<Forward> forward;   // of the first names, as many as are looked at
};

/// Which slot, and which question of it: 0 is the PTR question, i + 1 that of name i.
struct Token {
  std::uint32_t slot, generation, question;
};
constexpr unsigned question_bits = 17, slot_bits = 20;
constexpr std::uint32_t generation_mask = (1U << (63 - question_bits - slot_bits)) - 1;
constexpr std::uint64_t pack(const Token& token) {
  return (std::uint64_t{token.generation & generation_mask} << slot_bits | token.slot) << question_bits | token.question;
}
constexpr Token unpack(std::uint64_t token) {
  return {static_cast<std::uint32_t>(token >> question_bits & ((1U << slot_bits) - 1)),
          static_cast<std::uint32_t>(token >> (question_bits + slot_bits)) & generation_mask,
          static_cast<std::uint32_t>(token & ((1U << question_bits) - 1))};
}

std::size_t octets_of(const std::vector<dns::Name>& names) {
  std::size_t sum = 0;
  for (const auto& name : names) sum += sizeof(dns::Name) + name.wire().size();
  return sum;
}

}  // namespace

struct Sweep::Impl {
  Impl(resolver::Bulk& its_bulk, Targets& its_targets, const Options& its_options, Rows its_rows)
      : bulk(its_bulk), targets(its_targets), options(its_options), rows(std::move(its_rows)) {}

  // --- asking ---

  void take_targets() {
    std::size_t unasked = 0;
    while (!ended && waiting.empty() && bulk.room() > 0 && unasked < most_unasked) {
      Target target;
      const auto next = targets.next(target);
      if (next == Targets::Next::end) ended = true;
      if (next != Targets::Next::target) break;
      if (!begin(target)) ++unasked;
    }
  }

  /// False when no question was needed.
  bool begin(const Target& target) {
    if (!target.bad_input.empty()) {
      rows(Row{.bad_input = target.bad_input, .detail = Detail::bad_input}, target.place);
      return false;
    }
    const auto client = target.address.unmapped();
    if (!options.ask_special && net::SpecialPurposeTable::built_in().is_not_asked(client)) return without_question(target, client, Status::not_asked);
    if (target.cleared) return without_question(target, client, Status::nxdomain);
    const auto number = free_slot();
    auto& slot = slots[number];
    slot.client = client;
    slot.target = target;
    slot.deadline = bulk.now() + options.patience;
    ask_ptr(number);
    return true;
  }

  bool without_question(const Target& target, const net::Address& client, Status status) {
    const verdict::Facts facts{.client = client, .ptr = status};
    const auto iprev = verdict::iprev(facts).iprev;
    rows(Row{.address = client, .iprev = iprev, .detail = detail_of(facts, iprev)}, target.place);
    return false;
  }

  void ask_ptr(std::uint32_t number) {
    auto& slot = slots[number];
    slot.open = 1;
    slot.ptr_open = true;
    bulk.ask({dns::reverse_name(slot.client), dns::Type::ptr}, pack({number, slot.generation, 0}), slot.deadline);
  }

  /// Asks about the names of this slot, as far as there is room; false when some are left.
  bool ask_forward(std::uint32_t number) {
    auto& slot = slots[number];
    const auto type = slot.client.is_v4() ? dns::Type::a : dns::Type::aaaa;
    for (; slot.next < slot.forward.size(); ++slot.next) {
      auto& forward = slot.forward[slot.next];
      if (forward.status != Status::timeout) continue;
      if (bulk.room() == 0) return false;
      if (bulk.now() >= slot.deadline) continue;
      ++slot.open;
      forward.open = true;
      bulk.ask({slot.names[slot.next], type}, pack({number, slot.generation, slot.next + 1}), slot.deadline);
    }
    return true;
  }

  void ask_waiting() {
    while (!waiting.empty() && bulk.room() > 0) {
      const auto number = waiting.front();
      auto& slot = slots[number];
      slot.deadline += bulk.now() - std::exchange(slot.waits_since, bulk.now());
      if (!ask_forward(number)) return;
      waiting.pop_front();
      end_if_done(number);
    }
    // What had too many names is asked again once there is room for them.
    while (!postponed.empty() && bulk.room() > 0 && (held == 0 || held + slots[postponed.front()].held <= options.most_held)) {
      auto& slot = slots[postponed.front()];
      held += slot.held;
      slot.deadline = bulk.now() + options.patience;
      ask_ptr(postponed.front());
      postponed.pop_front();
    }
  }

  // --- answers ---

  void answered(std::uint64_t token, dns::Reply& reply) {
    if (token & Targets::own_token) return targets.answered(token, reply);
    const auto [number, generation, question] = unpack(token);
    if (number >= slots.size()) return;
    auto& slot = slots[number];
    if ((slot.generation & generation_mask) != generation) return;  // too late
    if (question > slot.forward.size() || !std::exchange(question == 0 ? slot.ptr_open : slot.forward[question - 1].open, false)) return;
    --slot.open;
    slot.deadline += bulk.waited();
    if (question == 0) ptr_answered(number, reply);
    else forward_answered(slot, question - 1, reply);
    end_if_done(number);
  }

  void ptr_answered(std::uint32_t number, dns::Reply& reply) {
    auto& slot = slots[number];
    const bool again = slot.held > 0;  // room was made for it
    if (!again) targets.answered(slot.target, reply);
    slot.ptr = reply.status;
    slot.alias = !reply.via.empty();
    for (auto& record : reply.records)
      if (auto* name = std::get_if<dns::Name>(&record.data)) slot.names.push_back(std::move(*name));
    const auto octets = octets_of(slot.names);
    if (!again && held > 0 && held + octets > options.most_held) return postpone(number, octets);
    held += octets - slot.held;
    slot.held = octets;
    if (slot.names.size() > 1) std::ranges::sort(slot.names);
    choose_names(slot);
    if (slot.forward.empty() || (waiting.empty() && ask_forward(number))) return;
    slot.waits_since = bulk.now();
    waiting.push_back(number);
  }

  void postpone(std::uint32_t number, std::size_t octets) {
    auto& slot = slots[number];
    std::vector<dns::Name>().swap(slot.names);
    slot.held = octets;
    slot.open = 1;  // it is not done
    postponed.push_back(number);
  }

  /// The names that are looked at: usable ones, at most max_names of them.
  void choose_names(Slot& slot) const {
    std::size_t usable = 0;
    for (std::size_t i = 0; i < slot.names.size() && usable < options.max_names; ++i) {
      const bool ask = is_usable(verdict::usability(slot.names[i], slot.client));
      usable += ask ? 1 : 0;
      slot.forward.push_back({ask ? Status::timeout : Status::not_asked, false});
    }
  }

  void forward_answered(Slot& slot, std::size_t index, const dns::Reply& reply) {
    addresses.clear();
    for (const auto& record : reply.records)
      if (const auto* address = std::get_if<net::Address>(&record.data)) addresses.push_back(*address);
    slot.forward[index] = {reply.status, verdict::confirms({reply.status, addresses}, slot.client)};
    slot.alias = slot.alias || !reply.via.empty();
  }

  // --- rows ---

  void end_if_done(std::uint32_t number) {
    auto& slot = slots[number];
    if (slot.open > 0 || slot.next < slot.forward.size()) return;
    hand_out(slot);
    held -= slot.held;
    slot.held = 0;
    slot.next = 0;
    slot.names.clear();
    slot.forward.clear();
    if (slot.names.capacity() > usual_names) std::vector<dns::Name>().swap(slot.names);
    if (slot.forward.capacity() > usual_names) std::vector<Forward>().swap(slot.forward);
    ++slot.generation;
    free.push_back(number);
  }

  void hand_out(const Slot& slot) {
    facts_of_names.clear();
    for (const auto& forward : slot.forward)
      facts_of_names.push_back({forward.status, forward.leads_back ? std::span(&slot.client, 1) : std::span<const net::Address>()});
    const bool only_root = !slot.names.empty() && std::ranges::all_of(slot.names, &dns::Name::is_root);
    const verdict::Facts facts{slot.client, slot.ptr, only_root, facts_of_names};
    const auto verdict = verdict::iprev(facts);
    rows(Row{.address = slot.client,
             .iprev = verdict.iprev,
             .confirmed = verdict.confirmed,
             .names = slot.names,
             .detail = detail_of(facts, verdict.iprev),
             .notes = {.generic = options.notes && has_generic(slot), .multiple = slot.names.size() > 1, .alias = slot.alias}},
         slot.target.place);
  }

  [[nodiscard]] static bool has_generic(const Slot& slot) {
    for (std::size_t i = 0; i < slot.forward.size(); ++i)
      if (slot.forward[i].status != Status::not_asked && generic::classify(slot.names[i], slot.client)) return true;
    return false;
  }

  std::uint32_t free_slot() {
    if (free.empty()) {
      slots.emplace_back();
      return static_cast<std::uint32_t>(slots.size() - 1);
    }
    const auto number = free.back();
    free.pop_back();
    return number;
  }

  resolver::Bulk& bulk;
  Targets& targets;
  Options options;
  Rows rows;
  const resolver::Bulk::Deliver deliver = [this](std::uint64_t token, dns::Reply& reply) { answered(token, reply); };
  bool ended = false;
  std::vector<Slot> slots;
  std::vector<std::uint32_t> free;
  std::deque<std::uint32_t> waiting;    // have names that are not asked about so far
  std::deque<std::uint32_t> postponed;  // have more names than there was room for
  std::size_t held = 0;                 // octets of names, those included that are asked for again
  std::vector<net::Address> addresses;  // of one answer
  std::vector<verdict::NameFacts> facts_of_names;  // of one row
};

Sweep::Sweep(resolver::Bulk& bulk, Targets& targets, const Options& options, Rows rows)
    : impl_(std::make_unique<Impl>(bulk, targets, options, std::move(rows))) {}
Sweep::~Sweep() = default;

bool Sweep::turn() {
  impl_->ask_waiting();
  impl_->take_targets();
  impl_->bulk.turn(impl_->deliver);
  return !impl_->ended || impl_->free.size() != impl_->slots.size() || !impl_->bulk.idle();
}

void Sweep::stop() { impl_->ended = true; }

}  // namespace fcrdns::sweep
