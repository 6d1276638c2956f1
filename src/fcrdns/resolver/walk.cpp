#include "fcrdns/resolver/walk.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "fcrdns/resolver/walking.hpp"

namespace fcrdns::resolver {
namespace {

/// Records before an alias, an alias before an absence, "the name is there" before "it is not", then what says more.
bool tells_more(const Answer& a, const Answer& b) {
  const auto rank = [](const Answer& answer) {
    switch (answer.status) {
      case dns::Status::noerror: return answer.records.empty() ? 1 : 0;
      case dns::Status::nodata: return 2;
      case dns::Status::nxdomain: return 3;
      case dns::Status::not_asked: return 5;
      default: return 4;
    }
  };
  return rank(a) != rank(b) ? rank(a) < rank(b) : says_more(a.status, b.status);
}

}  // namespace

bool Walk::all_proven_bad() const {
  if (!problem.empty() || left_out > 0) return false;
  const auto says_nothing = [](const ServerReport& s) { return s.no_route || s.udp == dns::Status::not_asked; };
  const auto is_bad = [](const ServerReport& s) { return dns::is_trouble(s.udp) && dns::is_trouble(s.tcp); };
  return std::ranges::any_of(servers, is_bad) &&
         std::ranges::all_of(servers, [&](const ServerReport& s) { return says_nothing(s) || is_bad(s); }) &&
         !std::ranges::all_of(servers, says_nothing);
}

Answer joint_answer(const std::vector<ServerReport>& servers) {
  Answer joint;
  joint.status = dns::Status::unreachable;
  std::map<std::pair<dns::Type, base::Octets>, std::size_t> places;
  for (const auto& [name, address, udp, tcp, authoritative, serial, took, answer, no_route] : servers) {
    joint.size = std::max(joint.size, answer.size);
    joint.over_tcp |= answer.over_tcp;
    if (tells_more(answer, joint)) {
      joint.status = answer.status;
      joint.via = answer.via;
      joint.soa = answer.soa;
      joint.detail = answer.detail;
    }
    for (const auto& record : answer.records) {
      const auto* target = std::get_if<dns::Name>(&record.data);
      const auto [place, fresh] = places.try_emplace(
          {record.type, dns::to_wire(target ? dns::Rdata(target->lowered()) : record.data)}, joint.records.size());
      if (fresh)
        joint.records.push_back(record);
      else
        joint.records[place->second].ttl = std::min(joint.records[place->second].ttl, record.ttl);
    }
  }
  return joint;
}

struct Walker::Impl : Walks {
  using Walks::Walks;
};

Walker::Walker(Resolver& resolver) : impl_(std::make_unique<Impl>(resolver)) {}
Walker::~Walker() = default;

void Walker::walk(dns::Question question, base::SteadyTime deadline, std::move_only_function<void(Walk)> done) {
  impl_->begin(std::move(question), deadline, false,
               [done = std::move(done)](Walk walk, const Cut&) mutable { done(std::move(walk)); });
  impl_->advance_all();
}

}  // namespace fcrdns::resolver
