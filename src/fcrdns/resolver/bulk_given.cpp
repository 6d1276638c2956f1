// Recursive resolvers that were given, asked very many questions. What a packet can meet, and what follows:
//
//   the answer                      handed on
//   nothing, in time                sent again, to another resolver where there is one, up to `tries`
//   TC                              TCP (RFC 7766), through the loop
//   SERVFAIL, REFUSED, FORMERR ...  sent again likewise, later; the last of them is the answer
//   wrong ID, question or damaged   not ours; the true one may still come; when none does: malformed
#include "fcrdns/resolver/bulk.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <utility>

#include "fcrdns/resolver/exchange.hpp"
#include "fcrdns/base/random.hpp"
#include "fcrdns/resolver/pace.hpp"
#include "fcrdns/transport/bulk_udp.hpp"

namespace fcrdns::resolver {
namespace {

constexpr std::uint16_t none = 0xffff;
constexpr std::size_t longest_query = 12 + 255 + 4 + 11;
constexpr std::uint16_t id_offset = 0;

/// A question under way.
struct Place {
  dns::Question question;
  std::uint64_t token = 0;
  std::uint32_t generation = 0;
  std::uint16_t length = 0, id = 0, resolver = 0;
  std::uint8_t socket = 0, tries = 0;
  bool out = false;       // a packet may be answered
  bool over_tcp = false;
  dns::Status worst = dns::Status::timeout;  // what was heard so far
  std::array<std::uint8_t, longest_query> query;
};

struct Due {
  base::SteadyTime when;
  std::uint16_t place;
  std::uint32_t generation;
};

bool is_the_resolvers_own(dns::Status status) {
  return status == dns::Status::servfail || status == dns::Status::refused || status == dns::Status::formerr;
}

class Given final : public Bulk {
 public:
  explicit Given(const BulkOptions& options) : options_(options), exchanger_(loop_) {}

  base::Expected<void> open() {
    const auto now = base::steady_now();
    options_.window = std::clamp<std::size_t>(options_.window, 1, none - 1);
    std::size_t capacity = 0;
    for (const auto& endpoint : options_.servers) {
      auto socket = transport::BulkUdp::open(endpoint, {.segments = options_.segments});
      if (!socket) return std::unexpected(std::move(socket.error()));
      auto& resolver = resolvers_.emplace_back(endpoint, *std::move(socket), Pace(now, options_.rate / static_cast<double>(options_.servers.size())));
      capacity += resolver.udp->capacity() * resolver.udp->sockets();
      resolver.by_id.assign(std::size_t{resolver.udp->sockets()} << 16, none);
    }
    options_.window = std::min(options_.window, std::max<std::size_t>(capacity, 64));
    places_.resize(options_.window);
    for (std::size_t i = places_.size(); i-- > 0;) free_.push_back(static_cast<std::uint16_t>(i));
    waiting_.resize(options_.tries + 1);
    later_.resize(options_.tries + 1);
    return {};
  }

  [[nodiscard]] std::size_t room() const override { return again_.empty() ? std::min<std::size_t>(free_.size(), allowance_) : 0; }
  [[nodiscard]] bool idle() const override { return free_.size() == places_.size(); }

  void ask(dns::Question question, std::uint64_t token, base::SteadyTime) override {
    const auto index = free_.back();
    free_.pop_back();
    auto& place = places_[index];
    place.question = std::move(question);
    place.token = token;
    place.tries = 0;
    place.over_tcp = false;
    place.worst = dns::Status::timeout;
    write(place, true);
    ++counts_.questions;
    place.resolver = choose();
    send(index);
  }

  void turn(const Deliver& deliver) override {
    deliver_ = &deliver;
    for (auto& resolver : resolvers_) resolver.udp->flush();
    resolvers_.front().udp->wait(nap_);
    std::size_t came = 0;
    for (std::uint16_t i = 0; i < resolvers_.size(); ++i) {
      came += resolvers_[i].udp->receive([&](const transport::BulkUdp::Arrived& arrived) { take(i, arrived); });
    }
    now_ = base::steady_now();
    while (!tcp_.empty() && loop_.run_one(base::Milliseconds{0})) {}
    sweep();
    allowance_ = 0;
    for (auto& resolver : resolvers_) allowance_ += resolver.allowed = resolver.pace.allowed(now_);
    while (!again_.empty() && allowance_ > 0) {
      const auto index = again_.front();
      again_.pop_front();
      auto& place = places_[index];
      if (resolvers_.size() > 1) place.resolver = other_than(place.resolver);
      ++counts_.retries;
      send(index);
    }
    (void)came;
  }
  void starve() override {
    for (auto& resolver : resolvers_)
      if (resolver.allowed > 0) resolver.pace.starved();
  }

  [[nodiscard]] base::SteadyTime now() const override { return now_; }

  [[nodiscard]] std::vector<ServerHealth> health(std::size_t most) const override {
    std::vector<ServerHealth> out;
    for (const auto& resolver : resolvers_) {
      if (out.size() == most) break;
      out.push_back(resolver.health);
      out.back().rate = resolver.pace.rate();
    }
    return out;
  }
  [[nodiscard]] BulkCounts counts() const override { return counts_; }

 private:
  struct One {
    One(const net::Endpoint& endpoint, std::unique_ptr<transport::BulkUdp> sockets, Pace its) : udp(std::move(sockets)), pace(its) { health.server = endpoint; }
    std::unique_ptr<transport::BulkUdp> udp;
    Pace pace;
    std::vector<std::uint16_t> by_id;  // socket and ID -> place
    std::uint32_t allowed = 0;
    ServerHealth health;
  };

  static void write(Place& place, bool edns) {
    auto* at = place.query.data();
    static constexpr std::array<std::uint8_t, 12> header{0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1};  // RD; one question, one additional
    static constexpr std::array<std::uint8_t, 11> opt{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};     // 1232 octets
    std::memcpy(at, header.data(), header.size());
    at += header.size();
    const auto name = place.question.name.wire();
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    const auto type = static_cast<std::uint16_t>(place.question.type);
    *at++ = static_cast<std::uint8_t>(type >> 8);
    *at++ = static_cast<std::uint8_t>(type);
    *at++ = 0;
    *at++ = 1;
    if (edns) {
      std::memcpy(at, opt.data(), opt.size());
      at += opt.size();
    } else {
      place.query[11] = 0;
    }
    place.length = static_cast<std::uint16_t>(at - place.query.data());
  }

  /// The one that is farthest from its limit.
  std::uint16_t choose() {
    std::uint16_t best = 0;
    for (std::uint16_t i = 1; i < resolvers_.size(); ++i)
      if (resolvers_[i].allowed > resolvers_[best].allowed) best = i;
    return best;
  }
  std::uint16_t other_than(std::uint16_t last) {
    std::uint16_t best = none;
    for (std::uint16_t i = 0; i < resolvers_.size(); ++i)
      if (i != last && (best == none || resolvers_[i].allowed > resolvers_[best].allowed)) best = i;
    return best;
  }

  std::uint16_t random16() {
    if (random_at_ == random_.size()) {
      auto& source = base::secure_random();
      for (auto& word : random_) word = source.u32();
      random_at_ = 0;
    }
    return static_cast<std::uint16_t>(random_[random_at_++]);
  }

  void send(std::uint16_t index) {
    auto& place = places_[index];
    auto& resolver = resolvers_[place.resolver];
    place.socket = static_cast<std::uint8_t>(resolver.udp->next_socket());
    auto* ids = resolver.by_id.data() + (std::size_t{place.socket} << 16);
    do place.id = random16();
    while (ids[place.id] != none);
    ids[place.id] = index;
    place.out = true;
    ++place.tries;
    ++place.generation;
    place.query[id_offset] = static_cast<std::uint8_t>(place.id >> 8);
    place.query[id_offset + 1] = static_cast<std::uint8_t>(place.id);
    std::memcpy(resolver.udp->place(place.length), place.query.data(), place.length);
    waiting_[place.tries].push_back({now_ + options_.patience, index, place.generation});
    resolver.pace.sent(1);
    if (resolver.allowed > 0) --resolver.allowed;
    if (allowance_ > 0) --allowance_;
    ++resolver.health.sent;
    ++counts_.packets;
  }

  /// No packet of it is waited for any more.
  void withdraw(Place& place) {
    if (!place.out) return;
    resolvers_[place.resolver].by_id[(std::size_t{place.socket} << 16) | place.id] = none;
    place.out = false;
    ++place.generation;
  }

  void take(std::uint16_t number, const transport::BulkUdp::Arrived& arrived) {
    if (arrived.octets.size() < 12) return;
    auto& resolver = resolvers_[number];
    const auto id = static_cast<std::uint16_t>(arrived.octets[0] << 8 | arrived.octets[1]);
    const auto index = resolver.by_id[(std::size_t{arrived.socket} << 16) | id];
    if (index == none) return;
    auto& place = places_[index];
    const auto message = dns::read_message(arrived.octets);
    if (!message) {
      place.worst = dns::Status::malformed;
      return;  // the true one may still come
    }
    if (!dns::answers_question(*message, id, place.question)) {
      if (place.worst == dns::Status::timeout) place.worst = dns::Status::malformed;
      return;
    }
    if (message->truncated) return ask_tcp(index);
    auto reply = dns::interpret(*message, place.question, dns::Source::recursive);
    if (reply.status == dns::Status::formerr && place.query[11] == 1) write(place, false);  // RFC 6891 7
    if (is_the_resolvers_own(reply.status)) {
      ++resolver.health.refusals;
      resolver.pace.refused();
      place.worst = reply.status;
      withdraw(place);
      if (place.tries < options_.tries) {
        later_[place.tries].push_back({now_ + base::Milliseconds{100} * (1U << (place.tries - 1U)), index, place.generation});
        return;
      }
      return end(index, reply);
    }
    ++resolver.health.answered;
    resolver.pace.answered();
    withdraw(place);
    end(index, reply);
  }

  void end(std::uint16_t index, dns::Reply& reply) {
    const auto token = places_[index].token;
    free_.push_back(index);
    (*deliver_)(token, reply);
  }

  void ask_tcp(std::uint16_t index) {
    auto& place = places_[index];
    if (place.over_tcp) return;
    withdraw(place);
    place.over_tcp = true;
    ++counts_.tcp;
    tcp_[index] = exchanger_.start({resolvers_[place.resolver].health.server}, place.question, {.way = Way::tcp}, loop_.now() + options_.patience * options_.tries,
                                   [this, index](Exchanged exchanged) {
                                     dns::Reply reply;
                                     reply.status = exchanged.answer.status;
                                     reply.records = std::move(exchanged.answer.records);
                                     reply.via = std::move(exchanged.answer.via);
                                     reply.soa = std::move(exchanged.answer.soa);
                                     reply.open_chain = exchanged.open_chain;
                                     tcp_.erase(index);
                                     end(index, reply);
                                   });
  }

  /// What has waited long enough.
  void sweep() {
    for (auto& queue : waiting_)
      while (!queue.empty() && queue.front().when <= now_) {
        const auto due = queue.front();
        queue.pop_front();
        auto& place = places_[due.place];
        if (!place.out || place.generation != due.generation) continue;
        auto& resolver = resolvers_[place.resolver];
        ++resolver.health.timeouts;
        resolver.pace.timed_out();
        withdraw(place);
        if (place.tries < options_.tries) {
          again_.push_back(due.place);
          continue;
        }
        dns::Reply reply;
        reply.status = place.worst;
        end(due.place, reply);
      }
    for (auto& queue : later_)
      while (!queue.empty() && queue.front().when <= now_) {
        again_.push_back(queue.front().place);
        queue.pop_front();
      }
  }

  BulkOptions options_;
  const Deliver* deliver_ = nullptr;  // of the turn
  transport::Loop loop_;
  Exchanger exchanger_;
  std::vector<One> resolvers_;
  std::vector<Place> places_;
  std::vector<std::uint16_t> free_;
  std::deque<std::uint16_t> again_;                 // to be sent as soon as the pace allows
  std::vector<std::deque<Due>> waiting_, later_;    // by number of tries: each in order of time
  std::map<std::uint16_t, std::unique_ptr<transport::Pending>> tcp_;
  std::array<std::uint32_t, 1024> random_{};
  std::size_t random_at_ = 1024;
  std::uint32_t allowance_ = 0;
  int nap_ = 1;
  base::SteadyTime now_ = base::steady_now();
  BulkCounts counts_;
};

}  // namespace

base::Expected<std::unique_ptr<Bulk>> make_bulk_given(const BulkOptions& options) {
  auto out = std::make_unique<Given>(options);
  if (const auto opened = out->open(); !opened) return std::unexpected(opened.error());
  return out;
}

}  // namespace fcrdns::resolver
