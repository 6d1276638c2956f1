#include "fcrdns/lab/client.hpp"

#include "fcrdns/authority/responder.hpp"

namespace fcrdns::lab {

using dns::Message;

bool wants_dnssec(const Message& query) { return query.edns && query.edns->dnssec_ok; }

Message reply_to(const Message& query) {
  Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.opcode = query.opcode;
  reply.recursion_desired = query.recursion_desired;
  reply.recursion_available = true;
  reply.checking_disabled = query.checking_disabled;
  reply.questions = query.questions;
  if (query.edns)
    reply.edns = dns::Edns{.udp_payload = 1232, .version = 0, .dnssec_ok = wants_dnssec(query), .options = {}};
  return reply;
}

void explain(Message& reply, std::uint16_t code, std::string_view why) {
  if (!reply.edns) return;
  dns::EdnsOption option{.code = 15, .data = {}};
  base::put_u16(option.data, code);
  base::put(option.data, base::octets_of(why.substr(0, 200)));
  reply.edns->options.push_back(std::move(option));
}

std::optional<Message> accept(base::OctetView octets, authority::Transport transport, const authority::Reply& reply) {
  auto query = dns::read_message(octets);
  if (!query || query->response) return {};
  if (query->opcode == dns::Opcode::query && query->questions.size() == 1) return std::move(*query);
  auto refusal = reply_to(*query);
  refusal.rcode = query->opcode == dns::Opcode::query ? dns::Rcode::formerr : dns::Rcode::notimp;
  reply(authority::fit(std::move(refusal), authority::reply_limit(*query, transport)));
  return {};
}

}  // namespace fcrdns::lab
