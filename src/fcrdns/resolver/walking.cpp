#include "fcrdns/resolver/walking.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::resolver {
namespace {

constexpr std::size_t asked_at_once = 3;     // servers of a zone on the way down
constexpr std::size_t asked_on_the_way = 6;  // until the rest is asked at once
constexpr std::size_t looked_up_first = 2;
constexpr std::size_t most_scouts = 4;
constexpr auto longest_look_up = 2 * Walker::patience;

std::uint32_t serial_of(const dns::Record& soa) { return std::get<dns::Soa>(soa.data).serial; }
std::string shown(const dns::Name& name) { return base::escape(name.text()); }

}  // namespace

Walking::Walking(Walks& walks, std::uint64_t number, dns::Question question, base::SteadyTime deadline,
                 bool scouting, Walks::Ended ended)
    : walks_(walks), number_(number), begun_(walks.now()), deadline_(deadline), scouting_(scouting),
      ended_(std::move(ended)), cut_(&walks.root()) {
  walk_.question = std::move(question);
  walk_.rungs.push_back({});
}

void Walking::advance() {
  while (stage_) {
    if (walks_.now() >= deadline_) {
      end("out of time at " + shown(cut_->apex));
    } else if (walk_.questions >= Walker::max_questions) {
      end("more than " + std::to_string(Walker::max_questions) + " questions");
    } else if (!(this->*stage_)()) {
      return;
    }
  }
}

// ---- down ----------------------------------------------------------------------------------------------------------

/// A few servers of the zone at once, until one of them leads further or answers.
bool Walking::descend() {
  if (auto* known = walks_.below(*cut_, walk_.question.name)) return enter(*known);
  if (!cut_->parent && walks_.root_failure()) return end("no root server answers");
  if (follow_what_was_said()) return true;
  if (waits_for_leader()) return false;
  std::size_t open = 0, asked = 0;
  const auto addresses = walks_.addresses_of(*cut_);
  for (const auto& address : addresses) {
    const auto& probe = probes_[address].udp;
    asked += probe.asked;
    open += probe.is_open();
  }
  for (const auto& address : addresses) {
    if (open == asked_at_once || asked == asked_on_the_way) break;
    if (probes_[address].udp.asked) continue;
    if (!ask(address, &Probes::udp, walk_.question, false)) return false;
    ++open, ++asked;
  }
  if (open > 0 || waits_for_hosts()) return false;
  if (!cut_->parent) {
    walks_.note_root_failure(root_status());
    return end(addresses.empty() ? "no root server to begin at" : "no root server answers");
  }
  if (scouting_) return end();
  const auto names = looked_up_before_ ? Walker::max_glueless : looked_up_first;
  if (asked < asked_on_the_way && look_up_servers(names)) {
    looked_up_before_ = true;
    return false;
  }
  leave();
  cut_->needs_no_leader = true;
  stage_ = &Walking::survey;
  return true;
}

/// True when an answer leads on: to a zone below, or to the end of the way.
bool Walking::follow_what_was_said() {
  for (const auto& address : walks_.addresses_of(*cut_))
    for (const auto which : {&Probes::udp, &Probes::tcp}) {
      auto& probe = probes_[address].*which;
      if (!probe.done || probe.useless_in == cut_) continue;
      if (probe.is_definite()) {
        walk_.root_reached = true;
        answered_by_ = {address, which};
        leave();
        cut_->needs_no_leader = true;
        if (scouting_) return end();
        stage_ = &Walking::find_apex;
        return true;
      }
      const auto& reply = probe.said.message;
      auto down = reply ? referral_in(*reply, cut_->apex, walk_.question.name, Walker::max_servers) : std::nullopt;
      if (down) return enter(walks_.add(*cut_, std::move(*down)));
      probe.useless_in = cut_;
    }
  return false;
}

/// Whether another walk asks this zone already and will be done in time; else this one is it.
bool Walking::waits_for_leader() {
  if (cut_->needs_no_leader || cut_->leader == number_) return false;
  if (cut_->leader != 0) return cut_->leader_ends <= deadline_;
  cut_->leader = number_;
  cut_->leader_ends = deadline_;
  return false;
}

bool Walking::enter(Cut& cut) {
  leave();
  cut_ = &cut;
  answered_by_.reset();
  hidden_apex_.reset();
  nameservers_ = {};
  apex_is_settled_ = looked_up_before_ = false;
  walk_.root_reached = true;
  if (walk_.rungs.size() == Walker::max_rungs)
    return end("more than " + std::to_string(Walker::max_rungs) + " zones deep");
  Rung rung{.apex = cut.apex, .nameservers = {}, .shares_parent_servers = cut.shares_parent_servers};
  for (const auto& server : cut.servers) rung.nameservers.push_back(server.name);
  walk_.rungs.push_back(std::move(rung));
  stage_ = &Walking::descend;
  return true;
}

/// Lets the next walk ask this zone.
void Walking::leave() {
  if (cut_->leader != number_) return;
  cut_->leader = 0;
  walks_.stir();
}

// ---- the deepest zone ----------------------------------------------------------------------------------------------

/// Where zone and parent share a server there is no referral between them. The SOA tells which zone has answered.
bool Walking::find_apex() {
  const auto& [address, which] = *answered_by_;
  auto& probes = probes_[address];
  if (!soa_) soa_ = (probes.*which).soa;
  const auto about = name_for_soa();
  if (!soa_) {
    if (!probes.soa.asked) ask(address, &Probes::soa, {about, dns::Type::soa}, which == &Probes::tcp);
    if (!probes.soa.done) return false;
    soa_ = probes.soa.soa;
  }
  if (soa_ && soa_->owner != cut_->apex && soa_->owner.is_within(cut_->apex) && about.is_within(soa_->owner)) {
    hidden_apex_ = about.ancestor(soa_->owner.label_count());
    stage_ = &Walking::list_servers;
    return true;
  }
  apex_is_settled_ = true;
  stage_ = &Walking::survey;
  return true;
}

/// The apex itself cannot be an alias, but the name asked about may be one, and then it has no SOA to show.
dns::Name Walking::name_for_soa() const {
  const auto& name = walk_.question.name;
  const auto& alias = (probes_.at(answered_by_->first).*answered_by_->second).alias;
  if (!alias) return name;
  return alias->record.type == dns::Type::dname ? alias->record.owner : name.parent();
}

bool Walking::list_servers() {
  if (auto* known = walks_.below(*cut_, *hidden_apex_); known && known->apex == *hidden_apex_) return enter(*known);
  const auto& [address, which] = *answered_by_;
  if (!nameservers_.asked) {
    if (!walks_.has_room()) return false;
    nameservers_.asked = true;
    ++walk_.questions;
    walks_.ask_server(number_, address, {*hidden_apex_, dns::Type::ns}, which == &Probes::tcp, deadline_,
                      [this](ServerAnswer said) {
                        nameservers_.said = std::move(said);
                        nameservers_.done = true;
                      });
  }
  if (!nameservers_.done) return false;
  const auto& message = nameservers_.said.message;
  auto found = message ? nameservers_in(*message, cut_->apex, *hidden_apex_, Walker::max_servers) : std::nullopt;
  return enter(walks_.add_shared(*cut_, *hidden_apex_, std::move(found)));
}

/// Every address of every server, over both transports.
bool Walking::survey() {
  if (!apex_is_settled_ && follow_what_was_said()) return true;
  look_up_servers(Walker::max_glueless);
  bool open = waits_for_hosts();
  for (const auto& address : walks_.addresses_of(*cut_)) open |= ask_of_zone(address);
  if (open) return false;
  if (!walks_.addresses_of(*cut_).empty() || !has_unknown_host()) return end();
  stuck_.push_back(cut_);
  stage_ = &Walking::look_for_circle;
  return true;
}

/// What is left to ask of one server; whether any of it is under way.
bool Walking::ask_of_zone(const net::Address& address) {
  auto& probes = probes_[address];
  for (const auto which : {&Probes::udp, &Probes::tcp})
    if (!(probes.*which).asked && !ask(address, which, walk_.question, which == &Probes::tcp)) return true;
  const bool over_udp = probes.udp.is_definite(), over_tcp = probes.tcp.is_definite();
  if ((over_udp || over_tcp) && !soa_from(probes) && !probes.soa.asked &&
      !ask(address, &Probes::soa, {cut_->apex, dns::Type::soa}, !over_udp))
    return true;
  return probes.udp.is_open() || probes.tcp.is_open() || probes.soa.is_open();
}

/// The SOA of this zone, if the server has shown it.
std::optional<dns::Record> Walking::soa_from(const Probes& probes) const {
  for (const auto* probe : {&probes.soa, &probes.udp, &probes.tcp})
    if (probe->soa && probe->soa->owner == cut_->apex) return probe->soa;
  return std::nullopt;
}

// ---- circles (TsuNAME) ---------------------------------------------------------------------------------------------

/// No server has an address: are their names in zones whose servers are named in this one?
bool Walking::look_for_circle() {
  if (scouts_out_ > 0) return false;
  const auto server = scouts_sent_ < most_scouts ? name_to_scout() : std::nullopt;
  if (!server) {
    walk_.cyclic = is_in_circle();
    return end();
  }
  ++scouts_sent_, ++scouts_out_;
  walks_.begin({*server, dns::Type::a}, deadline_, true,
               [&walks = walks_, number = number_](const Walk& walk, const Cut& cut) {
                 if (auto* self = walks.find(number)) self->hear_scout(walk, cut);
               });
  return false;
}

/// The first server of a stuck zone that is in none of them.
std::optional<dns::Name> Walking::name_to_scout() const {
  for (const auto* cut : stuck_)
    for (const auto& server : cut->servers)
      if (std::ranges::none_of(stuck_, [&](const Cut* other) { return server.name.is_within(other->apex); }))
        return server.name;
  return std::nullopt;
}

void Walking::hear_scout(const Walk& walk, const Cut& cut) {
  --scouts_out_;
  walk_.questions += walk.questions;
  const bool is_stuck = cut.parent && cut.left_out == 0 && walks_.addresses_of(cut).empty();
  if (is_stuck && std::ranges::find(stuck_, &cut) == stuck_.end())
    stuck_.push_back(&cut);
  else
    scouts_sent_ = most_scouts;  // there is a way out, or none can be seen
}

/// Every server of every stuck zone is in a stuck zone, and this is not the only one.
bool Walking::is_in_circle() const { return stuck_.size() > 1 && cut_->left_out == 0 && !name_to_scout(); }

// ---- asking --------------------------------------------------------------------------------------------------------

/// Begins to look up at most so many servers without glue; whether any are under way.
bool Walking::look_up_servers(std::size_t names) {
  const auto until = std::min(deadline_, walks_.now() + longest_look_up);
  std::size_t begun = 0;
  for (const auto& server : cut_->servers) {
    if (begun == names) break;
    const auto* host = walks_.host(server.name);
    const bool is_looked_up = host && (host->is_known || host->ends <= deadline_);
    if (!server.may_look_up || is_looked_up) continue;
    walk_.questions += walks_.look_up(server.name, until);
    ++begun;
  }
  return begun > 0;
}

/// What another walk looks up is waited for, too, when it comes in time.
bool Walking::waits_for_hosts() const {
  return std::ranges::any_of(cut_->servers, [&](const Listed& server) {
    const auto* host = server.may_look_up ? walks_.host(server.name) : nullptr;
    return host && !host->is_known && host->ends <= deadline_;
  });
}

bool Walking::has_unknown_host() const {
  return std::ranges::any_of(cut_->servers, [&](const Listed& server) {
    const auto* host = server.may_look_up ? walks_.host(server.name) : nullptr;
    return host && host->addresses.empty() && host->trouble;
  });
}

/// False when there is no room now; somebody's answer makes some.
bool Walking::ask(const net::Address& address, Which which, const dns::Question& question, bool tcp) {
  if (!walks_.has_room()) return false;
  auto& probe = probes_[address].*which;
  probe.asked = true;
  ++walk_.questions;
  walks_.ask_server(number_, address, question, tcp, deadline_,
                    [this, &probe, question](ServerAnswer said) { hear(probe, question, std::move(said)); });
  return true;
}

void Walking::hear(Probe& probe, const dns::Question& question, ServerAnswer said) {
  std::ranges::copy(said.answer.attempts, std::back_inserter(attempts_));
  probe.done = true;
  probe.said = std::move(said);
  auto& [answer, reply, no_route] = probe.said;
  if (!reply) return;
  probe.is_reply = true;
  probe.is_authoritative = reply->authoritative;
  probe.soa = soa_in(*reply, question.name);
  const bool asks_for_alias = question.type == dns::Type::cname || question.type == dns::Type::any;
  const bool may_be_alias = probe.is_definite() || answer.status == dns::Status::loop;
  if (may_be_alias && reply->authoritative && !asks_for_alias) probe.alias = alias_in(*reply, question.name);
  if (probe.alias) {  // where it leads is another walk's matter
    answer.status = dns::Status::noerror;
    answer.records.clear();
    answer.via = {probe.alias->target};
    answer.soa.reset();
  }
  if (probe.is_definite()) reply.reset();
}

// ---- the end -------------------------------------------------------------------------------------------------------

bool Walking::end(std::string problem) {
  leave();
  walk_.problem = std::move(problem);
  if (!scouting_) conclude();
  stage_ = nullptr;
  return false;
}

void Walking::conclude() {
  if (cut_->parent || answered_by_) report_servers();
  walk_.answer = joint_answer(walk_.servers);
  if (walk_.servers.empty()) {
    if (!cut_->parent) walk_.answer.status = root_status();
    walk_.answer.detail = walk_.problem;
  }
  walk_.answer.asked = begun_;
  walk_.answer.answered = walks_.now();
  walk_.answer.attempts = std::move(attempts_);
  for (const auto& [address, probes] : probes_)
    if (auto soa = soa_from(probes); soa && (!walk_.soa || serial_of(*soa) > serial_of(*walk_.soa)))
      walk_.soa = std::move(soa);
  if (walk_.answer.status == dns::Status::noerror && walk_.answer.records.empty() && !walk_.answer.via.empty())
    walk_.alias = walk_.answer.via.front();
}

/// The most telling trouble of the root's servers, when nothing below is known.
dns::Status Walking::root_status() const {
  auto status = walks_.root_failure().value_or(dns::Status::unreachable);
  for (const auto& [address, probes] : probes_)
    if (probes.udp.done && says_more(probes.udp.said.answer.status, status)) status = probes.udp.said.answer.status;
  return status;
}

void Walking::report_servers() {
  const auto asked = walks_.addresses_of(*cut_);
  walk_.left_out = cut_->left_out;
  for (const auto& server : cut_->servers) {
    const auto addresses = walks_.addresses_of(server);
    std::size_t reported = 0;
    for (const auto& address : addresses) {
      const bool beyond = asked.size() == Walker::max_servers && std::ranges::find(asked, address) == asked.end();
      if (beyond) continue;
      walk_.servers.push_back(report_on(server.name, address));
      ++reported;
    }
    if (reported > 0) continue;
    if (!addresses.empty() || !server.may_look_up) {
      ++walk_.left_out;
      continue;
    }
    walk_.without_address.push_back(server.name);
    const auto* host = walks_.host(server.name);
    if (walk_.problem.empty() && (!host || host->trouble || !host->is_known))
      walk_.problem = "no address of " + shown(server.name) + " could be had" +
                      (host && host->trouble ? ": " + std::string(dns::to_word(*host->trouble)) : std::string());
  }
  const auto place = [](const ServerReport& report) { return std::tie(report.name, report.address); };
  std::ranges::sort(walk_.servers, [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

ServerReport Walking::report_on(const dns::Name& name, const net::Address& address) const {
  ServerReport report{.name = name, .address = address};
  const auto found = probes_.find(address);
  if (found == probes_.end()) {
    // The family is not to be used, or nothing can be there; out of time else.
    const bool was_tried = walks_.may_ask(address) && walk_.problem.empty();
    report.answer.status = was_tried ? dns::Status::unreachable : dns::Status::not_asked;
    report.udp = report.tcp = report.answer.status;
    return report;
  }
  const auto& probes = found->second;
  const auto status = [](const Probe& probe) {
    return probe.done ? probe.said.answer.status : probe.asked ? dns::Status::timeout : dns::Status::not_asked;
  };
  report.udp = status(probes.udp);
  report.tcp = status(probes.tcp);
  const bool tcp_says_more = probes.tcp.done && (!probes.udp.done || says_more(report.tcp, report.udp));
  const auto& best = tcp_says_more ? probes.tcp : probes.udp;
  report.answer = best.said.answer;
  if (!best.done) report.answer.status = report.udp;
  for (const auto* probe : {&probes.tcp, &probes.udp})
    if (probe->is_reply) {
      report.authoritative |= probe->is_authoritative;
      report.took = std::chrono::round<base::Milliseconds>(probe->said.answer.answered - probe->said.answer.asked);
    }
  if (const auto soa = soa_from(probes)) report.serial = serial_of(*soa);
  report.no_route = probes.udp.said.no_route && probes.tcp.said.no_route && !walks_.reaches(address.family());
  return report;
}

}  // namespace fcrdns::resolver
