// The questions that a scan along the delegations has under way, and the lines they stand in.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/reply.hpp"
#include "fcrdns/resolver/delegations.hpp"

namespace fcrdns::resolver {

struct Place {
  enum class State : std::uint8_t {
    free,
    ready,   ///< about to go on
    behind,  ///< another question may find the cut that this one needs, too
    hosts,   ///< waits for the address of a server
    turn,    ///< waits for a server's turn
    out,     ///< a packet of it may be answered
    pause,   ///< before it is tried again
    tcp,
    connection,  ///< waits for one, as others have them all
  };
  dns::Question question;                ///< at the end of the aliases so far
  std::uint64_t token = 0;
  base::SteadyTime deadline{}, last{};   ///< last: also when it had to wait for its turn
  base::SteadyTime since{};              ///< in this state
  std::chrono::microseconds waited{};    ///< for servers' turns
  std::vector<dns::Name> via;            ///< the aliases so far
  std::unique_ptr<dns::Reply> without_authority;  ///< of this zone, the last resort
  Index zone = nobody, server = nobody;
  Index host = nobody;                   ///< whose address it waits for
  Index looks_up = nobody;               ///< the host it was begun for; nobody: the caller's own question
  std::uint64_t leads = 0, follows = 0;  ///< a name that may be a cut (Suffixes)
  Index before = nobody, behind = nobody;  ///< in the line it stands in
  std::uint32_t generation = 0;
  std::uint16_t id = 0;
  std::uint8_t socket = 0;
  State state = State::free;
  std::uint8_t packets = 0, packets_here = 0;  ///< in all, and in this zone
  std::uint8_t rounds = 0;               ///< through the zone's servers
  std::uint8_t zones = 0, depth = 0, look_ups = 0;
  bool edns = true;                      ///< of the packet that is out
  bool is_alone = false;                 ///< stands in no line behind another question any more
  std::uint8_t tried_count = 0;
  std::array<Index, 24> tried{};         ///< servers of this zone, in this round
  dns::Status worst = dns::Status::unreachable;  ///< the most telling trouble so far
};

/// A fixed number of them; some are kept for the look-ups of servers' addresses, which others wait for.
class Places {
 public:
  Places(std::size_t asked, std::size_t look_ups) : places_(asked + look_ups), asked_(asked) {
    for (auto i = places_.size(); i-- > 0;) (i < asked ? free_ : free_look_ups_).push_back(static_cast<Index>(i));
  }
  [[nodiscard]] std::size_t room() const { return free_.size(); }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] bool empty() const { return free_.size() + free_look_ups_.size() == places_.size(); }
  [[nodiscard]] Place& operator[](Index index) { return places_[index]; }

  /// Nobody: all are taken.
  [[nodiscard]] Index take(bool look_up) {
    auto& from = look_up ? free_look_ups_ : free_;
    if (from.empty()) return nobody;
    const auto index = from.back();
    from.pop_back();
    const auto generation = places_[index].generation;
    places_[index] = {};
    places_[index].generation = generation + 1;
    return index;
  }
  void give_back(Index index) {
    places_[index].state = Place::State::free;
    ++places_[index].generation;
    (index < asked_ ? free_ : free_look_ups_).push_back(index);
  }

  void join(Line& line, Index index) {
    auto& place = places_[index];
    place.before = line.last;
    place.behind = nobody;
    (line.last == nobody ? line.first : places_[line.last].behind) = index;
    line.last = index;
    ++line.length;
  }
  void leave(Line& line, Index index) {
    auto& place = places_[index];
    (place.before == nobody ? line.first : places_[place.before].behind) = place.behind;
    (place.behind == nobody ? line.last : places_[place.behind].before) = place.before;
    --line.length;
  }

 private:
  std::vector<Place> places_;
  std::vector<Index> free_, free_look_ups_;
  std::size_t asked_;
};

}  // namespace fcrdns::resolver
