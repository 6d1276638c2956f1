#include "fcrdns/remedy/safe_to_resend.hpp"

#include <algorithm>
#include <set>

#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

using dns::Status;
using evidence::AddressEvidence;
using evidence::leads_to;
using evidence::NameEvidence;
using resolver::Answer;
using resolver::Walk;

/// `unknown`: nothing definite, or nothing that any cache could hold.
enum class State { unknown, right, wrong };

const Walk* last_definite(std::span<const Walk> walks) {
  return walks.empty() || !dns::is_definite(walks.back().answer.status) ? nullptr : &walks.back();
}

/// The names of a PTR, apart from TTLs and order.
std::set<dns::Name> content(const Answer& answer) {
  std::set<dns::Name> out;
  for (const auto& record : answer.records)
    if (const auto* name = std::get_if<dns::Name>(&record.data)) out.insert(*name);
  return out;
}
/// What matters of two answers to the same question: the names of a PTR; whether the address is among a host's.
bool says_same(const Answer& a, const Answer& b, const dns::Question& question, const net::Address& address) {
  if (question.type == dns::Type::ptr) return dns::is_negative(a.status) == dns::is_negative(b.status) && content(a) == content(b);
  return leads_to(a, address) == leads_to(b, address);
}

std::uint32_t longest_ttl(const Answer& answer) {
  std::uint32_t out = 0;
  for (const auto& record : answer.records) out = std::max(out, record.ttl);
  return out;
}

/// The SOA as its own servers give it, of the zone that a negative answer came from. Null when no walk ended in that
/// zone: the cut was higher up.
const dns::Record* full_soa(std::span<const Walk> walks, const dns::Record& seen) {
  for (const auto& walk : walks)
    for (const auto* soa : {&walk.answer.soa, &walk.soa})
      if (*soa && (*soa)->owner == seen.owner) return &**soa;
  return nullptr;
}

/// Some server says that the alias is not there.
bool lacks_alias(const Walk& walk) {
  return std::ranges::any_of(walk.servers, [](const resolver::ServerReport& server) { return dns::is_negative(server.answer.status); });
}

/// How long what was seen may still be held, counted from the evidence's time (left in the cache that answered), and
/// how many seconds it may be held at all.
struct Span {
  base::Milliseconds left{};
  std::uint32_t whole = 0;

  /// An answer from a cache; the walks of the same question have the TTLs that no cache has counted down. `walk` is the
  /// one that ended it, null when none did.
  void include(const Answer& seen, const Walk* walk, std::span<const Walk> walks) {
    if (!dns::is_definite(seen.status)) return;
    const auto held = dns::is_negative(seen.status) ? (seen.soa ? dns::negative_ttl(*seen.soa) : 0) : longest_ttl(seen);
    const auto seen_at = std::chrono::ceil<base::Milliseconds>(seen.answered.time_since_epoch());  // since the begin
    left = std::max(left, seen_at + base::Seconds{held});
    whole = std::max({whole, held, full_ttl(seen, walk, walks)});
  }
  /// What the authority says now, as caches may come to hold it until it is mended.
  void include(const Walk& walk) {
    whole = std::max(whole, dns::is_negative(walk.answer.status) ? negative_of(walk) : longest_ttl(walk.answer));
  }

  /// What one server of the walk's zone says.
  void include(const Answer& said, const Walk& walk) {
    if (dns::is_definite(said.status)) whole = std::max(whole, dns::is_negative(said.status) ? negative_of(walk) : longest_ttl(said));
  }

 private:
  static std::uint32_t negative_of(const Walk& walk) {
    const auto& soa = walk.answer.soa ? walk.answer.soa : walk.soa;
    return soa ? dns::negative_ttl(*soa) : 0;
  }
  static std::uint32_t full_ttl(const Answer& seen, const Walk* walk, std::span<const Walk> walks) {
    if (!dns::is_negative(seen.status)) return walk == nullptr ? 0 : longest_ttl(walk->answer);
    if (!seen.soa) return walk == nullptr ? 0 : negative_of(*walk);
    if (const auto* soa = full_soa(walks, *seen.soa)) return dns::negative_ttl(*soa);
    // The SOA's own TTL was counted down on the way; what it was at first, only its MINIMUM bounds.
    const auto* data = std::get_if<dns::Soa>(&seen.soa->data);
    return data == nullptr ? 0 : data->minimum;
  }
};

class Judged {
 public:
  Judged(const finding::Considered& all, std::span<const finding::Finding> findings, std::size_t index)
      : evidence_(all.evidence), findings_(findings), at_(all.evidence.addresses[index]), iprev_(all.verdicts[index].iprev) {
    const auto* walk = at_.reverse.empty() ? nullptr : evidence::reverse_zone(at_);
    if (walk != nullptr && !walk->alias && dns::is_definite(walk->answer.status)) reverse_ = walk;
  }

  [[nodiscard]] State state() const {
    if (at_.ptr.status == Status::not_asked) return State::unknown;
    if (reverse_ == nullptr) return by_verdict();
    if (dns::is_negative(reverse_->answer.status)) return State::wrong;
    bool open = false;
    for (const auto& record : reverse_->answer.records) {
      const auto* name = std::get_if<dns::Name>(&record.data);
      if (name == nullptr) continue;
      const auto forward = leads_back(*name);
      if (forward == State::right)
        return all_lead_on(at_.reverse) && all_servers_say(*reverse_, record.data) ? State::right : State::wrong;
      open = open || forward == State::unknown;
    }
    if (!open) return State::wrong;
    // What its name leads to nobody looked up, for the resolver does not give the name yet.
    const bool everywhere = all_lead_on(at_.reverse) && std::ranges::all_of(reverse_->answer.records, [&](const dns::Record& record) {
      return all_servers_say(*reverse_, record.data);
    });
    return has_stale_cache() && everywhere ? State::right : by_verdict();
  }

  /// What is wrong now, as caches hold it or will, until it is mended.
  void include_wrong(Span& span) const {
    if (is_mended_somewhere()) return include_lagging(span);
    span.include(at_.ptr, reverse_, at_.reverse);
    if (reverse_ != nullptr) span.include(*reverse_);
    for (const auto& name : at_.names) {
      const auto* walk = last_definite(name.forward);
      span.include(name.own, walk, name.forward);
      if (walk != nullptr) span.include(*walk);
    }
    for (const auto& cache : at_.caches) span.include(cache.answer, walk_for(cache.question), walks_for(cache.question));
  }

  /// Some servers show what is right already: what others still say, and what was seen of it in caches.
  void include_lagging(Span& span) const {
    const auto lag = [&](const Answer& seen, const std::vector<Walk>& walks, const auto& is_right) {
      for (const auto& walk : walks)
        for (const auto& server : walk.servers)
          if (!is_right(server.answer)) span.include(server.answer, walk);
      if (!is_right(seen)) span.include(seen, last_definite(walks), walks);
    };
    const auto leads_here = [&](const Answer& answer) { return is_alias(answer) || leads_to(answer, at_.address); };
    const auto names_right = [&](const Answer& answer) { return is_alias(answer) || has_right_name(answer); };
    lag(at_.ptr, at_.reverse, names_right);
    for (const auto& name : at_.names)
      if (leads_back(name.name, false) == State::right) lag(name.own, name.forward, leads_here);
    for (const auto& cache : at_.caches)
      if (cache.question.type == dns::Type::ptr ? !names_right(cache.answer) : !leads_here(cache.answer))
        span.include(cache.answer, walk_for(cache.question), walks_for(cache.question));
  }

  /// What caches hold that is right no more. False when none was seen to.
  [[nodiscard]] bool include_stale(Span& span) const {
    bool any = false;
    const auto look = [&](const Answer& seen, const Walk* walk, std::span<const Walk> walks) {
      if (walk == nullptr || !is_old(seen, *walk)) return;
      any = true;
      span.include(seen, walk, walks);
    };
    look(at_.ptr, reverse_, at_.reverse);
    for (const auto& name : at_.names)
      if (is_ptr_now(name.name)) look(name.own, last_definite(name.forward), name.forward);
    for (const auto& cache : at_.caches) look(cache.answer, walk_for(cache.question), walks_for(cache.question));
    return any;
  }

 private:
  [[nodiscard]] State by_verdict() const {
    switch (iprev_) {
      case verdict::Iprev::pass: return State::right;
      case verdict::Iprev::temperror: return State::unknown;
      default: return State::wrong;
    }
  }

  /// When a listed server says so too, it is no old answer.
  [[nodiscard]] bool is_old(const Answer& seen, const Walk& walk) const {
    const auto same = [&](const Answer& now) { return says_same(seen, now, walk.question, at_.address); };
    return dns::is_definite(seen.status) && !same(walk.answer) &&
           std::ranges::none_of(walk.servers, [&](const resolver::ServerReport& server) {
             return dns::is_definite(server.answer.status) && same(server.answer);
           });
  }

  [[nodiscard]] bool has_stale_cache() const {
    return std::ranges::any_of(findings_, [&](const finding::Finding& finding) {
      return finding.id == finding::Id::stale_cache && (!finding.address || *finding.address == at_.address);
    });
  }

  /// Every server that answers has the aliases on the way.
  static bool all_lead_on(const std::vector<Walk>& walks) {
    return std::ranges::none_of(walks, [](const Walk& walk) { return walk.alias && lacks_alias(walk); });
  }
  /// A server that does not answer shows nothing to anybody; one that answers otherwise does.
  static bool all_servers_say(const Walk& walk, const dns::Rdata& data) {
    return std::ranges::all_of(walk.servers, [&](const resolver::ServerReport& server) {
      return !dns::is_definite(server.answer.status) || std::ranges::any_of(server.answer.records, [&](const dns::Record& record) {
        return record.data == data;
      });
    });
  }

  [[nodiscard]] State by_answer(const Answer& answer) const {
    if (!dns::is_definite(answer.status)) return State::unknown;
    return leads_to(answer, at_.address) ? State::right : State::wrong;
  }

  static bool is_alias(const Answer& answer) { return answer.status == Status::noerror && answer.records.empty(); }
  /// Whether one of its names leads back, at some servers at least.
  [[nodiscard]] bool has_right_name(const Answer& answer) const {
    return std::ranges::any_of(content(answer), [&](const dns::Name& name) { return leads_back(name, false) == State::right; });
  }
  [[nodiscard]] bool is_mended_somewhere() const { return reverse_ != nullptr && has_right_name(reverse_->answer); }

  /// Whether a name that the authority gives leads back, as its own servers say, else as far as it was looked up.
  /// `everywhere`: every server must say so.
  [[nodiscard]] State leads_back(const dns::Name& name, bool everywhere = true) const {
    const auto known = std::ranges::find(at_.names, name, &NameEvidence::name);
    if (known != at_.names.end()) {
      const auto* walk = last_definite(known->forward);
      if (walk == nullptr) return by_answer(known->own);
      const auto joint = by_answer(walk->answer);
      const bool enough = !everywhere || (all_lead_on(known->forward) && all_servers_say(*walk, dns::Rdata(at_.address)));
      return joint == State::right && !enough ? State::wrong : joint;
    }
    for (const auto* look : evidence::own_names(evidence_))
      if (look->name == name) return by_answer(at_.address.is_v4() ? look->a : look->aaaa);
    return at_.host && *at_.host == name ? State::right : State::unknown;
  }

  [[nodiscard]] bool is_ptr_now(const dns::Name& name) const {
    return reverse_ == nullptr || std::ranges::any_of(reverse_->answer.records, [&](const dns::Record& record) {
      return record.data == dns::Rdata(name);
    });
  }

  [[nodiscard]] const Walk* walk_for(const dns::Question& question) const {
    return question.type == dns::Type::ptr ? reverse_ : last_definite(walks_for(question));
  }
  [[nodiscard]] std::span<const Walk> walks_for(const dns::Question& question) const {
    if (question.type == dns::Type::ptr) return at_.reverse;
    const auto known = std::ranges::find(at_.names, question.name, &NameEvidence::name);
    return known == at_.names.end() ? std::span<const Walk>() : known->forward;
  }

  const evidence::Evidence& evidence_;
  std::span<const finding::Finding> findings_;
  const AddressEvidence& at_;
  verdict::Iprev iprev_;
  const Walk* reverse_ = nullptr;  ///< definite
};

}  // namespace

std::optional<SafeToResend> safe_to_resend(const finding::Considered& considered, std::span<const finding::Finding> findings) {
  Span span;
  std::uint32_t former = 0;
  bool wrong = false, stale = false, right = false;
  const auto& blame = considered.evidence.blame;
  for (std::size_t i = 0; i < std::min(considered.verdicts.size(), considered.evidence.addresses.size()); ++i) {
    const Judged judged(considered, findings, i);
    const auto state = judged.state();
    if (state == State::wrong) {
      wrong = true;
      judged.include_wrong(span);
    } else if (state == State::right) {
      right = true;
      stale = judged.include_stale(span) || stale;
      former = std::max(former, evidence::longest_held(considered.evidence.addresses[i]));
    }
  }
  if (!wrong && !stale && !(right && blame && bounce::concerns_reverse_dns(blame->causes.front()))) return std::nullopt;
  // A resolver counts whole seconds and may serve a record until the next one begins. Printed in whole ones, never too early.
  const auto after = [](base::WallTime from, base::Milliseconds held) {
    return std::chrono::ceil<base::Seconds>(from + held + base::Seconds{1});
  };
  const auto& evidence = considered.evidence;
  // The last server may have turned right as late as the last answer.
  const auto counted_from = wrong ? evidence.time : evidence.time + evidence.wall;
  SafeToResend out{.observed = !wrong, .note = std::string(words::resolver_caps)};
  out.earliest = after(evidence.time, span.left);
  if (!wrong && !stale) {
    // The receiver learned the old answer when it refused, at the latest.
    out.latest = after(blame->last.value_or(evidence.time), base::Seconds{former});
    return out.latest > out.earliest ? std::optional(out) : std::nullopt;
  }
  out.latest = std::max(out.earliest, base::WallTime{after(counted_from, base::Seconds{span.whole})});
  return out;
}

}  // namespace fcrdns::remedy
