// Recursive resolvers that were given, asked very many questions. The same replies lead to the same answers as in
// exchange.cpp and given.cpp; what differs is that there is one clock for all questions, and that a packet more is dear.
//
//   the answer                          handed on; an alias that leads out of it is asked on, at most 16 in all
//   nothing                             again, by another resolver where there is one; the answer to an earlier packet
//                                       counts as long as the question is open
//   wrong ID or question                not ours: the true one may still come (RFC 5452 9.1)
//   a damaged reply                     likewise, but not for long; when none comes: malformed
//   TC                                  TCP (RFC 7766 5)
//   FORMERR, NOTIMP, BADVERS to EDNS    again without EDNS (RFC 6891 7), remembered for this resolver
//   silence to EDNS, twice              the same, unless it is known to answer EDNS
//   SERVFAIL, REFUSED                   again after a pause that grows; when SERVFAIL lasts, CD=1 shows whether it is
//                                       validation that fails (RFC 4035 3.2.2): bogus
//   lame, contradictions, FORMERR       once more, or once from each resolver
//   no packet may leave yet             it waits; that time does not count against the deadline
//   ICMP port unreachable               soft: what is out there is asked again soon; refused each time: unreachable
#include "fcrdns/resolver/bulk.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <thread>
#include <utility>

#include "fcrdns/base/random.hpp"
#include "fcrdns/resolver/bulk_outstanding.hpp"
#include "fcrdns/resolver/bulk_query.hpp"
#include "fcrdns/resolver/bulk_server.hpp"
#include "fcrdns/resolver/bulk_tcp.hpp"
#include "fcrdns/resolver/extended_error.hpp"
#include "fcrdns/resolver/paces.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/resolver/window.hpp"

namespace fcrdns::resolver {
namespace {

using dns::Rcode;
using dns::Status;

constexpr base::SteadyTime never = base::SteadyTime::max();
constexpr base::Milliseconds nap{2};              // while it lasts, what comes and goes gathers
constexpr base::Seconds longest_wait{60};         // for the pace, over a deadline
constexpr base::Milliseconds after_damage{250};   // for the true reply to come
constexpr base::Milliseconds after_refusal{50};   // by ICMP
constexpr unsigned tries_with_little_hope = 2;
constexpr int tcp_packets = 3;                    // to wait for: the way there, the query, the answer
constexpr unsigned silences_with_edns = 2;

/// Where a question stands.
enum class State : std::uint8_t {
  free,
  ready,    ///< a packet is to leave as soon as one may
  out,      ///< a packet may be answered
  pausing,
  tcp,
};
/// How far it is known whether a SERVFAIL is failed validation.
enum class Check : std::uint8_t {
  none,
  unchecked,  ///< asked with CD=1
  again,      ///< which was answered: asked once more without
};

struct Place {
  dns::Question question;       // the link asked now
  std::uint64_t token = 0;
  base::SteadyTime deadline, last;     // `last`: however long it had to wait for the pace
  base::SteadyTime ready_since;
  std::chrono::microseconds waited{};  // for the pace
  std::array<Sent, Outstanding::kept> sent;  // its last packets
  std::vector<dns::Name> via;   // of earlier links
  dns::Name first;              // the name asked for; set once there is a `via`
  std::uint16_t server = 0;
  std::uint8_t socket = 0, tries = 0, silences = 0;
  State state = State::free;
  Check check = Check::none;
  Blame blame = Blame::open;    // of the last SERVFAIL
  bool with_edns = true;        // the packet that is out
  bool plain = false;           // this question leaves without EDNS
  bool damaged = false;         // a damaged reply came to the packet that is out
  Status worst = Status::unreachable;  // the most telling of what was heard
};

bool blames_edns(Rcode rcode) { return rcode == Rcode::formerr || rcode == Rcode::notimp || rcode == Rcode::badvers; }

class Given final : public Bulk {
 public:
  explicit Given(const BulkOptions& options)
      : options_(options), tcp_([this](std::uint32_t place, dns::Message* message, Status trouble) { on_tcp(place, message, trouble); }) {}

  base::Expected<void> open() {
    const auto count = options_.servers.size();
    if (count == 0) return base::fault("no resolver to ask");
    options_.tries = std::clamp(options_.tries, 1U, 100U);
    paces_ = Paces(now_, count, options_.rate);
    std::size_t capacity = 0;
    for (const auto& endpoint : options_.servers) {
      auto udp = transport::BulkUdp::open(endpoint, {.sockets = count == 1 ? 4U : 2U, .segments = options_.segments});
      if (!udp) return std::unexpected(std::move(udp.error()));
      capacity += (*udp)->capacity() * (*udp)->sockets();
      servers_.emplace_back(endpoint, *std::move(udp), now_);
    }
    const auto most = std::clamp<std::size_t>(options_.window, 1, std::clamp<std::size_t>(capacity, 64, 32'768));
    window_ = Window(most, count, now_);
    places_.resize(most);
    due_.assign(most, never);
    outstanding_ = Outstanding(static_cast<std::uint32_t>(most));
    for (std::size_t i = most; i-- > 0;) free_.push_back(static_cast<std::uint32_t>(i));
    open_allowances();
    return {};
  }

  [[nodiscard]] std::size_t room() const override {
    return std::min(less(window_.size(), under_way()), less(paces_.room(), ready_.size()));
  }
  [[nodiscard]] bool idle() const override { return free_.size() == places_.size(); }
  [[nodiscard]] base::SteadyTime now() const override { return now_; }
  [[nodiscard]] std::chrono::microseconds waited() const override { return waited_; }
  [[nodiscard]] BulkCounts counts() const override { return counts_; }

  void ask(dns::Question question, std::uint64_t token, base::SteadyTime deadline) override {
    const auto index = free_.back();
    free_.pop_back();
    auto& place = places_[index];
    place.question = std::move(question);
    place.token = token;
    place.deadline = deadline;
    place.last = deadline + longest_wait;
    place.waited = {};
    place.via.clear();
    ++counts_.questions;
    begin_link(index);
  }

  void turn(const Deliver& deliver) override {
    deliver_ = &deliver;
    for (auto& server : servers_) server.flush(now_);
    std::this_thread::sleep_for(nap);
    const auto listened = std::exchange(now_, base::steady_now());
    const auto most = options_.patience / 8;  // that a turn counts for: so silence ends on the slowest machine, too
    if (now_ - listened > most) stood_still(now_ - listened - most);
    window_.turn(now_, under_way(), ended_, counts_.retries);
    for (std::size_t i = 0; i < servers_.size(); ++i) receive(static_cast<std::uint16_t>(i));
    tcp_.turn();
    if (earliest_ <= now_) see_what_is_due();
    open_allowances();
    send_ready();
    deliver_ = nullptr;
  }

  [[nodiscard]] std::vector<ServerHealth> health(std::size_t most) const override {
    std::vector<ServerHealth> out;
    for (std::uint16_t i = 0; i < servers_.size(); ++i) {
      out.push_back(servers_[i].health);
      out.back().rate = paces_[i].rate();
    }
    std::ranges::stable_sort(out, std::ranges::greater(), &ServerHealth::sent);
    if (out.size() > most) out.resize(most);
    return out;
  }

 private:
  static std::size_t less(std::size_t a, std::size_t b) { return a - std::min(a, b); }
  [[nodiscard]] std::size_t under_way() const { return places_.size() - free_.size(); }

  // ---- sending -----------------------------------------------------------------------------------------------------

  void begin_link(std::uint32_t index) {
    auto& place = places_[index];
    place.tries = place.silences = 0;
    place.check = Check::none;
    place.blame = Blame::open;
    place.plain = false;
    place.worst = Status::unreachable;
    make_ready(index);
    if (paces_.room() < ready_.size()) return;
    ready_.pop_back();
    place.server = paces_.choose();
    send(index);
  }

  void make_ready(std::uint32_t index) {
    auto& place = places_[index];
    place.state = State::ready;
    place.ready_since = now_;
    due_[index] = place.last;
    earliest_ = std::min(earliest_, place.last);
    ready_.push_back(index);
  }

  /// What waits for the pace. Who must ask a certain resolver waits for that one.
  void send_ready() {
    for (auto count = ready_.size(); count > 0 && paces_.room() > 0; --count) {
      const auto index = ready_.front();
      ready_.pop_front();
      auto& place = places_[index];
      if (place.state != State::ready) continue;
      if (place.check == Check::none) place.server = paces_.choose(place.tries > 0 ? place.server : Paces::nobody);
      if (paces_.allows(place.server)) send(index);
      else ready_.push_back(index);
    }
  }

  void send(std::uint32_t index) {
    auto& place = places_[index];
    auto& server = servers_[place.server];
    place.with_edns = server.edns && !place.plain;
    const auto waited = now_ - place.ready_since;  // our own politeness: it counts against no deadline
    place.waited += waited;
    place.deadline = std::min(place.last, place.deadline + waited);
    place.socket = static_cast<std::uint8_t>(server.socket());
    Outstanding::Packet packet{.server = place.server, .socket = place.socket};
    do packet.id = static_cast<std::uint16_t>(base::secure_random().below(65'536));
    while (outstanding_.find(packet).place != Outstanding::none);
    outstanding_.add(index, place.tries % Outstanding::kept, packet);
    place.sent[place.tries % Outstanding::kept] = paces_.sent(place.server, now_);
    const auto query = query_of(place, packet.id);
    query.write(server.place(query.length()));
    if (++place.tries > 1) ++counts_.retries;
    place.state = State::out;
    place.damaged = false;
    is_due(index, now_ + patience(place));
    server.sent();
    ++counts_.packets;
  }

  static BulkQuery query_of(const Place& place, std::uint16_t id) {
    return {.question = place.question, .id = id, .edns = place.with_edns, .checking_disabled = place.check == Check::unchecked};
  }

  void open_allowances() {
    paces_.turn(now_);
    for (std::uint16_t i = 0; i < servers_.size(); ++i) paces_.at_most(i, servers_[i].room());
  }

  // ---- receiving ---------------------------------------------------------------------------------------------------

  void receive(std::uint16_t number) {
    auto& server = servers_[number];
    server.receive([&](const transport::BulkUdp::Arrived& arrived) { take(number, arrived); });
    if (!server.newly_refused(now_)) return;
    for (std::uint32_t i = 0; i < places_.size(); ++i)
      if (places_[i].state == State::out && places_[i].server == number) is_due(i, std::min(due_[i], now_ + after_refusal));
  }

  void take(std::uint16_t number, const transport::BulkUdp::Arrived& arrived) {
    if (arrived.octets.size() < 2) return;
    const auto id = static_cast<std::uint16_t>(arrived.octets[0] << 8 | arrived.octets[1]);
    const auto found = outstanding_.find({.server = number, .id = id, .socket = static_cast<std::uint8_t>(arrived.socket)});
    if (found.place == Outstanding::none) return;
    auto& place = places_[found.place];
    // Earlier packets of this place were given up: their answers count, their troubles do not.
    const bool is_out = place.state == State::out && found.turn == (place.tries - 1U) % Outstanding::kept;
    servers_[number].answered(now_);
    if (!dns::read_message(arrived.octets, message_)) {
      if (is_out) on_damage(found.place);
    } else if (dns::answers_question(message_, id, place.question)) {
      tell_pace(number, place.sent[found.turn], message_.rcode);
      on_reply(found.place, number, is_out, message_);
    }
  }

  /// REFUSED is the resolver's own; SERVFAIL may be; all else, TC too, is an answer as far as its limits go.
  void tell_pace(std::uint16_t number, const Sent& sent, Rcode rcode) {
    auto& pace = paces_[number];
    if (rcode == Rcode::refused) pace.refused(sent, now_);
    else if (rcode == Rcode::servfail) pace.failed(sent, now_);
    else pace.answered(sent, now_);
  }

  void on_damage(std::uint32_t index) {
    auto& place = places_[index];
    place.damaged = true;
    is_due(index, std::min(due_[index], now_ + after_damage));
  }

  /// The packet is not waited for any more.
  void settle(Place& place) {
    if (place.state != State::out) return;
    servers_[place.server].settled(place.socket);
    place.state = State::pausing;
  }

  void on_reply(std::uint32_t index, std::uint16_t number, bool is_out, dns::Message& message) {
    auto& place = places_[index];
    auto& server = servers_[number];
    if (!is_out && (message.truncated || place.state == State::tcp)) return;
    if (is_out && place.with_edns && blames_edns(message.rcode)) {
      server.edns = server.edns && server.knows_edns;
      place.plain = true;
      settle(place);
      return make_ready(index);
    }
    if (message.truncated) return ask_over_tcp(index);
    auto reply = dns::interpret(std::move(message), place.question, dns::Source::recursive);
    if (reply.status == Status::servfail) place.blame = blame_in(message);
    if (!dns::is_definite(reply.status)) {
      if (is_out) on_trouble(index, reply.status);
      return;
    }
    if (is_out && place.with_edns) server.knows_edns = true;
    if (is_out && !place.with_edns && !server.knows_edns) server.edns = false;
    ++server.health.answered;
    settle(place);
    take_answer(index, reply);
    message.answers = std::move(reply.records);  // its memory is used again
  }

  static Blame blame_in(const dns::Message& message) {
    const auto error = dns::extended_error(message);
    return error ? blame_of(*error) : Blame::open;
  }

  void on_trouble(std::uint32_t index, Status status) {
    auto& place = places_[index];
    auto& server = servers_[place.server];
    const bool may_be_its_own = status == Status::servfail || status == Status::refused;
    ++(may_be_its_own ? server.health.refusals : server.health.answered);
    settle(place);
    after_trouble(index, status);
  }

  // ---- what follows ------------------------------------------------------------------------------------------------

  [[nodiscard]] unsigned tries_for(Status trouble) const {
    switch (trouble) {
      case Status::servfail: case Status::refused: case Status::timeout: case Status::unreachable: return options_.tries;
      case Status::loop: return std::min<unsigned>(options_.tries, static_cast<unsigned>(servers_.size()));
      default: return std::min<unsigned>(options_.tries, std::max<unsigned>(tries_with_little_hope, static_cast<unsigned>(servers_.size())));
    }
  }
  [[nodiscard]] static base::Milliseconds pause_after(Status trouble, unsigned tries) {
    const bool may_be_its_own = trouble == Status::servfail || trouble == Status::refused;
    return may_be_its_own ? Paces::rest(tries) : base::Milliseconds{0};
  }

  void after_trouble(std::uint32_t index, Status trouble) {
    auto& place = places_[index];
    if (place.check != Check::none) return after_check(index, false);
    if (says_more(trouble, place.worst)) place.worst = trouble;
    if (now_ >= place.deadline) return give_up(index);
    if (trouble == Status::servfail && place.blame == Blame::validation && options_.tell_bogus) return check(index, Check::unchecked);
    if (place.tries >= tries_for(trouble)) return give_up(index);
    const auto pause = servers_.size() > place.tries ? base::Milliseconds{0} : pause_after(trouble, place.tries);
    if (pause == base::Milliseconds{0}) return make_ready(index);
    place.state = State::pausing;
    is_due(index, now_ + pause);
  }

  void give_up(std::uint32_t index) {
    auto& place = places_[index];
    const bool may_be_validation = place.worst == Status::servfail && options_.tell_bogus && place.blame != Blame::something_else;
    if (place.check == Check::none && may_be_validation && now_ < place.deadline) return check(index, Check::unchecked);
    dns::Reply reply;
    reply.status = place.worst;
    end(index, reply);
  }

  void check(std::uint32_t index, Check step) {
    outstanding_.forget(index);  // what comes from now on must be the answer to this
    places_[index].check = step;
    make_ready(index);
  }

  /// Validated answers fail. Unchecked ones come, and validated ones fail still: that is failed validation.
  void after_check(std::uint32_t index, bool unchecked_answers) {
    auto& place = places_[index];
    const bool ended = place.check == Check::again || place.blame == Blame::validation;
    if (place.check == Check::unchecked && unchecked_answers && !ended && now_ < place.deadline) return check(index, Check::again);
    if ((place.check == Check::again || unchecked_answers) && place.blame != Blame::something_else) place.worst = Status::bogus;
    dns::Reply reply;
    reply.status = place.worst;
    end(index, reply);
  }

  /// A definite reply to this link: the end of the chain, or the way to the next link.
  void take_answer(std::uint32_t index, dns::Reply& reply) {
    auto& place = places_[index];
    if (place.check == Check::unchecked) return after_check(index, true);
    if (place.via.empty() && !reply.open_chain) return end(index, reply);
    if (place.via.empty()) place.first = place.question.name;
    for (auto& name : reply.via) {
      const bool leads_back = place.via.size() == dns::max_aliases || name == place.first || std::ranges::find(place.via, name) != place.via.end();
      if (leads_back) {
        reply = {};
        reply.status = Status::loop;
        return end(index, reply);
      }
      place.via.push_back(std::move(name));
    }
    if (!reply.open_chain) return end(index, reply);
    outstanding_.forget(index);
    place.question.name = place.via.back();
    begin_link(index);
  }

  void end(std::uint32_t index, dns::Reply& reply) {
    auto& place = places_[index];
    if (!place.via.empty()) reply.via = std::move(place.via);
    reply.open_chain = false;
    outstanding_.forget(index);
    place.via.clear();
    place.state = State::free;
    due_[index] = never;
    const auto token = place.token;
    waited_ = place.waited;
    ++ended_;
    free_.push_back(index);
    (*deliver_)(token, reply);
  }

  // ---- time --------------------------------------------------------------------------------------------------------

  /// The place is looked at then; at its deadline at the latest.
  void is_due(std::uint32_t index, base::SteadyTime when) {
    due_[index] = std::min(when, places_[index].deadline);
    earliest_ = std::min(earliest_, due_[index]);
  }

  /// For so long nobody listened: the machine had no time for us, or our caller did not come back. Nothing was silent then, and
  /// what came lies in the sockets.
  void stood_still(base::SteadyTime::duration gap) {
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      auto& place = places_[i];
      if (place.state == State::free) continue;
      place.deadline += gap;
      place.last += gap;
      place.ready_since += gap;
      place.waited += std::chrono::duration_cast<std::chrono::microseconds>(gap);
      due_[i] += gap;
    }
    if (earliest_ != never) earliest_ += gap;
  }

  void see_what_is_due() {
    earliest_ = never;
    for (std::uint32_t i = 0; i < due_.size(); ++i) {
      if (due_[i] <= now_) on_due(i);
      earliest_ = std::min(earliest_, due_[i]);
    }
  }

  [[nodiscard]] base::SteadyTime::duration patience(const Place& place) {
    auto& server = servers_[place.server];
    if (place.tries >= options_.tries) return options_.patience * 3;  // nothing comes after it, and a recursion may be at work still
    if (place.tries > 1) return paces_[place.server].patience(place.tries, options_.patience);
    if (std::exchange(server.patience_as_of, now_) != now_) server.patience = paces_[place.server].patience(1, options_.patience);
    return server.patience;
  }

  void on_due(std::uint32_t index) {
    auto& place = places_[index];
    switch (place.state) {
      case State::free: return;
      case State::ready: return expire(index);
      case State::pausing: return now_ >= place.deadline ? expire(index) : make_ready(index);
      case State::out: return on_silence(index);
      case State::tcp:
        if (tcp_.waits(index) && now_ < place.deadline) {
          is_due(index, now_ + options_.patience * tcp_packets);
          return;
        }
        return after_trouble(index, tcp_.cancel(index));
    }
  }

  /// Out of time before another packet could leave.
  void expire(std::uint32_t index) {
    auto& place = places_[index];
    if (place.tries == 0) place.worst = Status::timeout;
    give_up(index);
  }

  void on_silence(std::uint32_t index) {
    auto& place = places_[index];
    auto& server = servers_[place.server];
    settle(place);
    if (place.damaged) return after_trouble(index, Status::malformed);
    const auto sent = place.sent[(place.tries - 1U) % Outstanding::kept].when;
    const bool refused = server.is_silent_since(sent);
    const bool waited = now_ - sent >= paces_[place.server].patience(1, options_.patience);  // else the question's own time ended before
    if (refused || waited) ++server.health.timeouts;
    if (place.with_edns && ++place.silences >= silences_with_edns && !server.knows_edns) place.plain = true;
    after_trouble(index, refused ? Status::unreachable : Status::timeout);
  }

  // ---- TCP ---------------------------------------------------------------------------------------------------------

  void ask_over_tcp(std::uint32_t index) {
    auto& place = places_[index];
    settle(place);
    place.state = State::tcp;
    is_due(index, now_ + options_.patience * tcp_packets);
    ++counts_.tcp;
    const auto query = query_of(place, static_cast<std::uint16_t>(base::secure_random().below(65'536)));
    base::Octets octets(query.length());
    query.write(octets.data());
    tcp_.ask(index, servers_[place.server].health.server, std::move(octets), place.question);
  }

  void on_tcp(std::uint32_t index, dns::Message* message, Status trouble) {
    auto& place = places_[index];
    if (message == nullptr) return after_trouble(index, trouble);
    auto reply = dns::interpret(*message, place.question, dns::Source::recursive);
    if (message->truncated) reply.status = Status::malformed;  // TCP has room for everything
    if (!dns::is_definite(reply.status)) return after_trouble(index, reply.status);
    ++servers_[place.server].health.answered;
    take_answer(index, reply);
  }

  BulkOptions options_;
  base::SteadyTime now_ = base::steady_now();
  const Deliver* deliver_ = nullptr;  // of the turn
  std::vector<BulkServer> servers_;
  std::vector<Place> places_;
  std::vector<base::SteadyTime> due_;  // of each place
  base::SteadyTime earliest_ = never;  // none of them is due before
  std::vector<std::uint32_t> free_;
  std::deque<std::uint32_t> ready_;    // some of them may have been answered meanwhile
  Window window_{0, 0, now_};
  std::uint64_t ended_ = 0;            // questions
  Outstanding outstanding_{0};
  dns::Message message_;               // that is being read
  BulkTcp tcp_;
  std::chrono::microseconds waited_{};  // by the question that is delivered
  Paces paces_{now_, 0, 0};
  BulkCounts counts_;
};

}  // namespace

base::Expected<std::unique_ptr<Bulk>> make_bulk_given(const BulkOptions& options) {
  auto out = std::make_unique<Given>(options);
  if (const auto opened = out->open(); !opened) return std::unexpected(opened.error());
  return out;
}

}  // namespace fcrdns::resolver
