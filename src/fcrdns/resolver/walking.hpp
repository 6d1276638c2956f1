// One walk on its way: down from the root, cut by cut, then to every server of the deepest zone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/resolver/walk.hpp"
#include "fcrdns/resolver/walks.hpp"

namespace fcrdns::resolver {

class Walking {
 public:
  Walking(Walks& walks, std::uint64_t number, dns::Question question, base::SteadyTime deadline, bool scouting,
          Walks::Ended ended);

  /// Does what can be done now, until an answer is needed.
  void advance();
  [[nodiscard]] bool has_ended() const { return stage_ == nullptr; }
  [[nodiscard]] bool is_scout() const { return scouting_; }
  void tell() { ended_(std::move(walk_), *cut_); }
  void hear_scout(const Walk& walk, const Cut& cut);

 private:
  /// One question to one server over one transport.
  struct Probe {
    bool asked = false, done = false;
    const Cut* useless_in = nullptr;  ///< it leads nowhere from there
    ServerAnswer said{};              ///< the whole reply only where it may be a referral: the rest can be large
    bool is_reply = false, is_authoritative = false;
    std::optional<Alias> alias{};
    std::optional<dns::Record> soa{};
    [[nodiscard]] bool is_open() const { return asked && !done; }
    [[nodiscard]] bool is_definite() const { return done && dns::is_definite(said.answer.status); }
  };
  struct Probes {
    Probe udp, tcp;  ///< the walk's question
    Probe soa;
  };
  using Which = Probe Probes::*;
  /// Does one thing, and returns whether there may be another to do at once.
  using Stage = bool (Walking::*)();

  // The stages, in their order; null: ended.
  bool descend();
  bool find_apex();
  bool list_servers();
  bool survey();
  bool look_for_circle();

  bool enter(Cut& cut);
  void leave();
  bool end(std::string problem = {});
  void conclude();

  bool follow_what_was_said();
  [[nodiscard]] bool waits_for_leader();
  bool look_up_servers(std::size_t names);
  [[nodiscard]] bool waits_for_hosts() const;
  [[nodiscard]] bool has_unknown_host() const;
  bool ask_of_zone(const net::Address& address);
  bool ask(const net::Address& address, Which which, const dns::Question& question, bool tcp);
  void hear(Probe& probe, const dns::Question& question, ServerAnswer said);
  [[nodiscard]] std::optional<dns::Name> name_to_scout() const;
  [[nodiscard]] bool is_in_circle() const;
  [[nodiscard]] dns::Name name_for_soa() const;
  [[nodiscard]] std::optional<dns::Record> soa_from(const Probes& probes) const;

  void report_servers();
  [[nodiscard]] dns::Status root_status() const;
  [[nodiscard]] ServerReport report_on(const dns::Name& name, const net::Address& address) const;

  Walks& walks_;
  std::uint64_t number_;
  base::SteadyTime begun_, deadline_;
  bool scouting_;
  Walks::Ended ended_;

  Walk walk_;
  std::vector<Attempt> attempts_;
  Stage stage_ = &Walking::descend;
  Cut* cut_;
  std::map<net::Address, Probes> probes_;
  // What was found in the zone of now:
  std::optional<std::pair<net::Address, Which>> answered_by_;  ///< the first that said it is no referral
  bool apex_is_settled_ = false, looked_up_before_ = false;
  std::optional<dns::Record> soa_;
  std::optional<dns::Name> hidden_apex_;
  Probe nameservers_;
  // In search of a circle:
  std::vector<const Cut*> stuck_;  ///< zones, this one first, whose servers are all named without glue
  std::size_t scouts_sent_ = 0, scouts_out_ = 0;
};

/// What all servers together say.
[[nodiscard]] Answer joint_answer(const std::vector<ServerReport>& servers);

}  // namespace fcrdns::resolver
