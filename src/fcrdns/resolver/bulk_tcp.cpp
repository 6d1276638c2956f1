#include "fcrdns/resolver/bulk_tcp.hpp"

#include <utility>

#include "fcrdns/dns/reply.hpp"

namespace fcrdns::resolver {

void BulkTcp::ask(std::uint32_t asker, const net::Endpoint& server, base::Octets query, dns::Question question) {
  under_way_[asker] = {.server = server, .query = std::move(query), .question = std::move(question)};
  waiting_.push_back(asker);
}

dns::Status BulkTcp::cancel(std::uint32_t asker) {
  const auto found = under_way_.find(asker);
  if (found == under_way_.end()) return dns::Status::timeout;
  if (found->second.line) --open_;
  const auto status = found->second.damaged ? dns::Status::malformed : dns::Status::timeout;
  under_way_.erase(found);
  return status;
}

bool BulkTcp::waits(std::uint32_t asker) const {
  const auto found = under_way_.find(asker);
  return found != under_way_.end() && !found->second.line;
}

void BulkTcp::turn() {
  begin_those_waiting();
  while (open_ > 0 && loop_.run_one(base::Milliseconds{0})) {}
}

void BulkTcp::begin_those_waiting() {
  while (open_ < most_ && !waiting_.empty()) {
    const auto asker = std::exchange(waiting_.front(), 0);
    waiting_.pop_front();
    if (!waits(asker)) continue;  // cancelled
    auto& exchange = under_way_[asker];
    exchange.line = loop_.tcp(exchange.server, exchange.query,
                              [this, asker](transport::Event event, base::OctetView octets) { on_event(asker, event, octets); });
    ++open_;
  }
}

void BulkTcp::on_event(std::uint32_t asker, transport::Event event, base::OctetView octets) {
  auto& exchange = under_way_[asker];
  if (event != transport::Event::datagram)
    return end(asker, nullptr, exchange.damaged || !octets.empty() ? dns::Status::malformed : dns::Status::unreachable);
  auto message = dns::read_message(octets);
  const auto id = static_cast<std::uint16_t>(exchange.query[0] << 8 | exchange.query[1]);
  // Whatever it is, the true one may come behind it.
  if (!message) exchange.damaged = true;
  else if (dns::answers_question(*message, id, exchange.question)) end(asker, &*message, {});
}

void BulkTcp::end(std::uint32_t asker, dns::Message* message, dns::Status trouble) {
  cancel(asker);
  done_(asker, message, trouble);
}

}  // namespace fcrdns::resolver
