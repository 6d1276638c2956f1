// What a scan along the delegations remembers: zone cuts, the servers of zones with their health, and the addresses of
// servers that were named without glue. Bounded, whatever the zones say: what was not used for the longest time goes first
// (second chance), and what a question still needs is pinned.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/dns/status.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/referral.hpp"

namespace fcrdns::resolver {

using Index = std::uint32_t;
inline constexpr Index nobody = 0xffff'ffff;

/// Questions one after another; the links are the questions' own.
struct Line {
  Index first = nobody, last = nobody;
  std::uint32_t length = 0;
};

/// One address at which zones are served.
struct Server {
  net::Endpoint endpoint;
  std::uint32_t listed = 0;            ///< by so many zones
  std::uint32_t out = 0;               ///< packets that may still be answered
  Line waiting;                        ///< for its turn
  bool is_busy = false;                ///< is among those who have somebody waiting
  enum class Edns : std::uint8_t { unknown, answered, refused } edns = Edns::unknown;
  std::uint16_t silent = 0;            ///< packets in a row that nothing came back for
  float round_trip = 0;                ///< milliseconds, smoothed; 0: unknown
  float share = 1;                     ///< of the rate it may be asked at: less where it loses or refuses much
  std::uint8_t outcomes = 0, ill = 0;  ///< of the last packets: all, and those lost or refused
  base::SteadyTime next{};             ///< what was sent so far is used up by then, at its rate
  std::uint64_t sent = 0, answered = 0, timeouts = 0, refusals = 0;
};

/// A server at a zone.
struct Seat {
  Index server = nobody;
  std::uint8_t lame = 0;               ///< replies in a row that show it does not serve the zone
  dns::Status said = dns::Status::lame;///< the last of them
};

struct Zone {
  dns::Name apex;
  std::uint8_t labels = 0;             ///< of the apex
  std::uint64_t hash = 0;
  std::vector<Seat> seats;
  std::vector<dns::Name> named;        ///< servers without glue, whose addresses nobody has asked for yet
  base::SteadyTime expires{};
  std::uint32_t pins = 0;              ///< questions under way in it
  std::uint16_t troubled = 0;          ///< questions in a row that ended here in trouble
  bool is_recent = false, is_used = false;
};

/// The addresses of a server that was named without glue.
struct Nameserver {
  dns::Name name;
  std::uint64_t hash = 0;
  std::vector<net::Address> addresses;
  enum class State : std::uint8_t { fresh, asked, known } state = State::fresh;
  Index asker = nobody;                ///< the question that looks it up
  Line waiting;                        ///< for its addresses
  base::SteadyTime expires{};
  bool is_recent = false, is_used = false;
};

/// A name and all names above it as numbers, by how many labels they have. Drawn by a secret seed, so nobody can make two
/// names meet.
class Suffixes {
 public:
  Suffixes(const dns::Name& name, std::uint64_t seed);
  [[nodiscard]] std::size_t labels() const { return labels_; }
  [[nodiscard]] std::uint64_t operator[](std::size_t labels) const { return hashes_[labels]; }

 private:
  std::array<std::uint64_t, 128> hashes_;
  std::size_t labels_ = 0;
};

class Delegations {
 public:
  struct Limits {
    std::size_t zones = 50'000, hosts = 16'384, servers = 32'768;
    std::size_t zone_octets = 12U << 20;     ///< of all zones together
    std::size_t seats = 24, named = 6;       ///< of one zone
    std::size_t addresses = 8;               ///< of one host
  };
  static constexpr base::Seconds shortest{60}, longest{6 * 3600};  ///< for which a cut is believed, whatever its TTL

  Delegations(const std::vector<net::Endpoint>& roots, std::optional<net::Family> only, std::uint64_t seed);
  Delegations(const std::vector<net::Endpoint>& roots, std::optional<net::Family> only, std::uint64_t seed, Limits limits);

  [[nodiscard]] Suffixes suffixes(const dns::Name& name) const { return {name, seed_}; }

  /// The deepest known zone that the name is in; the root at least.
  [[nodiscard]] Index deepest(const dns::Name& name, const Suffixes& suffixes, base::SteadyTime now);
  /// Takes a delegation; `ttl` as the zone above gives it. Nobody: no room, as all that is there is pinned.
  Index add(const Delegation& found, std::uint32_t ttl, base::SteadyTime now);
  [[nodiscard]] Zone& zone(Index index) { return zones_[index]; }
  [[nodiscard]] Server& server(Index index) { return servers_[index]; }
  [[nodiscard]] Nameserver& host(Index index) { return hosts_[index]; }
  /// The host of this name, made when there is none. Nobody: no room.
  [[nodiscard]] Index find_host(const dns::Name& name, base::SteadyTime now);
  /// Servers whose names have been looked up meanwhile get their seats; returns whether there are new ones.
  bool seat(Zone& zone, base::SteadyTime now);

  /// Nothing is known yet below the zone at this name (Suffixes): a question about it may find a cut.
  [[nodiscard]] bool may_be_cut(std::uint64_t name);
  void note_plain(std::uint64_t name);

  [[nodiscard]] std::size_t server_count() const { return servers_.size(); }
  [[nodiscard]] std::size_t zone_count() const { return zone_places_.size(); }
  [[nodiscard]] std::size_t host_count() const { return host_places_.size(); }
  [[nodiscard]] std::size_t zone_octets() const { return zone_octets_; }

 private:
  void add_seat(Zone& zone, const net::Address& address);
  [[nodiscard]] Index find_server(const net::Endpoint& endpoint);
  [[nodiscard]] Index free_zone();
  [[nodiscard]] Index free_host();
  bool drop_a_zone();
  void empty(Zone& zone);
  [[nodiscard]] static std::size_t octets(const Zone& zone);

  Limits limits_;
  std::optional<net::Family> only_;
  std::uint64_t seed_;
  std::uint16_t port_ = 53;  // that of the root's servers; another than 53 in tests only
  std::deque<Zone> zones_;
  std::deque<Nameserver> hosts_;
  std::deque<Server> servers_;
  std::unordered_map<std::uint64_t, Index> zone_places_, host_places_;
  std::unordered_map<net::Address, Index> server_places_;
  std::vector<Index> free_zones_, free_hosts_;
  std::size_t zone_hand_ = 0, host_hand_ = 0, server_hand_ = 0, zone_octets_ = 0;
  /// Names that are known to be no cuts. Each has a place in one set only, which keeps those that were asked for last: the few
  /// at the top, which every question passes, stay.
  static constexpr std::size_t plain_sets = 1U << 14;
  std::vector<std::array<std::uint64_t, 4>> plain_;
};

}  // namespace fcrdns::resolver
