#include "fcrdns/evidence/gather.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"

namespace fcrdns::evidence {
namespace {

using dns::Type;

// The other family's addresses only explain; nobody should wait ten seconds for an explanation.
constexpr base::Milliseconds explanation_budget{3000};
constexpr std::size_t detail_limit = 300;  // octets of a server's or validator's own words

base::Milliseconds since(base::SteadyTime begun, base::SteadyTime now) {
  return std::chrono::round<base::Milliseconds>(now - begun);
}

resolver::Answer not_asked(dns::Status why) {
  resolver::Answer answer;
  answer.status = why;
  return answer;
}

}  // namespace

Gathering::Gathering(subject::Subject subject, const Options& options, resolver::Resolver& resolver,
                     base::WallTime time, Observer* observer)
    : options_(options), resolver_(resolver), observer_(observer), begun_(resolver.now()),
      deadline_(begun_ + options.timeout) {
  evidence_.subject = std::move(subject);
  evidence_.time = time;
  if (evidence_.subject.address) {
    begin_address(*evidence_.subject.address, "given", {});
    return;
  }
  if (options_.only != net::Family::v6) ask_host(Type::a, &Evidence::host_a);
  if (options_.only != net::Family::v4) ask_host(Type::aaaa, &Evidence::host_aaaa);
}

void Gathering::ask(dns::Question question, Row after, base::SteadyTime deadline,
                    std::move_only_function<void(resolver::Answer, std::size_t)> then) {
  const auto row = evidence_.trace.size();
  evidence_.trace.push_back({.question = to_text(question.type) + " " + question.name.text(),
                             .after = after,
                             .start = since(begun_, resolver_.now())});
  ++under_way_;
  resolver_.ask(std::move(question), deadline, [this, row, then = std::move(then)](resolver::Answer answer) mutable {
    auto& line = evidence_.trace[row];
    line.took = since(begun_, resolver_.now()) - line.start;
    line.outcome = to_word(answer.status);
    line.attempts = std::move(answer.attempts);
    for (auto& attempt : line.attempts) attempt.sent = base::SteadyTime{attempt.sent - begun_};
    answer.attempts.clear();
    answer.asked = base::SteadyTime{answer.asked - begun_};
    answer.answered = base::SteadyTime{answer.answered - begun_};
    answer.detail = base::escape(answer.detail, detail_limit);
    evidence_.wall = line.start + line.took;
    if (observer_ != nullptr) observer_->answered(evidence_.subject, line);
    then(std::move(answer), row);
    --under_way_;
  });
}

void Gathering::ask_host(Type type, std::optional<resolver::Answer> Evidence::*slot) {
  ask({evidence_.subject.host, type}, {}, deadline_, [this, type, slot](resolver::Answer answer, std::size_t row) {
    for (const auto& address : addresses_in(answer)) begin_address(address, type == Type::a ? "a" : "aaaa", row);
    evidence_.*slot = std::move(answer);
  });
}

void Gathering::begin_address(const net::Address& address, std::string from, Row after) {
  const auto client = address.unmapped();
  if (const auto known = std::ranges::find(evidence_.addresses, client, &AddressEvidence::address);
      known != evidence_.addresses.end()) {
    known->from.push_back(std::move(from));  // an A record and the same address v4-mapped in an AAAA record
    return;
  }
  const auto index = evidence_.addresses.size();
  if (index == max_addresses) {
    ++evidence_.addresses_left_out;
    return;
  }
  auto& entry = evidence_.addresses.emplace_back();
  entry.address = client;
  entry.from = {std::move(from)};
  entry.special = net::SpecialPurposeTable::built_in().find(client);
  if (entry.special && entry.special->treatment == net::Treatment::not_asked && !options_.ask_special) {
    entry.ptr = not_asked(dns::Status::not_asked);
    return;
  }
  const auto reverse = dns::Name::parse(net::reverse_name(client)).value();
  ask({reverse, Type::ptr}, after, deadline_, [this, index](resolver::Answer answer, std::size_t row) {
    ptr_answered(index, std::move(answer), row);
  });
}

void Gathering::ptr_answered(std::size_t index, resolver::Answer answer, std::size_t row) {
  auto& entry = evidence_.addresses[index];
  entry.ptr = std::move(answer);
  for (const auto& record : entry.ptr.records) {
    const auto* name = std::get_if<dns::Name>(&record.data);
    if (name == nullptr) continue;
    auto& found = entry.names.emplace_back();
    found.name = *name;
    found.ttl = record.ttl;
    found.usability = verdict::usability(*name, entry.address);
    found.own = not_asked(is_usable(found.usability) ? dns::Status::not_checked : dns::Status::unusable);
    found.other = not_asked(dns::Status::not_asked);
  }
  std::ranges::sort(entry.names, [](const NameEvidence& a, const NameEvidence& b) { return a.name < b.name; });

  std::size_t checked = 0;
  for (std::size_t i = 0; i < entry.names.size() && checked < options_.max_names; ++i) {
    if (!is_usable(entry.names[i].usability)) continue;
    ask_forward(index, i, row);
    ++checked;
  }
}

void Gathering::ask_forward(std::size_t index, std::size_t name, std::size_t row) {
  const auto& host = evidence_.addresses[index].names[name].name;
  const bool v4 = evidence_.addresses[index].address.is_v4();
  const auto store = [this, index, name](resolver::Answer NameEvidence::*slot) {
    return [this, index, name, slot](resolver::Answer answer, std::size_t) {
      evidence_.addresses[index].names[name].*slot = std::move(answer);
    };
  };
  const auto soon = std::min(deadline_, resolver_.now() + explanation_budget);
  ask({host, v4 ? Type::a : Type::aaaa}, row, deadline_, store(&NameEvidence::own));
  ask({host, v4 ? Type::aaaa : Type::a}, row, soon, store(&NameEvidence::other));
}

Evidence Gathering::take() {
  // That the zone's own servers could be asked says nothing yet: only a delegation walk asks them.
  using enum resolver::Resolver::Authority;
  evidence_.authority = resolver_.authority() == unreachable ? unreachable : not_asked;
  // IPv4 first, then by number: the order answers came in is chance.
  std::ranges::sort(evidence_.addresses, {}, &AddressEvidence::address);
  return std::move(evidence_);
}

}  // namespace fcrdns::evidence
