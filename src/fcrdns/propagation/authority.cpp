#include "fcrdns/propagation/authority.hpp"

#include <algorithm>
#include <iterator>


namespace fcrdns::propagation {
namespace {

using dns::Status;
using resolver::Answer;
using resolver::ServerReport;
using resolver::Walk;

/// A resolver may remember for five minutes that no server of a zone answered (RFC 2308 7.1, RFC 9520 3.2).
constexpr std::uint32_t longest_failure = 300;
constexpr std::size_t most_said = 3;  // records told of one answer

dns::Rdata wanted(const Goal& goal, Side side) {
  return side == Side::forward ? dns::Rdata(goal.address) : dns::Rdata(goal.name);
}
bool is_alias(const Answer& answer) { return answer.status == Status::noerror && answer.records.empty() && !answer.via.empty(); }

/// An alias by itself leads elsewhere; where it may be the way is for the caller to know.
Holds holds_of(const Answer& answer, const dns::Rdata& right) {
  if (dns::is_negative(answer.status)) return Holds::absent;
  if (answer.status != Status::noerror) return Holds::unknown;
  return std::ranges::find(answer.records, right, &dns::Record::data) != answer.records.end() ? Holds::right : Holds::other;
}

std::uint32_t longest_ttl(const Answer& answer) {
  std::uint32_t out = 0;
  for (const auto& record : answer.records) out = std::max(out, record.ttl);
  return out;
}

std::string said_text(const Answer& answer) {
  if (is_alias(answer)) return "alias to " + answer.via.back().text();
  if (answer.status == Status::noerror) {
    std::string out;
    for (std::size_t i = 0; i < std::min(answer.records.size(), most_said); ++i)
      out += (i > 0 ? ", " : "") + dns::to_text(answer.records[i].type, answer.records[i].data);
    return answer.records.size() > most_said ? out + ", ..." : out;
  }
  switch (answer.status) {
    case Status::nxdomain: return "NXDOMAIN";
    case Status::nodata: return "no such record";
    case Status::timeout: return "no answer";
    case Status::unreachable: return "unreachable";
    case Status::servfail: return "SERVFAIL";
    case Status::refused: return "REFUSED";
    case Status::formerr: return "FORMERR";
    case Status::lame: return "no authoritative answer";
    case Status::not_asked: return "not asked";
    default: return std::string(dns::to_word(answer.status));
  }
}

std::uint32_t hold_of(const Answer& answer, const Walk& walk) {
  if (!dns::is_negative(answer.status)) return longest_ttl(answer);
  const auto& soa = answer.soa ? answer.soa : walk.soa;
  return soa ? dns::negative_ttl(*soa) : 0;
}

Before before(std::span<const Walk> walks) {
  Before out;
  for (const auto& walk : walks) {
    out.hold = std::max(out.hold, longest_ttl(walk.answer));
    for (const auto* soa : {&walk.soa, &walk.answer.soa})
      if (*soa) out.absence = std::max(out.absence, dns::negative_ttl(**soa));
  }
  out.hold = std::max(out.hold, out.absence);
  return out;
}

/// The walks of one side, last to first: what an alias shows is what stands at its end.
class Judging {
 public:
  Judging(const Goal& goal, Side side, std::span<const Walk> walks, std::uint16_t port)
      : right_(wanted(goal, side)), side_(side), walks_(walks), port_(port) {}

  Shown run(bool complete) {
    out_.right = complete;
    out_.open = !complete;
    Holds end = Holds::unknown;
    for (std::size_t i = walks_.size(); i-- > 0;) end = judge_zone(walks_[i], walks_[i].alias && (i + 1 < walks_.size() || !complete), end);
    if (complete && !walks_.empty() && walks_.back().all_proven_bad()) out_.hold = std::max(out_.hold, longest_failure);
    const bool wrong = std::ranges::any_of(out_.servers, [](const Holder& h) { return h.holds == Holds::absent || h.holds == Holds::other; });
    out_.open = out_.open || (!out_.right && !wrong);
    return std::move(out_);
  }

 private:
  Holds judge_zone(const Walk& walk, bool leads_further, Holds end) {
    Holds best = Holds::unknown;
    std::vector<Holder> holders;
    for (const auto& server : walk.servers) {
      const bool leads_on = leads_further && is_alias(server.answer) && server.answer.via.front() == *walk.alias;
      const auto holds = leads_on ? end : holds_of(server.answer, right_);
      holders.push_back(holder_of(walk, server, holds, leads_on));
      if (best != Holds::right && holds != Holds::unknown && (best != Holds::other || holds == Holds::right)) best = holds;
    }
    out_.open = out_.open || walk.left_out > 0 || !walk.without_address.empty();
    out_.right = out_.right && best == Holds::right && none_wrong_;
    if (!walk.problem.empty()) out_.problem = walk.problem;
    out_.servers.insert(out_.servers.begin(), std::make_move_iterator(holders.begin()), std::make_move_iterator(holders.end()));
    return best;
  }

  Holder holder_of(const Walk& walk, const ServerReport& server, Holds holds, bool leads_on) {
    const bool wrong = holds == Holds::absent || holds == Holds::other;
    none_wrong_ = none_wrong_ && !wrong;
    out_.open = out_.open || (holds == Holds::unknown && !leads_on && !server.no_route);
    if (wrong && !leads_on) out_.hold = std::max(out_.hold, hold_of(server.answer, walk));
    if (is_alias(server.answer)) note_alias({{side_, walk.question.name, server.answer.via.front()}, server.address, leads_on});
    const auto* zone = walk.deepest();
    return {.side = side_, .zone = zone ? zone->apex : dns::Name(), .server = server.name, .endpoint = {server.address, port_},
            .holds = holds, .status = server.answer.status, .said = said_text(server.answer), .no_route = server.no_route};
  }

  /// Of those that say the same one is enough.
  void note_alias(AliasSeen seen) {
    const bool known = std::ranges::any_of(out_.aliases, [&](const AliasSeen& a) {
      return a.alias.owner == seen.alias.owner && a.alias.target == seen.alias.target;
    });
    if (!known) out_.aliases.push_back(std::move(seen));
  }

  const dns::Rdata right_;
  const Side side_;
  const std::span<const Walk> walks_;
  const std::uint16_t port_;
  bool none_wrong_ = true;
  Shown out_;
};

/// How long a cache's answer lives: until the last of what is not the authority's any more has run out.
std::optional<base::Seconds> left_of(const resolver::ServerAnswer& said, Holds holds, std::span<const Alias> way) {
  const auto& answer = said.answer;
  std::optional<std::uint32_t> ttl;
  if (answer.soa) ttl = dns::negative_ttl(*answer.soa);
  else if (!answer.records.empty()) ttl = longest_ttl(answer);
  if (said.message && holds != Holds::right)
    for (const auto& record : said.message->answers) {
      const auto* target = std::get_if<dns::Name>(&record.data);
      if (record.type != dns::Type::cname || target == nullptr) continue;
      const bool is_way = std::ranges::any_of(way, [&](const Alias& a) { return a.owner == record.owner && a.target == *target; });
      if (!is_way) ttl = std::max(ttl.value_or(0), record.ttl);
    }
  return ttl ? std::optional(base::Seconds{*ttl}) : std::nullopt;
}

}  // namespace

dns::Question question_of(const Goal& goal, Side side) {
  if (side == Side::forward) return {goal.name, goal.address.is_v4() ? dns::Type::a : dns::Type::aaaa};
  return {dns::Name::parse(net::reverse_name(goal.address)).value(), dns::Type::ptr};
}

Shown judge(const Goal& goal, Side side, std::span<const Walk> walks, bool complete, std::uint16_t port) {
  auto out = Judging(goal, side, walks, port).run(complete);
  out.before = before(walks);
  return out;
}

Holder judge(const Goal& goal, Side side, const net::Endpoint& cache, const resolver::ServerAnswer& said, std::span<const Alias> way) {
  const auto& answer = said.answer;
  Holder out{.side = side, .cache = true, .endpoint = cache, .status = answer.status, .said = said_text(answer), .no_route = said.no_route};
  out.holds = holds_of(answer, wanted(goal, side));
  const auto is_way = [&](const dns::Name& name) { return std::ranges::find(way, name, &Alias::target) != way.end(); };
  // An alias alone: the cache holds the begin of the way, not its end. A referral, or nothing without proof: it would ask.
  if (answer.status == Status::lame || (is_alias(answer) && std::ranges::all_of(answer.via, is_way))) {
    out.holds = Holds::nothing;
    out.said = "nothing";
  }
  if (out.holds != Holds::nothing && out.holds != Holds::unknown) out.left = left_of(said, out.holds, way);
  return out;
}

}  // namespace fcrdns::propagation
