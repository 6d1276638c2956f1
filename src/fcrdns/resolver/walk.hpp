// The delegation walk: from the root to the deepest zone, then every server of that zone, over UDP and TCP, IPv4 and
// IPv6, each with what it said. No cache stands between: this is what the authority says now.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/time.hpp"
#include "fcrdns/dns/message.hpp"
#include "fcrdns/dns/status.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::resolver {

/// One address of one listed server of the deepest zone.
struct ServerReport {
  dns::Name name;
  net::Address address;
  dns::Status udp = dns::Status::not_asked, tcp = dns::Status::not_asked;
  bool authoritative = false;            ///< AA was set in what it said
  std::optional<std::uint32_t> serial;   ///< of its SOA
  base::Milliseconds took{};             ///< of the UDP answer; of the TCP answer when there is no other
  Answer answer;                         ///< what it said to the question, over whichever transport said more; an alias is not followed: no records, its target in `via`
  bool no_route = false;                 ///< unreachable because nothing gets from here into its family: proves nothing
  friend bool operator==(const ServerReport&, const ServerReport&) = default;
};

/// One zone on the way down.
struct Rung {
  dns::Name apex;
  std::vector<dns::Name> nameservers;    ///< as the parent lists them, at most max_servers; of the root: none, its servers are asked by address
  bool shares_parent_servers = false;    ///< seen by an extra SOA question: no referral stands between
  friend bool operator==(const Rung&, const Rung&) = default;
};

/// One question, walked. An alias ends a walk; where it leads is a walk of its own.
struct Walk {
  dns::Question question;
  bool root_reached = false;             ///< some root server has answered; false: nothing below is known, and direct DNS is blocked from here
  std::vector<Rung> rungs;               ///< the root first, the deepest zone last
  std::vector<ServerReport> servers;     ///< of the deepest zone, by name, then by address
  std::vector<dns::Name> without_address;  ///< listed servers whose names have none (or none could be had)
  std::size_t left_out = 0;              ///< listed servers beyond the budget
  /// The joint answer: `noerror` with the union of the records (lowest TTL) when any server has them, else the most telling; never from a cache.
  Answer answer;
  std::optional<dns::Record> soa;        ///< of the deepest zone
  std::optional<dns::Name> alias;        ///< the target of the CNAME or DNAME (RFC 2317) when one stands at the name and no server has records there
  bool cyclic = false;                   ///< the servers of two zones are named inside one another (TsuNAME)
  std::size_t questions = 0;             ///< packets' worth: every question put on the way
  std::string problem;                   ///< why it ended early, or which server could not be found; one line, escaped
  friend bool operator==(const Walk&, const Walk&) = default;

  [[nodiscard]] const Rung* deepest() const { return rungs.empty() ? nullptr : &rungs.back(); }
  /// Every server reported, none of whose answers is definite, and none merely slow: lame, refused or dead, twice and
  /// over both transports. Those that could not be asked from here (no route, --transport) count for nothing; false when
  /// that are all, when no server has an address, and when the walk ended early.
  [[nodiscard]] bool all_proven_bad() const;
};

/// Walks that share what they learn about delegations. Borrows the resolver, whose ask_server() and roots() it uses.
class Walker {
 public:
  explicit Walker(Resolver& resolver);
  ~Walker();
  Walker(const Walker&) = delete;
  Walker& operator=(const Walker&) = delete;

  /// `done` is called once, from the resolver's wait(), at `deadline` at the latest with what is known by then; at once
  /// when there is nowhere to begin, or no time. It may begin other walks, or let go of the walker.
  void walk(dns::Question question, base::SteadyTime deadline, std::move_only_function<void(Walk)> done);

  static constexpr std::size_t max_servers = 32;          ///< addresses asked of one zone
  static constexpr std::size_t max_glueless = 6;          ///< names of servers looked up per zone
  static constexpr std::size_t max_rungs = 40;
  static constexpr std::size_t max_questions = 400;       ///< of one walk
  static constexpr base::Milliseconds patience{3000};     ///< with one server and transport, two tries

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fcrdns::resolver
