// What the walks of one Walker share: the zone cuts found so far, the addresses of name servers, and the way to ask.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "fcrdns/resolver/referral.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/resolver/walk.hpp"

namespace fcrdns::resolver {

class Walking;

/// A listed server of a zone.
struct Listed {
  dns::Name name;
  std::vector<net::Address> glue;
  bool may_look_up = false;  ///< one of the few names without glue whose addresses are asked for
};

/// A zone as the zone above delegates it.
struct Cut {
  dns::Name apex;
  const Cut* parent = nullptr;
  std::vector<Listed> servers;
  std::size_t left_out = 0;
  bool shares_parent_servers = false;
  // Walks in the same zone let one go ahead: it may find the cut they all need. Not where there is none below.
  std::uint64_t leader = 0;  ///< a walk's number; 0: none
  base::SteadyTime leader_ends{};
  bool needs_no_leader = false;
};

/// The addresses of a name server, looked up by way of the resolver.
struct Host {
  std::vector<net::Address> addresses;
  bool is_known = false;        ///< the questions have ended
  base::SteadyTime ends{};      ///< when they will have ended
  std::optional<dns::Status> trouble;
};

class Walks {
 public:
  explicit Walks(Resolver& resolver);
  ~Walks();

  /// `cut` is the zone in which the walk has ended.
  using Ended = std::move_only_function<void(Walk, const Cut& cut)>;
  /// A scout goes down only as far as glue leads, to see where that is.
  void begin(dns::Question question, base::SteadyTime deadline, bool scouting, Ended ended);

  [[nodiscard]] Cut& root() { return root_; }
  /// The known cut right below `cut` on the way to the name; null when none is known.
  [[nodiscard]] Cut* below(const Cut& cut, const dns::Name& name);
  Cut& add(const Cut& above, Delegation found);
  /// A cut that only its SOA shows. Without `found` its servers are taken to be those of the zone above.
  Cut& add_shared(const Cut& above, const dns::Name& apex, std::optional<Delegation> found);

  /// Null: not looked up yet.
  [[nodiscard]] const Host* host(const dns::Name& name) const;
  /// Returns how many questions it takes. Who cannot wait for an earlier look-up begins one of its own.
  std::size_t look_up(const dns::Name& name, base::SteadyTime until);
  [[nodiscard]] std::vector<net::Address> addresses_of(const Listed& server) const;
  /// Those to ask, each server's first before the second of any, at most Walker::max_servers.
  [[nodiscard]] std::vector<net::Address> addresses_of(const Cut& cut) const;
  [[nodiscard]] bool may_ask(const net::Address& address) const;  ///< as to its family
  [[nodiscard]] bool reaches(net::Family family) const { return reached_.contains(family); }

  /// What became of a walk of late that no root server answered: others need not wait for that again.
  [[nodiscard]] std::optional<dns::Status> root_failure() const;
  void note_root_failure(dns::Status status) { root_failure_ = {now(), status}; }

  [[nodiscard]] bool has_room() const;
  /// `then` is not called when the walk has ended before.
  void ask_server(std::uint64_t walk, const net::Address& server, dns::Question question, bool tcp,
                  base::SteadyTime until, ServerDone then);
  /// What one walk has done may let another go on.
  void stir() { stirred_ = true; }
  [[nodiscard]] base::SteadyTime now() const { return resolver_.now(); }
  [[nodiscard]] Walking* find(std::uint64_t number);
  void advance_all();

 private:
  void deliver();

  Resolver& resolver_;
  Cut root_;
  std::uint16_t port_ = 53;  ///< that of the roots; another than 53 in tests only
  std::map<std::pair<const Cut*, dns::Name>, std::unique_ptr<Cut>> cuts_;
  std::map<dns::Name, Host> hosts_;
  std::set<net::Family> reached_;  ///< families over which somebody has answered
  std::size_t in_the_air_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Walking>> walks_;
  std::uint64_t last_ = 0;
  bool advancing_ = false, stirred_ = false;
  std::optional<std::pair<base::SteadyTime, dns::Status>> root_failure_;
  /// Questions may outlive the walker: they look whether it is there.
  std::shared_ptr<int> life_ = std::make_shared<int>();
};

}  // namespace fcrdns::resolver
