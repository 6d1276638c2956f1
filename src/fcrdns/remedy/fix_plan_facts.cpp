#include "fcrdns/remedy/fix_plan_facts.hpp"

#include <algorithm>

#include "fcrdns/dns/reply.hpp"

namespace fcrdns::remedy {
namespace {

using evidence::AddressEvidence;
using resolver::Answer;
using resolver::Walk;

std::uint32_t longest_ttl(const Answer& answer) {
  std::uint32_t out = 0;
  for (const auto& record : answer.records) out = std::max(out, record.ttl);
  return out;
}

bool names(const Answer& answer, const dns::Name& name) {
  return std::ranges::any_of(answer.records, [&](const dns::Record& record) { return record.data == dns::Rdata(name); });
}

/// Aliases carry the answer on: the records stand behind them.
bool is_alias(const Answer& answer) { return answer.status == dns::Status::noerror && answer.records.empty(); }

/// The SOA as a zone's own servers gave it on some walk; caches count its TTL down.
const dns::Record* as_served(const AddressEvidence& at, const dns::Record& soa) {
  const auto in = [&](const std::vector<Walk>& walks) -> const dns::Record* {
    for (const auto& walk : walks)
      for (const auto* one : {&walk.answer.soa, &walk.soa})
        if (*one && (*one)->owner == soa.owner) return &**one;
    return nullptr;
  };
  if (const auto* found = in(at.reverse)) return found;
  for (const auto& name : at.names)
    if (const auto* found = in(name.forward)) return found;
  return nullptr;
}

/// How long a cache may hold such an answer at all.
std::uint32_t held(const AddressEvidence& at, const Answer& answer) {
  if (!dns::is_definite(answer.status)) return 0;
  if (!dns::is_negative(answer.status)) return longest_ttl(answer);
  if (!answer.soa) return 0;
  if (const auto* soa = as_served(at, *answer.soa)) return dns::negative_ttl(*soa);
  const auto* data = std::get_if<dns::Soa>(&answer.soa->data);
  return data == nullptr ? 0 : data->minimum;
}

/// What the servers at the end of these walks say, held against what is wanted.
struct Said {
  bool walked = false, everywhere = true;
  std::uint32_t wrong_held = 0;

  template <typename Right>
  Said(const AddressEvidence& at, const std::vector<Walk>& walks, Right is_right) {
    if (walks.empty() || walks.back().alias || !dns::is_definite(walks.back().answer.status)) return;
    walked = true;
    for (const auto& walk : walks)
      for (const auto& server : walk.servers) {
        const auto& answer = server.answer;
        if (!dns::is_definite(answer.status) || (walk.alias ? is_alias(answer) : is_right(answer))) continue;
        everywhere = false;
        auto whole = answer;
        if (dns::is_negative(answer.status) && !answer.soa) whole.soa = walk.answer.soa ? walk.answer.soa : walk.soa;
        wrong_held = std::max(wrong_held, held(at, whole));
      }
    if (walks.back().servers.empty()) {
      everywhere = is_right(walks.back().answer);
      if (!everywhere) wrong_held = held(at, walks.back().answer);
    }
  }
};

std::uint32_t cached(const AddressEvidence& at, const dns::Question& question, auto is_right) {
  std::uint32_t out = 0;
  for (const auto& cache : at.caches)
    if (cache.question.name == question.name && cache.question.type == question.type && dns::is_definite(cache.answer.status) &&
        !is_right(cache.answer))
      out = std::max(out, dns::is_negative(cache.answer.status) && cache.answer.soa ? dns::negative_ttl(*cache.answer.soa) : longest_ttl(cache.answer));
  return out;
}

void look_at_name(FixFacts& out, const evidence::Evidence& evidence, const dns::Name& hostname) {
  const auto& at = *out.at;
  for (const auto* look : evidence::own_names(evidence))
    if (out.look == nullptr && look->name == hostname) out.look = look;
  const auto known = std::ranges::find(at.names, hostname, &evidence::NameEvidence::name);
  const bool of_ptr = known != at.names.end() && is_usable(known->usability) && known->own.status != dns::Status::not_checked;
  const Answer nothing{};
  const bool v4 = at.address.is_v4();
  const auto& own = of_ptr ? known->own : out.look == nullptr ? nothing : v4 ? out.look->a : out.look->aaaa;
  const auto& other = out.look != nullptr ? (v4 ? out.look->aaaa : out.look->a) : of_ptr ? known->other : nothing;

  const auto& via = own.via.empty() ? other.via : own.via;
  out.canonical = via.empty() ? hostname : via.back();
  out.aliased = out.canonical != hostname;
  out.dangling = out.aliased && own.records.empty() && other.records.empty();
  const auto right = [&](const Answer& answer) { return evidence::leads_to(answer, at.address); };
  out.leads_elsewhere = own.status == dns::Status::noerror && !own.records.empty() && !right(own);
  out.other_family = other.status == dns::Status::noerror && !other.records.empty();
  out.takes_mail = out.look != nullptr && out.look->is_mx;

  const Said said(at, of_ptr ? known->forward : std::vector<Walk>(), right);
  out.forward_done = said.walked ? said.everywhere : right(own);
  const auto in_caches = cached(at, {hostname, v4 ? dns::Type::a : dns::Type::aaaa, dns::Class::in}, right);
  out.forward_absent = in_caches > 0;
  out.forward_held = base::Seconds{std::max({said.wrong_held, in_caches, right(own) ? 0 : held(at, own)})};
}

void look_at_ptr(FixFacts& out, const dns::Name& hostname) {
  const auto& at = *out.at;
  out.place = reverse_place(at);
  const auto reverse = dns::Name::parse(net::reverse_name(at.address)).value();
  const auto place = dns::Name::parse(out.place.name);
  out.classless = place && *place != reverse;
  const auto right = [&](const Answer& answer) { return names(answer, hostname); };
  const Said said(at, at.reverse, right);
  out.ptr_done = said.walked ? said.everywhere : right(at.ptr);
  const auto in_caches = cached(at, {reverse, dns::Type::ptr, dns::Class::in}, right);
  out.ptr_held = base::Seconds{std::max({said.wrong_held, in_caches, right(at.ptr) ? 0 : held(at, at.ptr)})};
  const auto& now = said.walked ? at.reverse.back().answer : at.ptr;
  for (const auto& record : now.records)
    if (const auto* name = std::get_if<dns::Name>(&record.data); name != nullptr && *name != hostname) out.other_names.push_back(*name);
}

}  // namespace

FixFacts fix_facts(const finding::Considered& considered, const net::Address& address, const dns::Name& hostname) {
  FixFacts out;
  out.canonical = hostname;
  const auto& addresses = considered.evidence.addresses;
  const auto found = std::ranges::find(addresses, address, &AddressEvidence::address);
  if (found == addresses.end()) return out;
  out.at = &*found;
  look_at_name(out, considered.evidence, hostname);
  look_at_ptr(out, hostname);
  return out;
}

}  // namespace fcrdns::remedy
