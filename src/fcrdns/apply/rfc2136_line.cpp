#include "fcrdns/apply/rfc2136_line.hpp"

#include <algorithm>

#include "fcrdns/base/random.hpp"
#include "fcrdns/dns/reply.hpp"

namespace fcrdns::apply {
namespace {

constexpr base::Milliseconds slice{200};  // between two looks at whether somebody wants to stop

/// An UPDATE repeats its zone or nothing (RFC 2136 3.8).
bool is_answer_to(const dns::Message& answer, const dns::Message& asked) {
  if (!answer.response || answer.id != asked.id || answer.opcode != asked.opcode) return false;
  return answer.questions.empty() || answer.questions == asked.questions;
}

}  // namespace

Heard SignedLine::ask(const net::Endpoint& server, dns::Message message) const {
  message.id = static_cast<std::uint16_t>(base::secure_random().u32());
  const auto sent = dns::sign(dns::write_message(message), key_, base::wall_now());
  Heard heard;
  bool over = false;
  const auto end = context_.loop.at(context_.loop.now() + context_.patience, [&] { over = true; });
  const auto line = context_.loop.tcp(server, sent.octets, [&](transport::Event event, base::OctetView octets) {
    if (over) return;
    if (event != transport::Event::datagram) {
      heard.how = event == transport::Event::closed ? Heard::How::closed : Heard::How::unreachable;
      over = true;
      return;
    }
    auto answer = dns::read_message(octets);
    if (answer && !is_answer_to(*answer, message)) return;  // somebody else's
    heard.how = Heard::How::answered;
    heard.at = base::wall_now();
    if (answer) {
      heard.check = dns::verify(octets, key_, sent.mac, heard.at);
      heard.message = *std::move(answer);
    }
    over = true;
  });
  while (!over && !context_.stop()) context_.loop.run_one(slice);
  return heard;
}

Heard SignedLine::ask(const net::Endpoint& server, const dns::Question& question) const {
  return ask(server, dns::Message{.questions = {question}});
}

}  // namespace fcrdns::apply
