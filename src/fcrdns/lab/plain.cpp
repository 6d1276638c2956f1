// The plain lab: a scripted resolver behind a socket. Its virtual delays become real ones.
#include "fcrdns/authority/responder.hpp"
#include "fcrdns/lab/client.hpp"
#include "fcrdns/lab/recursive.hpp"
#include "fcrdns/resolver/scripted.hpp"

namespace fcrdns::lab {

using authority::Transport;
using dns::Message;
using dns::Rcode;
using dns::Status;

namespace {

constexpr auto deadline = base::Seconds(30);

Rcode rcode_of(Status status) {
  switch (status) {
    case Status::noerror: case Status::nodata: return Rcode::noerror;
    case Status::nxdomain: return Rcode::nxdomain;
    case Status::refused: return Rcode::refused;
    default: return Rcode::servfail;
  }
}

/// The links of the alias chain that led to the answer.
void add_aliases(Message& reply, const resolver::Answer& answer) {
  auto owner = reply.questions.front().name;
  const auto ttl = answer.records.empty() ? 300 : answer.records.front().ttl;
  for (const auto& target : answer.via) {
    reply.answers.push_back({owner, dns::Type::cname, dns::Class::in, ttl, target});
    owner = target;
  }
}

Message reply_from(const Message& query, const resolver::Answer& answer) {
  auto reply = reply_to(query);
  reply.rcode = rcode_of(answer.status);
  if (dns::is_definite(answer.status)) {
    add_aliases(reply, answer);
    reply.answers.insert(reply.answers.end(), answer.records.begin(), answer.records.end());
    if (answer.soa) reply.authority.push_back(*answer.soa);
    reply.authentic = answer.dnssec == resolver::Dnssec::secure && (wants_dnssec(query) || query.authentic);
  } else {
    explain(reply, answer.status == Status::bogus ? dnssec_bogus : other_error, answer.detail);
  }
  return reply;
}

}  // namespace

Plain::Plain(world::World world, authority::Listeners& listeners)
    : world_(std::move(world)), unvalidated_(world_), listeners_(listeners) {
  for (auto& zone : unvalidated_.zones) zone.signing = world::Signing::unsigned_;
}

authority::Handler Plain::handler() {
  return [this](base::OctetView octets, Transport transport, authority::Reply reply) {
    const auto query = accept(octets, transport, reply);
    if (!query) return;
    resolver::Scripted resolver(query->checking_disabled ? unvalidated_ : world_);
    resolver::Answer answer;
    resolver.ask(query->questions.front(), resolver.now() + deadline,
                 [&](resolver::Answer a) { answer = std::move(a); });
    resolver.wait(deadline);
    if (answer.status == Status::timeout) return;
    const auto delay = std::chrono::ceil<base::Milliseconds>(answer.answered - answer.asked);
    auto message = authority::fit(reply_from(*query, answer), authority::reply_limit(*query, transport));
    listeners_.after(delay, [reply = std::move(reply), message = std::move(message)] { reply(message); });
  };
}

}  // namespace fcrdns::lab
