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
//
// Where it stands: the turn (bulk_iterate.cpp), a question's way down to a server (_way), packets (_send), what comes back
// (_hear), the last word on a question (_end).
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fcrdns/resolver/bulk.hpp"
#include "fcrdns/resolver/bulk_iterate_places.hpp"
#include "fcrdns/resolver/exchange.hpp"
#include "fcrdns/transport/wide_udp.hpp"

namespace fcrdns::resolver {

class Iterate final : public Bulk {
 public:
  explicit Iterate(const BulkOptions& options);
  base::Expected<void> open();

  /// Twice the window is kept: those that wait for a server's turn do not count, so that one server that is asked slowly
  /// holds up the others only when as many questions wait for it as a whole window.
  [[nodiscard]] std::size_t room() const override {
    return std::min(places_.room(), window_ - std::min(window_, active_));
  }
  [[nodiscard]] bool idle() const override { return places_.empty(); }
  [[nodiscard]] base::SteadyTime now() const override { return now_; }
  [[nodiscard]] std::chrono::microseconds waited() const override { return waited_; }
  [[nodiscard]] BulkCounts counts() const override { return counts_; }
  void ask(dns::Question question, std::uint64_t token, base::SteadyTime deadline) override;
  void turn(const Deliver& deliver) override;
  [[nodiscard]] std::vector<ServerHealth> health(std::size_t most) const override;

 private:
  using State = Place::State;

  static constexpr unsigned lame_enough = 3;  ///< replies in a row, then a server has no seat in the zone any more

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

  // bulk_iterate.cpp
  void begin(Index index, dns::Question question, base::SteadyTime deadline);
  /// For so long nobody listened: the machine had no time for us, or our caller did not come back. Nothing was silent then, and
  /// what came lies in the sockets.
  void stood_still(base::SteadyTime::duration gap);
  void go_on();
  void make_ready(Index index) {
    set(index, State::ready);
    ready_.push_back({now_, index, places_[index].generation});
  }
  /// It waited so long for others: that counts against no deadline.
  static void has_waited(Place& place, base::SteadyTime::duration time) {
    place.waited += std::chrono::duration_cast<std::chrono::microseconds>(time);
    place.deadline = std::min(place.last, place.deadline + time);
  }
  void set(Index index, State state) {
    auto& place = places_[index];
    if (place.looks_up == nobody) active_ += (place.state == State::turn) - std::size_t{state == State::turn};
    place.state = state;
    place.since = now_;
  }

  // bulk_iterate_way.cpp
  /// To the deepest zone known, and to a server of it, or into a line.
  void advance(Index index);
  bool enter(Index index, Index zone);
  void unpin(Place& place) {
    if (place.zone != nobody) --known_.zone(place.zone).pins;
    place.zone = nobody;
  }
  /// Whether it is in a line now, behind a question that may find the cut which this one needs.
  bool stands_behind(Index index, const Suffixes& suffixes);
  /// Lets those behind it go on; each for itself, unless the way was found.
  void open_line(Index index, bool found);
  /// Whether the one at `from` can only go on when `to` does.
  bool leads_back(Index from, Index to);
  void choose_server(Index index);
  /// The one that will answer first, as far as can be told; of those not yet tried.
  Index best_server(Place& place, const Zone& zone);
  /// Whether it waits for a server's address now.
  bool look_up_server(Index index);
  bool begin_look_up(Index host_index, unsigned depth);
  double chance() {  // not for anything that must not be guessed
    chance_ = chance_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(chance_ >> 40) / static_cast<double>(1U << 24);
  }

  // bulk_iterate_send.cpp
  void approach(Index index, Index server_index);
  [[nodiscard]] bool has_turn(const Server& server) const;
  void give_turns();
  void send(Index index);
  void flush();
  void ask_over_tcp(Index index);
  void give_connections();
  /// The cap, or what is left of it for a server that loses or refuses a good part; such a server is asked less by and by,
  /// down to a rate at which it can be seen that it is better.
  [[nodiscard]] double rate_of(const Server& server) const { return options_.server_rate * server.share; }
  void note_outcome(Server& server, bool well);
  /// Its packet is waited for no longer.
  void withdraw(Index index) {
    auto& place = places_[index];
    by_id_[id_place(place)] = nobody;
    --known_.server(place.server).out;
    ++place.generation;
  }
  [[nodiscard]] std::size_t id_place(const Place& place) const { return std::size_t{place.socket} << 16 | place.id; }
  Way& way_of(const Server& server) { return ways_[server.endpoint.address.is_v4() ? 0 : 1]; }

  // bulk_iterate_hear.cpp
  void take(const transport::WideUdp::Arrived& arrived);
  void note_heard(Server& server, std::chrono::microseconds took);
  void hear(Index index, const dns::Message& message);
  /// Records without authority: a resolver that stands as a zone's server says what its cache has. When no server with
  /// authority has more to say they count, as they do to resolvers; that something is not there is never believed so.
  bool keep_for_the_end(Place& place, const dns::Message& message);
  void hear_trouble(Index index, dns::Status status);
  void hear_answer(Index index, dns::Reply& reply);
  /// What nothing came back for in time.
  void hear_silence();

  // bulk_iterate_end.cpp
  void leave_and_give_up(Index index);
  void give_up(Index index);
  void end_with(Index index, dns::Status status);
  void end(Index index, dns::Reply& reply);
  void end_look_up(Index index, const dns::Reply& reply);

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
  Line want_tcp_;                            // for a connection
  std::uint64_t chance_ = 1;
  base::SteadyTime now_ = base::steady_now(), next_{}, next_check_{};
  std::chrono::microseconds waited_{};       // by the question that is delivered
  BulkCounts counts_;
};

}  // namespace fcrdns::resolver
