// The zones' own servers, asked very many questions along the delegations (RFC 1034 5.3.3). What is learned on the way is
// shared (delegations.hpp). docs/scan-iterate.md says what it does for whom; this is what a question meets:
//
//   no zone below is known          one question at a time goes ahead where a cut may be; the others stand behind it
//   a referral downwards            from there (RFC 2181 5.4.1: only what is in the bailiwick counts)
//   a referral upwards or sideways, no AA    lame: the next server; three in a row, and the server has no seat in this zone
//   records without AA              kept, for when nobody has more to say
//   servers without glue            looked up, one after another, a few per question: a zone can make nobody ask many (NXNS)
//   such names in a circle          seen before anybody waits in it (TsuNAME)
//   nothing, SERVFAIL, REFUSED ...  the zone's next server; then again through all of them, up to `tries` packets
//   TC                              TCP to the same server
//   FORMERR, NOTIMP, BADVERS to EDNS, or two silences of a server never heard of   without EDNS, and remembered
//   an alias                        asked on at its end, unless all of it is in the zone asked
//   a server's turn has not come    it waits; that time does not count against the deadline
#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

#include "fcrdns/base/random.hpp"
#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/resolver/bulk_iterate_places.hpp"
#include "fcrdns/resolver/bulk_query.hpp"
#include "fcrdns/resolver/exchange.hpp"
#include "fcrdns/transport/wide_udp.hpp"

namespace fcrdns::resolver {
namespace {

using State = Place::State;

constexpr std::size_t most_servers = 13;          // taken of one referral
constexpr std::size_t most_tcp = 64;              // connections at once
constexpr unsigned most_packets = 60;             // of one question, the way down included
constexpr unsigned most_zones = 40;               // on its way down
constexpr unsigned most_depth = 4;                // look-ups for look-ups
constexpr std::array<unsigned, most_depth + 1> most_look_ups{4, 3, 2, 1, 0};  // of one question, by depth
constexpr unsigned lame_enough = 3;
constexpr std::uint16_t sick = 16;                // questions in a row that ended in trouble: a zone gets one round only
constexpr std::uint16_t silent_to_edns = 2;
constexpr base::Seconds longest_wait{60};         // for servers' turns, over a question's deadline
constexpr base::Milliseconds pause{200}, check_every{50};
constexpr base::Seconds host_found{3600}, host_missing{300}, host_in_trouble{60};

bool blames_edns(dns::Rcode rcode) {
  return rcode == dns::Rcode::formerr || rcode == dns::Rcode::notimp || rcode == dns::Rcode::badvers;
}

std::uint32_t ttl_of(const dns::Message& referral, const dns::Name& apex) {
  for (const auto& record : referral.authority)
    if (record.type == dns::Type::ns && record.owner == apex) return record.ttl;
  return 0;
}

/// Packets at an even rate, with bursts of a moment's worth (GCRA).
bool may_leave(base::SteadyTime next, double rate, base::SteadyTime now, base::Milliseconds burst) {
  return rate <= 0 || next <= now + burst;
}
base::SteadyTime used_up(base::SteadyTime next, double rate, base::SteadyTime now) {
  if (rate <= 0) return now;
  return std::max(next, now) + std::chrono::microseconds(static_cast<std::int64_t>(1e6 / rate));
}
constexpr base::Milliseconds server_burst{20}, burst{5};

class Iterate final : public Bulk {
 public:
  explicit Iterate(const BulkOptions& options)
      : options_(options), window_(std::clamp<std::size_t>(options.window, 1, 60'000)),
        places_(2 * window_, std::max<std::size_t>(64, window_ / 8)),
        known_(options.servers, options.transport, std::uint64_t{base::secure_random().u32()} << 32 | base::secure_random().u32()),
        exchanger_(loop_) {}

  base::Expected<void> open() {
    if (options_.servers.empty()) return base::fault("no root server to begin at");
    auto udp = transport::WideUdp::open({.only = options_.transport});
    if (!udp) return std::unexpected(std::move(udp.error()));
    udp_ = std::move(*udp);
    by_id_.assign(std::size_t{udp_->sockets()} << 16, nobody);
    return {};
  }

  /// Twice the window is kept: those that wait for a server's turn do not count, so that one server that is asked slowly
  /// holds up the others only when as many questions wait for it as a whole window.
  [[nodiscard]] std::size_t room() const override {
    return std::min(places_.room(), window_ - std::min(window_, active_));
  }
  [[nodiscard]] bool idle() const override { return places_.empty(); }
  [[nodiscard]] base::SteadyTime now() const override { return now_; }
  [[nodiscard]] std::chrono::microseconds waited() const override { return waited_; }
  [[nodiscard]] BulkCounts counts() const override { return counts_; }

  void ask(dns::Question question, std::uint64_t token, base::SteadyTime deadline) override {
    const auto index = places_.take(false);
    auto& place = places_[index];
    place.token = token;
    ++counts_.questions;
    ++active_;
    begin(index, std::move(question), std::max(deadline, now_ + options_.patience * 2));
  }

  void turn(const Deliver& deliver) override {
    deliver_ = &deliver;
    go_on();
    flush();
    udp_->wait(busy_.empty() && ready_.empty() ? 2 : 1);
    udp_->receive([&](const transport::WideUdp::Arrived& arrived) { take(arrived); });
    now_ = base::steady_now();
    while (!tcp_.empty() && loop_.run_one(base::Milliseconds{0})) {}
    hear_silence();
    go_on();
    give_turns();
    flush();
  }

  [[nodiscard]] std::vector<ServerHealth> health(std::size_t most) const override {
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

 private:
  struct Due {
    base::SteadyTime when;
    Index place;
    std::uint32_t generation;
  };
  /// Those behind the question that goes ahead at a name.
  struct Lead {
    Index leader = nobody;
    Line line;
  };
  struct Way {
    std::uint64_t heard = 0, silent = 0;
    bool is_closed = false;  // no route, and nothing was ever heard
  };

  // ---- a question's way ----------------------------------------------------------------------------------------------

  void begin(Index index, dns::Question question, base::SteadyTime deadline) {
    auto& place = places_[index];
    place.question = std::move(question);
    place.deadline = deadline;
    place.last = deadline + longest_wait;
    make_ready(index);
  }

  void make_ready(Index index) {
    set(index, State::ready);
    ready_.push_back({now_, index, places_[index].generation});
  }

  void set(Index index, State state) {
    auto& place = places_[index];
    if (place.looks_up == nobody) active_ += (place.state == State::turn) - std::size_t{state == State::turn};
    place.state = state;
    place.since = now_;
  }

  void go_on() {
    while (!ready_.empty()) {
      const auto due = ready_.front();
      ready_.pop_front();
      auto& place = places_[due.place];
      if (place.state == State::ready && place.generation == due.generation) advance(due.place);
    }
  }

  /// To the deepest zone known, and to a server of it, or into a line.
  void advance(Index index) {
    auto& place = places_[index];
    if (now_ >= place.deadline || place.packets >= most_packets) return give_up(index);
    const auto suffixes = known_.suffixes(place.question.name);
    const auto zone = known_.deepest(place.question.name, suffixes, now_);
    if (zone != place.zone && !enter(index, zone)) return give_up(index);
    if (!place.is_alone && stands_behind(index, suffixes)) return;
    choose_server(index);
  }

  bool enter(Index index, Index zone) {
    auto& place = places_[index];
    unpin(place);
    ++known_.zone(zone).pins;
    place.zone = zone;
    place.tried_count = place.rounds = place.packets_here = 0;
    place.without_authority.reset();
    place.worst = dns::Status::unreachable;
    return ++place.zones <= most_zones;
  }

  void unpin(Place& place) {
    if (place.zone != nobody) --known_.zone(place.zone).pins;
    place.zone = nobody;
  }

  /// Whether it is in a line now, behind a question that may find the cut which this one needs.
  bool stands_behind(Index index, const Suffixes& suffixes) {
    auto& place = places_[index];
    std::uint64_t name = 0;
    for (std::size_t labels = known_.zone(place.zone).labels + 1U; labels <= suffixes.labels() && name == 0; ++labels)
      if (known_.may_be_cut(suffixes[labels])) name = suffixes[labels];
    if (name == place.leads) return false;
    open_line(index, false);
    if (name == 0) return false;
    auto& lead = leads_[name];
    if (lead.leader == nobody) {
      lead.leader = index;
      place.leads = name;
      return false;
    }
    if (leads_back(lead.leader, index)) return false;
    place.follows = name;
    set(index, State::behind);
    places_.join(lead.line, index);
    return true;
  }

  /// Lets those behind it go on; each for itself, unless the way was found.
  void open_line(Index index, bool found) {
    auto& place = places_[index];
    if (place.leads == 0) return;
    const auto name = std::exchange(place.leads, 0);
    const auto lead = leads_.extract(name);
    auto& line = lead.mapped().line;
    while (line.first != nobody) {
      const auto next = line.first;
      places_.leave(line, next);
      auto& follower = places_[next];
      follower.follows = 0;
      follower.is_alone = !found;
      follower.waited += place.waited;
      follower.deadline = std::min(follower.last, follower.deadline + place.waited);
      make_ready(next);
    }
  }

  /// Whether the one at `from` can only go on when `to` does.
  bool leads_back(Index from, Index to) {
    for (unsigned steps = 0; steps < 32 && from != nobody; ++steps) {
      if (from == to) return true;
      const auto& place = places_[from];
      if (place.state == State::hosts)
        from = known_.host(place.host).asker;
      else if (place.state == State::behind)
        from = leads_.at(place.follows).leader;
      else
        return false;
    }
    return from != nobody;
  }

  void choose_server(Index index) {
    auto& place = places_[index];
    auto& zone = known_.zone(place.zone);
    if (place.packets_here >= options_.tries) return give_up(index);
    known_.seat(zone, now_);
    if (const auto best = best_server(place, zone); best != nobody) return approach(index, best);
    if (look_up_server(index)) return;
    const bool again = place.tried_count > 0 && zone.troubled < sick && !place.without_authority;
    if (!again) return give_up(index);
    place.tried_count = 0;
    ++place.rounds;
    set(index, State::pause);
    pauses_.emplace(now_ + pause * place.rounds, std::pair(index, place.generation));
  }

  /// The one that will answer first, as far as can be told; of those not yet tried.
  Index best_server(Place& place, const Zone& zone) {
    Index best = nobody;
    double least = 0;
    const auto tried = std::span(place.tried).first(place.tried_count);
    for (const auto& seat : zone.seats) {
      if (seat.lame >= lame_enough) {
        if (place.worst == dns::Status::unreachable || says_more(seat.said, place.worst)) place.worst = seat.said;
        continue;
      }
      const auto& server = known_.server(seat.server);
      const auto& way = way_of(server);
      if (way.is_closed || !udp_->carries(server.endpoint.address.family()) || std::ranges::find(tried, seat.server) != tried.end())
        continue;
      double cost = server.round_trip > 0 ? server.round_trip : 30;
      cost *= 0.75 + 0.5 * chance();
      if (options_.server_rate > 0) cost += server.waiting.length * 1000.0 / rate_of(server);
      if (server.silent >= 2) cost += std::min<unsigned>(server.silent, 16) * 400.0;
      if (way.heard == 0 && way.silent >= 6) cost += 5000;  // nothing ever comes back over this family
      if (best == nobody || cost < least) best = seat.server, least = cost;
    }
    return best;
  }

  /// Whether it waits for a server's address now.
  bool look_up_server(Index index) {
    auto& place = places_[index];
    auto& zone = known_.zone(place.zone);
    for (const auto& name : zone.named) {
      const auto host_index = known_.find_host(name, now_);
      if (host_index == nobody) continue;
      auto& host = known_.host(host_index);
      if (host.state == Nameserver::State::fresh) {
        if (place.look_ups >= most_look_ups[place.depth]) return false;
        if (!begin_look_up(host_index, place.depth + 1U)) {
          set(index, State::pause);
          pauses_.emplace(now_ + pause, std::pair(index, place.generation));
          return true;
        }
        ++place.look_ups;
      } else if (host.state == Nameserver::State::known || leads_back(host.asker, index)) {
        continue;
      }
      place.host = host_index;
      set(index, State::hosts);
      places_.join(host.waiting, index);
      return true;
    }
    return false;
  }

  bool begin_look_up(Index host_index, unsigned depth) {
    const auto index = places_.take(true);
    if (index == nobody) return false;
    auto& host = known_.host(host_index);
    auto& place = places_[index];
    place.looks_up = host_index;
    place.depth = static_cast<std::uint8_t>(std::min(depth, most_depth));
    host.state = Nameserver::State::asked;
    host.asker = index;
    const bool v4 = udp_->carries(net::Family::v4) && options_.transport != net::Family::v6;
    begin(index, {host.name, v4 ? dns::Type::a : dns::Type::aaaa}, now_ + options_.patience * 4);
    return true;
  }

  // ---- sending -------------------------------------------------------------------------------------------------------

  void approach(Index index, Index server_index) {
    auto& place = places_[index];
    auto& server = known_.server(server_index);
    place.server = server_index;
    if (place.tried_count < place.tried.size()) place.tried[place.tried_count++] = server_index;
    if (server.waiting.length == 0 && has_turn(server)) return send(index);
    set(index, State::turn);
    places_.join(server.waiting, index);
    if (!std::exchange(server.is_busy, true)) busy_.push_back(server_index);
  }

  [[nodiscard]] bool has_turn(const Server& server) const {
    return server.out < std::max<std::size_t>(64, window_ / 4) && may_leave(server.next, rate_of(server), now_, server_burst) &&
           may_leave(next_, options_.rate, now_, burst);
  }

  void give_turns() {
    for (std::size_t i = 0; i < busy_.size();) {
      const auto server_index = busy_[i];
      auto& server = known_.server(server_index);
      while (server.waiting.first != nobody && has_turn(server)) {
        const auto index = server.waiting.first;
        auto& place = places_[index];
        places_.leave(server.waiting, index);
        place.waited += now_ - place.since;
        place.deadline = std::min(place.last, place.deadline + (now_ - place.since));
        send(index);
      }
      if (server.waiting.first != nobody) {
        ++i;
      } else {
        server.is_busy = false;
        busy_[i] = busy_.back();
        busy_.pop_back();
      }
    }
    // Who comes first after a pause for all is another one each time.
    if (busy_.size() > 1) std::ranges::rotate(busy_, busy_.begin() + 1);
  }

  void send(Index index) {
    auto& place = places_[index];
    auto& server = known_.server(place.server);
    place.edns = server.edns == Server::Edns::unknown ? server.answered > 0 || server.silent < silent_to_edns || server.silent % 2 == 0
                                                      : server.edns == Server::Edns::answered;
    place.socket = static_cast<std::uint8_t>(udp_->next_socket(server.endpoint.address.family()));
    do place.id = random16();
    while (by_id_[id_place(place)] != nobody);
    by_id_[id_place(place)] = index;
    const BulkQuery query{.question = place.question, .id = place.id, .edns = place.edns, .recursive = false};
    query.write(udp_->place(server.endpoint, query.length(), index));
    set(index, State::out);
    ++place.generation;
    ++place.packets;
    if (place.packets_here++ > 0) ++counts_.retries;
    outs_.push_back({now_ + options_.patience, index, place.generation});
    server.next = used_up(server.next, rate_of(server), now_);
    next_ = used_up(next_, options_.rate, now_);
    if (server.sent++ == 0) ++counts_.servers;
    ++server.out;
    ++counts_.packets;
  }

  /// The cap, or what is left of it for a server that loses or refuses a good part; such a server is asked less by and by,
  /// down to a rate at which it can be seen that it is better.
  [[nodiscard]] double rate_of(const Server& server) const { return options_.server_rate * server.share; }
  void note_outcome(Server& server, bool well) {
    constexpr unsigned batch = 64;
    constexpr float least = 0.125F;
    server.ill += !well;
    if (++server.outcomes < batch) return;
    if (server.ill * 5U > batch) server.share = std::max(least, server.share * 0.7F);
    if (server.ill * 20U < batch) server.share = std::min(1.0F, server.share * 1.25F);
    server.outcomes = server.ill = 0;
  }

  void flush() {
    udp_->flush([&](std::uint32_t index) {
      auto& place = places_[index];
      if (place.state != State::out) return;
      auto& way = way_of(known_.server(place.server));
      way.is_closed = way.heard == 0;
      withdraw(index);
      make_ready(index);
    });
  }

  [[nodiscard]] std::size_t id_place(const Place& place) const { return std::size_t{place.socket} << 16 | place.id; }
  std::uint16_t random16() { return static_cast<std::uint16_t>(base::secure_random().u32()); }
  double chance() {  // not for anything that must not be guessed
    chance_ = chance_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(chance_ >> 40) / static_cast<double>(1U << 24);
  }
  Way& way_of(const Server& server) { return ways_[server.endpoint.address.is_v4() ? 0 : 1]; }

  /// Its packet is waited for no longer.
  void withdraw(Index index) {
    auto& place = places_[index];
    by_id_[id_place(place)] = nobody;
    --known_.server(place.server).out;
    ++place.generation;
  }

  // ---- hearing -------------------------------------------------------------------------------------------------------

  void take(const transport::WideUdp::Arrived& arrived) {
    if (arrived.octets.size() < 12) return;
    const auto id = static_cast<std::uint16_t>(arrived.octets[0] << 8 | arrived.octets[1]);
    const auto index = by_id_[std::size_t{arrived.socket} << 16 | id];
    if (index == nobody) return;
    auto& place = places_[index];
    if (known_.server(place.server).endpoint != arrived.from) return;  // RFC 5452 9.1
    const auto message = dns::read_message(arrived.octets);
    if (!message || !dns::answers_question(*message, id, place.question)) {
      if (says_more(dns::Status::malformed, place.worst)) place.worst = dns::Status::malformed;
      return;  // the true one may still come
    }
    note_heard(known_.server(place.server), base::steady_now() - place.since);
    withdraw(index);
    if (message->truncated) return ask_over_tcp(index);
    hear(index, *message);
  }

  void note_heard(Server& server, std::chrono::microseconds took) {
    const auto milliseconds = std::max(0.1F, static_cast<float>(took.count()) / 1000);
    server.round_trip = server.round_trip > 0 ? server.round_trip * 0.875F + milliseconds * 0.125F : milliseconds;
    server.silent = 0;
    ++server.answered;
    ++way_of(server).heard;
  }

  void hear(Index index, const dns::Message& message) {
    auto& place = places_[index];
    auto& server = known_.server(place.server);
    if (place.edns && blames_edns(message.rcode) && server.edns != Server::Edns::answered) {
      server.edns = Server::Edns::refused;
      if (place.tried_count > 0) --place.tried_count;  // it gets the plain question, too
      return make_ready(index);
    }
    if (server.edns == Server::Edns::unknown && !blames_edns(message.rcode)) server.edns = place.edns ? Server::Edns::answered : Server::Edns::refused;
    auto reply = dns::interpret(message, place.question, dns::Source::authoritative);
    if (dns::is_definite(reply.status) || reply.status == dns::Status::loop) return hear_answer(index, reply);
    auto& zone = known_.zone(place.zone);
    if (const auto down = referral_in(message, zone.apex, place.question.name, most_servers)) {
      zone.troubled = 0;
      if (known_.add(*down, ttl_of(message, down->apex), now_) == nobody) return give_up(index);
      open_line(index, true);
      return make_ready(index);
    }
    if (keep_for_the_end(place, message)) return make_ready(index);
    hear_trouble(index, reply.status);
  }

  /// Records without authority: a resolver that stands as a zone's server says what its cache has. When no server with
  /// authority has more to say they count, as they do to resolvers; that something is not there is never believed so.
  bool keep_for_the_end(Place& place, const dns::Message& message) {
    if (message.authoritative) return false;
    auto reply = dns::interpret(message, place.question, dns::Source::recursive);
    if (reply.status != dns::Status::noerror || reply.records.empty() || !reply.via.empty()) return false;
    place.worst = dns::Status::lame;
    place.without_authority = std::make_unique<dns::Reply>(std::move(reply));
    return true;
  }

  void hear_trouble(Index index, dns::Status status) {
    auto& place = places_[index];
    auto& server = known_.server(place.server);
    const bool refuses = status == dns::Status::servfail || status == dns::Status::refused;
    server.refusals += refuses;
    if (refuses) note_outcome(server, false);
    if (place.worst == dns::Status::unreachable || says_more(status, place.worst)) place.worst = status;
    if (status == dns::Status::lame)
      for (auto& seat : known_.zone(place.zone).seats)
        if (seat.server == place.server && seat.lame < lame_enough) ++seat.lame, seat.said = status;
    make_ready(index);
  }

  void hear_answer(Index index, dns::Reply& reply) {
    auto& place = places_[index];
    auto& zone = known_.zone(place.zone);
    zone.troubled = 0;
    note_outcome(known_.server(place.server), true);
    for (auto& seat : zone.seats)
      if (seat.server == place.server) seat.lame = 0;
    if (place.leads != 0) {
      const auto suffixes = known_.suffixes(place.question.name);
      const bool is_the_name_itself = place.leads == suffixes[suffixes.labels()];
      if (!is_the_name_itself || leads_.at(place.leads).line.length > 0) known_.note_plain(place.leads);
      open_line(index, true);
    }
    // What the zone's server says of names outside of the zone is for others to say.
    const auto outside = std::ranges::find_if(reply.via, [&](const dns::Name& name) { return !name.is_within(zone.apex); });
    const bool ends_here = outside == reply.via.end() && !reply.open_chain;
    const auto taken = outside == reply.via.end() ? outside : outside + 1;
    for (auto name = reply.via.begin(); name != taken; ++name) {
      const bool seen = *name == place.question.name || std::ranges::find(place.via, *name) != place.via.end();
      if (seen || place.via.size() == dns::max_aliases) return end_with(index, dns::Status::loop);
      place.via.push_back(std::move(*name));
    }
    if (ends_here) return end(index, reply);
    place.question.name = place.via.back();
    unpin(place);
    place.is_alone = false;
    make_ready(index);
  }

  /// What nothing came back for in time.
  void hear_silence() {
    while (!outs_.empty() && outs_.front().when <= now_) {
      const auto due = outs_.front();
      outs_.pop_front();
      auto& place = places_[due.place];
      if (place.state != State::out || place.generation != due.generation) continue;
      auto& server = known_.server(place.server);
      ++server.timeouts;
      note_outcome(server, false);
      if (server.silent < UINT16_MAX) ++server.silent;
      ++way_of(server).silent;
      withdraw(due.place);
      if (place.worst == dns::Status::unreachable) place.worst = dns::Status::timeout;
      make_ready(due.place);
    }
    while (!pauses_.empty() && pauses_.begin()->first <= now_) {
      const auto [index, generation] = pauses_.begin()->second;
      pauses_.erase(pauses_.begin());
      if (places_[index].state == State::pause && places_[index].generation == generation) make_ready(index);
    }
    if (now_ < next_check_) return;
    next_check_ = now_ + check_every;
    for (Index i = 0; i < places_.size(); ++i) {
      const auto& place = places_[i];
      if (place.state == State::free || place.state == State::ready || place.state == State::tcp) continue;
      const bool waits = place.state == State::turn || place.state == State::behind;
      if (now_ >= (waits ? place.last : place.deadline)) leave_and_give_up(i);
    }
  }

  void leave_and_give_up(Index index) {
    auto& place = places_[index];
    switch (place.state) {
      case State::behind: places_.leave(leads_.at(place.follows).line, index); break;
      case State::hosts: places_.leave(known_.host(place.host).waiting, index); break;
      case State::turn: places_.leave(known_.server(place.server).waiting, index); break;
      case State::out: withdraw(index); break;
      default: break;
    }
    if (place.worst == dns::Status::unreachable) place.worst = dns::Status::timeout;
    set(index, State::ready);
    give_up(index);
  }

  void ask_over_tcp(Index index) {
    auto& place = places_[index];
    if (tcp_.size() >= most_tcp) return hear_trouble(index, dns::Status::timeout);
    auto& server = known_.server(place.server);
    server.next = used_up(server.next, rate_of(server), now_);
    ++counts_.tcp;
    set(index, State::tcp);
    const auto until = std::min(place.deadline, loop_.now() + options_.patience * 2);
    tcp_[index] = exchanger_.start({server.endpoint}, place.question, {.source = dns::Source::authoritative, .way = resolver::Way::tcp},
                                   until, [this, index](const Exchanged& exchanged) {
                                     tcp_.erase(index);
                                     if (!exchanged.message) return hear_trouble(index, exchanged.answer.status);
                                     // TCP has room for everything.
                                     if (exchanged.message->truncated) return hear_trouble(index, dns::Status::malformed);
                                     hear(index, *exchanged.message);
                                   });
  }

  // ---- the end -------------------------------------------------------------------------------------------------------

  void give_up(Index index) {
    auto& place = places_[index];
    if (place.zone != nobody) {
      auto& zone = known_.zone(place.zone);
      if (zone.troubled < UINT16_MAX) ++zone.troubled;
      // A zone none of whose servers has an address.
      if (place.worst == dns::Status::unreachable && zone.seats.empty()) place.worst = dns::Status::servfail;
    }
    if (const auto kept = std::move(place.without_authority)) return end(index, *kept);
    end_with(index, place.worst);
  }

  void end_with(Index index, dns::Status status) {
    dns::Reply reply;
    reply.status = status;
    end(index, reply);
  }

  void end(Index index, dns::Reply& reply) {
    open_line(index, dns::is_definite(reply.status));
    auto& place = places_[index];
    unpin(place);
    if (place.looks_up != nobody) return end_look_up(index, reply);
    --active_;
    reply.via = std::move(place.via);
    reply.open_chain = false;
    const auto token = place.token;
    waited_ = place.waited;
    places_.give_back(index);
    (*deliver_)(token, reply);
  }

  void end_look_up(Index index, const dns::Reply& reply) {
    auto& place = places_[index];
    auto& host = known_.host(place.looks_up);
    for (const auto& record : reply.records)
      if (const auto* address = std::get_if<net::Address>(&record.data); address && host.addresses.size() < Delegations::Limits().addresses)
        host.addresses.push_back(*address);
    const bool has_no_v4 = place.question.type == dns::Type::a && reply.status == dns::Status::nodata;
    if (has_no_v4 && udp_->carries(net::Family::v6) && !ways_[1].is_closed) {
      place.via.clear();
      place.packets = place.zones = 0;
      place.is_alone = false;
      return begin(index, {host.name, dns::Type::aaaa}, now_ + options_.patience * 4);
    }
    const auto missing = dns::is_negative(reply.status) ? host_missing : host_in_trouble;
    host.state = Nameserver::State::known;
    host.expires = now_ + (host.addresses.empty() ? missing : host_found);
    host.asker = nobody;
    while (host.waiting.first != nobody) {
      const auto next = host.waiting.first;
      places_.leave(host.waiting, next);
      make_ready(next);
    }
    places_.give_back(index);
  }

  BulkOptions options_;
  std::size_t window_, active_ = 0;          // active: the caller's questions that do not wait for a turn
  Places places_;
  Delegations known_;
  const Deliver* deliver_ = nullptr;         // of the turn
  transport::Loop loop_;
  Exchanger exchanger_;
  std::unique_ptr<transport::WideUdp> udp_;
  std::vector<Index> by_id_;                 // socket and ID -> place
  std::deque<Due> ready_, outs_;             // each in order of time
  std::multimap<base::SteadyTime, std::pair<Index, std::uint32_t>> pauses_;
  std::unordered_map<std::uint64_t, Lead> leads_;
  std::vector<Index> busy_;                  // servers that somebody waits for
  std::array<Way, 2> ways_;
  std::map<Index, std::unique_ptr<transport::Pending>> tcp_;
  std::uint64_t chance_ = 1;
  base::SteadyTime now_ = base::steady_now(), next_{}, next_check_{};
  std::chrono::microseconds waited_{};       // by the question that is delivered
  BulkCounts counts_;
};

}  // namespace

base::Expected<std::unique_ptr<Bulk>> make_bulk_iterate(const BulkOptions& options) {
  auto out = std::make_unique<Iterate>(options);
  if (const auto opened = out->open(); !opened) return std::unexpected(opened.error());
  return out;
}

}  // namespace fcrdns::resolver
