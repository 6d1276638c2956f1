#include "fcrdns/authority/responder.hpp"

#include <algorithm>

namespace fcrdns::authority {

using dns::Message;
using dns::Rcode;
using world::Failure;

namespace {

constexpr std::size_t header_size = 12;  // octets, RFC 1035 4.1.1
constexpr std::size_t flood_of_wrong_ids = 25;
constexpr std::size_t most_remembered_questions = 10'000;
constexpr auto question_is_new_after = base::Seconds(5);

/// What is said to one question of a name and server, the name's own failure before the server's. The servers of the
/// zones above know nothing of it: they refer.
world::Behaviour behaviour_for(const world::World& world, const world::Server& server, const dns::Question& question) {
  world::Behaviour behaviour = server.behaviour;
  const auto* copy = world.copy_at(server.name, question.name);
  const auto* zone = copy ? copy : world.zone_of(question.name);
  if (!zone) return behaviour;
  const auto is_one_of = [&](const auto& names) { return std::ranges::find(names, server.name) != names.end(); };
  if (is_one_of(zone->servers)) {
    const auto of_name = world::behaviour_of(*zone, question);
    behaviour.delay += of_name.delay;
    if (of_name.failure != Failure::none) behaviour.failure = of_name.failure;
  }
  const bool listed_only = is_one_of(zone->lame_servers);
  if (listed_only) behaviour.failure = Failure::lame;
  return behaviour;
}

Message bare(Message reply, Rcode rcode) {
  reply.rcode = rcode;
  reply.authoritative = false;
  reply.answers.clear();
  reply.authority.clear();
  reply.additional.clear();
  return reply;
}

/// "Ask the servers of this very zone": leads nowhere (a self referral).
Message self_referral(const world::World& world, const Message& query, const Message& reply) {
  auto out = bare(reply, Rcode::noerror);
  if (const auto* zone = world.zone_of(query.questions.front().name)) out.authority = world::delegation_of(*zone);
  return out;
}

/// Cut inside its last record or question: a message that lies about its length.
base::Octets damaged(base::Octets octets) {
  octets.resize(octets.size() - 3);
  return octets;
}

/// Capitals beside small letters, as 0x20 makes them.
bool is_mixed(const dns::Name& name) {
  const auto wire = name.wire();
  const bool capitals = std::ranges::any_of(wire, [](auto octet) { return octet >= 'A' && octet <= 'Z'; });
  return capitals && std::ranges::any_of(wire, [](auto octet) { return octet >= 'a' && octet <= 'z'; });
}

Message lowered(Message reply) {
  for (auto& question : reply.questions) question.name = question.name.lowered();
  return reply;
}

}  // namespace

std::size_t reply_limit(const Message& query, Transport transport) {
  if (transport == Transport::tcp) return 65535;
  return query.edns ? std::clamp<std::size_t>(query.edns->udp_payload, 512, 1232) : 512;
}

base::Octets fit(Message reply, std::size_t limit) {
  if (auto whole = dns::write_message(reply); whole.size() <= limit) return whole;
  reply.additional.clear();
  return dns::write_message(reply, limit);
}

bool Responder::falls_first(const dns::Question& question, base::SteadyTime now) {
  if (fallen_.size() >= most_remembered_questions) fallen_.clear();
  const auto [place, fresh] = fallen_.try_emplace({question.name, question.type}, now);
  if (!fresh && now - place->second < question_is_new_after) return false;
  place->second = now;
  return true;
}

/// The dropped ones lie as far apart as their share allows, so that who asks twice is mostly answered.
bool Responder::falls_by_share(const world::Server& server, Transport transport) {
  const auto& [dropped, each] = transport == Transport::udp ? server.drop_udp : server.drop_tcp;
  if (dropped == 0) return false;
  const unsigned before = heard_[{server.name, transport}]++ % each;
  return (before + 1) * dropped / each > before * dropped / each;
}

Response Responder::respond(const world::Server& server, base::OctetView octets, Transport transport,
                            base::SteadyTime now) {
  if (transport == Transport::udp ? !server.udp : !server.tcp) return {};
  const auto query = dns::read_message(octets);
  if (!query || query->response || falls_by_share(server, transport)) return {};
  auto reply = answer(world_, server, *query);
  const auto limit = reply_limit(*query, transport);
  if (query->questions.size() != 1) return {{fit(reply, limit)}, {}};

  const auto& question = query->questions.front();
  const auto behaviour = behaviour_for(world_.world, server, question);
  const auto say = [&](const Message& message) { return Response{{fit(message, limit)}, behaviour.delay}; };
  switch (behaviour.failure) {
    case Failure::none: return say(reply);
    case Failure::servfail: return say(bare(reply, Rcode::servfail));
    case Failure::refused: return say(bare(reply, Rcode::refused));
    case Failure::formerr: return say(bare(reply, Rcode::formerr));
    case Failure::notimp: return say(bare(reply, Rcode::notimp));
    case Failure::badvers:  // only EDNS can carry it (RFC 6891 6.1.3)
      return say(bare(reply, query->edns ? Rcode::badvers : Rcode::servfail));
    case Failure::timeout: return {};
    case Failure::malformed: return {{damaged(fit(reply, limit))}, behaviour.delay};
    case Failure::lame: case Failure::no_soa: return say(bare(reply, Rcode::noerror));
    case Failure::referral: return say(self_referral(world_.world, *query, reply));
    case Failure::wrong_id: {
      Response response;
      auto wrong = bare(reply, Rcode::nxdomain);
      for (std::size_t i = 0; i < flood_of_wrong_ids && transport == Transport::udp; ++i) {
        wrong.id = static_cast<std::uint16_t>(reply.id + 1 + random_.below(65535));
        response.messages.push_back(dns::write_message(wrong));
      }
      response.messages.push_back(fit(reply, limit));
      response.delay = behaviour.delay;
      return response;
    }
    case Failure::truncated: {
      if (transport == Transport::tcp) return say(reply);
      auto cut = bare(reply, reply.rcode);
      cut.truncated = true;
      return say(cut);
    }
    case Failure::lower_case: return say(lowered(reply));
    case Failure::no_edns: return say(query->edns ? [&] {
      auto refusal = bare(reply, Rcode::formerr);
      refusal.edns.reset();
      return refusal;
    }() : reply);
    case Failure::drop_edns: return query->edns ? Response{} : say(reply);
    case Failure::drop_first:
      return transport == Transport::udp && falls_first(question, now) ? Response{} : say(reply);
    case Failure::drop_mixed_case: return is_mixed(question.name) ? Response{} : say(reply);
    case Failure::bad_then_good: {
      auto good = fit(reply, limit);
      return {{base::Octets(good.begin(), good.begin() + header_size - 1), good}, behaviour.delay};
    }
  }
  return {};
}

}  // namespace fcrdns::authority
