#include "fcrdns/resolver/bulk_iterate.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "fcrdns/base/random.hpp"

namespace fcrdns::resolver {
namespace {

constexpr base::Seconds longest_wait{60};  // for servers' turns, over a question's deadline

}  // namespace

Iterate::Iterate(const BulkOptions& options)
    : options_(options), window_(std::clamp<std::size_t>(options.window, 1, 60'000)),
      places_(2 * window_, std::max<std::size_t>(64, window_ / 8)),
      known_(options.servers, options.transport, std::uint64_t{base::secure_random().u32()} << 32 | base::secure_random().u32()),
      exchanger_(loop_) {}

base::Expected<void> Iterate::open() {
  if (options_.servers.empty()) return base::fault("no root server to begin at");
  auto udp = transport::WideUdp::open({.only = options_.transport});
  if (!udp) return std::unexpected(std::move(udp.error()));
  udp_ = std::move(*udp);
  by_id_.assign(std::size_t{udp_->sockets()} << 16, nobody);
  return {};
}

void Iterate::ask(dns::Question question, std::uint64_t token, base::SteadyTime deadline) {
  const auto index = places_.take(false);
  auto& place = places_[index];
  place.token = token;
  ++counts_.questions;
  ++active_;
  begin(index, std::move(question), std::max(deadline, now_ + options_.patience * 2));
}

void Iterate::turn(const Deliver& deliver) {
  deliver_ = &deliver;
  go_on();
  flush();
  udp_->wait(busy_.empty() && ready_.empty() ? 2 : 1);
  const auto listened = std::exchange(now_, base::steady_now());
  const auto most = options_.patience / 8;  // that a turn counts for: so silence ends on the slowest machine, too
  if (now_ - listened > most) stood_still(now_ - listened - most);
  udp_->receive([&](const transport::WideUdp::Arrived& arrived) { take(arrived); });
  while (!tcp_.empty() && loop_.run_one(base::Milliseconds{0})) {}
  give_connections();
  hear_silence();
  go_on();
  give_turns();
  flush();
}

std::vector<ServerHealth> Iterate::health(std::size_t most) const {
  std::vector<ServerHealth> out;
  auto& known = const_cast<Delegations&>(known_);
  for (Index i = 0; i < known_.server_count(); ++i) {
    const auto& server = known.server(i);
    if (server.sent == 0) continue;
    out.push_back({.server = server.endpoint, .rate = rate_of(server), .sent = server.sent, .answered = server.answered,
                   .timeouts = server.timeouts, .refusals = server.refusals});
  }
  const auto end = out.begin() + static_cast<std::ptrdiff_t>(std::min(most, out.size()));
  std::ranges::partial_sort(out, end, std::ranges::greater{}, &ServerHealth::sent);
  out.erase(end, out.end());
  return out;
}

void Iterate::begin(Index index, dns::Question question, base::SteadyTime deadline) {
  auto& place = places_[index];
  place.question = std::move(question);
  place.deadline = deadline;
  place.last = deadline + longest_wait;
  make_ready(index);
}

void Iterate::stood_still(base::SteadyTime::duration gap) {
  for (auto& due : outs_) due.when += gap;
  for (Index i = 0; i < places_.size(); ++i) {
    auto& place = places_[i];
    if (place.state == State::free) continue;
    place.last += gap;
    place.since += gap;
    has_waited(place, gap);
  }
}

void Iterate::go_on() {
  while (!ready_.empty()) {
    const auto due = ready_.front();
    ready_.pop_front();
    auto& place = places_[due.place];
    if (place.state == State::ready && place.generation == due.generation) advance(due.place);
  }
}

base::Expected<std::unique_ptr<Bulk>> make_bulk_iterate(const BulkOptions& options) {
  auto out = std::make_unique<Iterate>(options);
  if (const auto opened = out->open(); !opened) return std::unexpected(opened.error());
  return out;
}

}  // namespace fcrdns::resolver
