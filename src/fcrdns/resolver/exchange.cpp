#include "fcrdns/resolver/exchange.hpp"

#include <algorithm>
#include <list>
#include <string>
#include <utility>
#include <variant>

#include "fcrdns/resolver/query_case.hpp"

namespace fcrdns::resolver {
namespace {

constexpr int max_strangers = 16;            // replies that are not ours, before TCP takes over
constexpr std::size_t max_open_shots = 12;   // sockets of one exchange; the oldest is given up for a new one
constexpr int max_tcp_failures = 2;
constexpr int sends_with_edns = 2;           // unanswered, before a server is asked without
constexpr int tries = 2;                     // of one transport, when only that is tried
constexpr base::Milliseconds first_resend{500}, longest_resend{1800}, soon{100};
constexpr base::Milliseconds patience_after_trouble{3000};  // with silent servers, once another has said that it cannot

/// One packet on its way.
struct Shot {
  std::unique_ptr<transport::Pending> line;
  std::size_t server = 0;
  std::size_t attempt = 0;  // index of its row in the trace
  std::uint16_t id = 0;
  dns::Name sent_name;      // in the letter case that was sent
  bool tcp = false, edns = false;
  int strangers = 0;
};

/// What is known about one server in this exchange.
struct Server {
  net::Endpoint endpoint;
  bool edns = true;
  int sends = 0;               // over UDP
  int refused = 0;             // over UDP, by ICMP
  int tcp_failures = 0;
  bool needs_tcp = false;      // its UDP replies cannot be used
  bool has_trouble = false;    // it has said, or shown, that it will not answer
};

bool blames_edns(dns::Rcode rcode) {
  return rcode == dns::Rcode::formerr || rcode == dns::Rcode::notimp || rcode == dns::Rcode::badvers;
}

}  // namespace

dns::Message make_query(const dns::Question& question, const Manner& manner, bool edns, base::Random& random) {
  dns::Message query;
  query.id = static_cast<std::uint16_t>(random.below(65536));
  query.recursion_desired = manner.source == dns::Source::recursive && manner.way == Way::any;
  query.authentic = manner.source == dns::Source::recursive;
  query.checking_disabled = manner.checking_disabled;
  const bool mixed = !manner.once || manner.once->mixed_case;
  query.questions.push_back({mixed ? with_random_case(question.name, random) : question.name, question.type, question.klass});
  if (edns) query.edns.emplace().dnssec_ok = manner.once && manner.once->dnssec_ok;
  return query;
}

class Exchange final : public transport::Pending {
 public:
  Exchange(Exchanger& owner, const std::vector<net::Endpoint>& servers, dns::Question question, Manner manner,
           base::SteadyTime deadline, std::move_only_function<void(Exchanged)> done)
      : owner_(owner), loop_(owner.loop_), question_(std::move(question)), manner_(manner), deadline_(deadline),
        done_(std::move(done)) {
    for (const auto& endpoint : servers)
      servers_.push_back({.endpoint = endpoint,
                          .edns = manner_.once ? manner_.once->edns : !owner_.without_edns_.contains(endpoint),
                          .needs_tcp = manner_.way == Way::tcp});
    best_.answer.status = dns::Status::unreachable;
    best_.answer.asked = loop_.now();
    const auto time = std::chrono::floor<base::Milliseconds>(deadline_ - loop_.now());
    interval_ = manner_.way == Way::tcp ? time / tries : std::min(first_resend, time / 5);
    interval_ = std::max(interval_, base::Milliseconds{1});
    end_ = loop_.at(deadline_, [this] { out_of_time(); });
    ask_next();
  }

 private:
  // ---- sending -----------------------------------------------------------------------------------------------------

  /// Asks the server that was asked least so far and may still answer; ends the exchange when there is none.
  void ask_next() {
    auto next = servers_.end();
    for (auto server = servers_.begin(); server != servers_.end(); ++server)
      if (!server->has_trouble && (next == servers_.end() || server->sends < next->sends)) next = server;
    if (next == servers_.end()) return finish();
    if (has_been_tried(*next)) return;  // its time runs until the deadline
    if (next->sends >= sends_with_edns) next->edns = false;
    ++next->sends;
    send(static_cast<std::size_t>(next - servers_.begin()), manner_.way == Way::tcp);
    ask_again_in(interval_);
    interval_ = std::min(interval_ * 3 / 2, longest_resend);
  }

  [[nodiscard]] bool has_been_tried(const Server& server) const {
    if (manner_.once) return server.sends > 0;
    if (manner_.way == Way::any) return false;
    const bool edns_is_open = manner_.way == Way::udp && server.edns;
    return server.sends >= tries + (edns_is_open ? 1 : 0);
  }

  void ask_again_in(base::Milliseconds pause) {
    again_ = loop_.at(loop_.now() + pause, [this] { ask_next(); });
  }

  void send(std::size_t server, bool tcp) {
    if (shots_.size() == max_open_shots) {
      note(shots_.front(), "given up");
      shots_.pop_front();
    }
    const auto& [endpoint, edns] = std::pair(servers_[server].endpoint, servers_[server].edns);
    const auto query = make_query(question_, manner_, edns, owner_.random_);
    auto& shot = shots_.emplace_back(Shot{.line = {}, .server = server, .attempt = attempts_.size(), .id = query.id,
                                          .sent_name = query.questions.front().name, .tcp = tcp, .edns = edns});
    attempts_.push_back({endpoint.text(), tcp ? "tcp" : "udp", loop_.now(), {}, {}});
    // The list keeps the shot where it is for as long as its line can call.
    auto handler = [this, &shot](transport::Event event, base::OctetView octets) { on_event(shot, event, octets); };
    shot.line = tcp ? loop_.tcp(endpoint, dns::write_message(query), std::move(handler))
                    : loop_.udp(endpoint, dns::write_message(query), std::move(handler));
  }

  /// The server's UDP replies are no use: closes this line, and asks over TCP unless that is under way.
  void ask_over_tcp(Shot& shot, std::string_view why) {
    const auto server = shot.server;
    note(shot, why);
    drop(shot);
    servers_[server].needs_tcp = true;
    if (!has_tcp(server)) send(server, true);
  }

  [[nodiscard]] bool has_tcp(std::size_t server) const {
    return std::ranges::any_of(shots_, [&](const Shot& shot) { return shot.tcp && shot.server == server; });
  }

  // ---- receiving; each of these may end the exchange or its shot, so each calls the next as its last deed -----------

  void on_event(Shot& shot, transport::Event event, base::OctetView octets) {
    best_.no_route = event == transport::Event::unreachable && (best_.no_route || !has_heard_);
    has_heard_ = true;
    switch (event) {
      case transport::Event::datagram: return on_octets(shot, octets);
      case transport::Event::refused: return shot.tcp ? on_tcp_failure(shot, "refused") : on_icmp(shot);
      case transport::Event::unreachable:
        if (shot.tcp) return on_tcp_failure(shot, "unreachable");
        note(shot, "unreachable");
        return give_up(shot, dns::Status::unreachable, {}, std::nullopt);
      case transport::Event::closed:
        if (!octets.empty()) saw_malformed_ = true;
        return on_tcp_failure(shot, octets.empty() ? "closed" : "malformed");
    }
  }

  /// Somebody says that nothing listens there. TCP can tell whether that is true: its refusal takes more to forge.
  void on_icmp(Shot& shot) {
    const auto index = shot.server;
    auto& server = servers_[index];
    note(shot, "refused by ICMP");
    ++server.refused;
    if (is_gone(server)) return give_up(shot, dns::Status::unreachable, {}, std::nullopt);
    if (manner_.way == Way::udp) return ask_again_in(soon);
    if (!has_tcp(index)) send(index, true);
    if (has_unasked_server()) ask_next();
  }

  void on_tcp_failure(Shot& shot, std::string_view how) {
    auto& server = servers_[shot.server];
    note(shot, how);
    ++server.tcp_failures;
    if (is_gone(server)) {
      const auto status = saw_malformed_ ? dns::Status::malformed : dns::Status::unreachable;
      const bool unexpected = server.needs_tcp && manner_.way != Way::tcp;
      return give_up(shot, status, unexpected ? "the reply needs TCP, and TCP fails" : "", std::nullopt);
    }
    drop(shot);
    if (server.tcp_failures < max_tcp_failures) ask_again_in(soon);
  }

  [[nodiscard]] bool is_gone(const Server& server) const {
    if (manner_.once) return server.refused + server.tcp_failures > 0;
    if (manner_.way == Way::udp && server.refused >= tries) return true;
    return server.tcp_failures >= max_tcp_failures && (server.needs_tcp || server.refused >= 2);
  }
  [[nodiscard]] bool has_unasked_server() const {
    return std::ranges::any_of(servers_, [](const Server& s) { return s.sends == 0 && !s.has_trouble; });
  }

  void on_octets(Shot& shot, base::OctetView octets) {
    auto message = dns::read_message(octets);
    if (!message) {
      saw_malformed_ = true;
      return on_stranger(shot, "malformed");
    }
    if (!dns::answers_question(*message, shot.id, question_))
      return on_stranger(shot, message->id == shot.id ? "wrong question" : "wrong id");
    const bool case_counts = !shot.tcp && (!manner_.once || manner_.once->mixed_case);
    if (case_counts && !message->questions.empty() && !message->questions.front().name.same_case(shot.sent_name))
      return manner_.once ? on_unusable(shot, "letter case not kept") : ask_over_tcp(shot, "letter case not kept");
    on_reply(shot, std::move(*message), octets.size());
  }

  /// Not ours, or not readable: whoever sent it does not get to end the exchange.
  void on_stranger(Shot& shot, std::string_view what) {
    note(shot, what);
    if (++shot.strangers <= max_strangers) return;
    if (!shot.tcp && !manner_.once) return ask_over_tcp(shot, what);
    give_up(shot, saw_malformed_ ? dns::Status::malformed : dns::Status::timeout, {}, std::nullopt);
  }

  void on_unusable(Shot& shot, std::string_view why) {
    note(shot, why);
    give_up(shot, dns::Status::malformed, why, std::nullopt);
  }

  void on_reply(Shot& shot, dns::Message message, std::size_t size) {
    auto& server = servers_[shot.server];
    if (shot.edns && blames_edns(message.rcode) && !manner_.once) {
      note(shot, "refuses EDNS");
      server.edns = false;
      const auto [index, tcp] = std::pair(shot.server, shot.tcp);
      drop(shot);
      return send(index, tcp);
    }
    if (message.truncated && !shot.tcp) return ask_over_tcp(shot, "truncated");
    if (!shot.edns && !blames_edns(message.rcode) && !manner_.once) owner_.without_edns_.insert(server.endpoint);

    restore_case(message, shot.sent_name, question_.name);
    auto reply = dns::interpret(message, question_, manner_.source);
    if (message.truncated) reply.status = dns::Status::malformed;  // TCP has room for everything
    note(shot, dns::to_word(reply.status));
    // A reply that contradicts itself is trouble, too: no forger comes this far, so there is no better one to wait for.
    if (dns::is_trouble(reply.status)) return give_up(shot, reply.status, {}, std::move(message));
    Answer& answer = best_.answer;
    answer.status = reply.status;
    answer.records = std::move(reply.records);
    answer.via = std::move(reply.via);
    answer.soa = std::move(reply.soa);
    answer.dnssec = message.authentic && manner_.source == dns::Source::recursive ? Dnssec::secure : Dnssec::unknown;
    answer.size = size;
    answer.over_tcp = shot.tcp;
    answer.detail.clear();
    best_.open_chain = reply.open_chain;
    best_.server = server.endpoint;
    best_.extended_error = dns::extended_error(message);
    best_.message = std::move(message);
    finish();
  }

  /// This server will not answer. Its other lines are closed too.
  void give_up(Shot& shot, dns::Status status, std::string_view detail, std::optional<dns::Message> message) {
    const auto index = shot.server;
    auto& server = servers_[index];
    server.has_trouble = true;
    if (!best_.server || says_more(status, best_.answer.status)) {
      best_.answer.status = status;
      best_.answer.detail = detail;
      best_.server = server.endpoint;
      best_.extended_error = message ? dns::extended_error(*message) : std::nullopt;
      best_.message = std::move(message);
    }
    shots_.remove_if([&](Shot& other) {
      if (other.server != index) return false;
      note_if_silent(other, "given up");
      return true;
    });
    if (std::ranges::all_of(servers_, &Server::has_trouble)) return finish();
    end_ = loop_.at(std::min(deadline_, loop_.now() + patience_after_trouble), [this] { out_of_time(); });
    if (has_unasked_server()) ask_next();
  }

  // ---- ending ------------------------------------------------------------------------------------------------------

  void out_of_time() {
    const bool all_refused =
        std::ranges::all_of(servers_, [](const Server& s) { return s.has_trouble || s.refused > 0; });
    const auto status = saw_malformed_ ? dns::Status::malformed
                        : all_refused  ? dns::Status::unreachable
                                       : dns::Status::timeout;
    if (!best_.server || says_more(status, best_.answer.status)) best_.answer.status = status;
    for (auto& shot : shots_) note_if_silent(shot, "timeout");
    finish();
  }

  /// Hands the result over from the loop, not from inside the handler that found it: `done` may end this object.
  void finish() {
    for (auto& shot : shots_) note_if_silent(shot, "given up");
    shots_.clear();
    again_.reset();
    best_.answer.attempts = std::move(attempts_);
    best_.answer.answered = loop_.now();
    end_ = loop_.at(loop_.now(), [this] { std::exchange(done_, {})(std::move(best_)); });
  }

  void note(const Shot& shot, std::string_view outcome) {
    auto& attempt = attempts_[shot.attempt];
    attempt.outcome = outcome;
    attempt.took = std::chrono::round<base::Milliseconds>(loop_.now() - attempt.sent);
  }
  void note_if_silent(const Shot& shot, std::string_view outcome) {
    if (attempts_[shot.attempt].outcome.empty()) note(shot, outcome);
  }
  void drop(const Shot& shot) {
    shots_.remove_if([&](const Shot& other) { return &other == &shot; });
  }

  Exchanger& owner_;
  transport::Loop& loop_;
  dns::Question question_;
  Manner manner_;
  base::SteadyTime deadline_;
  std::move_only_function<void(Exchanged)> done_;

  std::vector<Server> servers_;
  std::list<Shot> shots_;
  std::vector<Attempt> attempts_;
  Exchanged best_;              // the answer, or the most telling trouble so far
  bool has_heard_ = false, saw_malformed_ = false;
  base::Milliseconds interval_{};
  std::unique_ptr<transport::Pending> again_, end_;
};

Exchanger::Exchanger(transport::Loop& loop, base::Random& random) : loop_(loop), random_(random) {}

std::unique_ptr<transport::Pending> Exchanger::start(const std::vector<net::Endpoint>& servers, dns::Question question,
                                                     Manner manner, base::SteadyTime deadline,
                                                     std::move_only_function<void(Exchanged)> done) {
  return std::make_unique<Exchange>(*this, servers, std::move(question), manner, deadline, std::move(done));
}

}  // namespace fcrdns::resolver
