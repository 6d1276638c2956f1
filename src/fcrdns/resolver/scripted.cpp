// The scripted resolver: what a patient, validating resolver that asks every server would say about a World.
#include "fcrdns/resolver/scripted.hpp"

#include <algorithm>
#include <list>
#include <random>

#include "fcrdns/resolver/on_loop.hpp"

namespace fcrdns::resolver {

using base::Milliseconds;
using base::SteadyTime;
using dns::Status;
using world::Failure;
using world::Zone;
using world::ZoneAnswer;

namespace {

/// How asking all servers of a zone ends, and after how long. `noerror`: some server answers well.
struct Outcome {
  Status status = Status::noerror;
  Milliseconds delay{};
  bool over_tcp = false;
};

Status status_of(Failure failure) {
  switch (failure) {
    case Failure::servfail: case Failure::notimp: case Failure::badvers: return Status::servfail;
    case Failure::refused: return Status::refused;
    case Failure::formerr: return Status::formerr;
    case Failure::timeout: return Status::timeout;
    case Failure::malformed: return Status::malformed;
    case Failure::lame: case Failure::referral: case Failure::no_soa: return Status::lame;
    case Failure::none: case Failure::wrong_id: case Failure::truncated: case Failure::lower_case:
    case Failure::no_edns: case Failure::drop_edns: case Failure::drop_first: case Failure::drop_mixed_case:
    case Failure::bad_then_good: break;
  }
  return Status::noerror;
}

/// One server, asked about one name: what the zone does to the name goes before what the server does to everybody.
Outcome outcome_of(const world::Server& server, const world::Behaviour& of_name) {
  const auto failure = of_name.failure != Failure::none ? of_name.failure : server.behaviour.failure;
  Outcome outcome{status_of(failure), of_name.delay + server.behaviour.delay, failure == Failure::truncated};
  if (!server.udp || (outcome.over_tcp && !server.tcp)) outcome.status = Status::timeout;
  return outcome;
}

/// All servers of the zone are asked at once; the first good answer counts, else what says most.
Outcome ask_zone(const world::World& world, const Zone& zone, const dns::Question& question) {
  const auto of_name = world::behaviour_of(zone, question);
  std::vector<Outcome> outcomes;
  for (const auto& name : zone.servers)
    if (const auto* server = world.server(name)) outcomes.push_back(outcome_of(*server, of_name));
  for (const auto& name : zone.lame_servers)
    if (world.server(name)) outcomes.push_back({.status = Status::lame});
  if (outcomes.empty()) return {status_of(of_name.failure), of_name.delay, of_name.failure == Failure::truncated};
  return *std::ranges::min_element(outcomes, [](const Outcome& a, const Outcome& b) {
    return a.status != b.status ? says_more(a.status, b.status) : a.delay < b.delay;
  });
}

/// Whether the address of some server of the zone, and of every zone above, can be learned: by glue, or in another zone
/// of which that can be said without this one. `on_the_way` are the zones whose servers are being looked for.
bool has_way_in(const world::World& world, const Zone& zone, std::vector<const Zone*> on_the_way = {}) {
  const auto* parent = world::parent_of(world, zone);
  if (!parent) return true;
  if (std::ranges::find(on_the_way, &zone) != on_the_way.end()) return false;
  on_the_way.push_back(&zone);
  const auto servers = world::delegation_of(zone);
  const bool found = servers.empty() || std::ranges::any_of(servers, [&](const dns::Record& ns) {
    const auto& name = std::get<dns::Name>(ns.data);
    if (name.is_within(parent->apex)) return true;
    const auto* holder = world.zone_of(name);
    return !holder || has_way_in(world, *holder, on_the_way);
  });
  return found && has_way_in(world, *parent, std::move(on_the_way));
}

/// A zone is secure when it and every zone above it is signed; below an unsigned delegation nothing is proven.
Dnssec security_of(const world::World& world, const Zone& zone) {
  const auto* parent = world::parent_of(world, zone);
  const auto above = parent ? security_of(world, *parent) : Dnssec::secure;
  if (above != Dnssec::secure || zone.signing == world::Signing::signed_) return above;
  return zone.signing == world::Signing::unsigned_ ? Dnssec::insecure : Dnssec::bogus;
}

/// The one way through the world that answers a question: from zone to zone along its aliases.
class Resolution {
 public:
  Resolution(const world::World& world, const dns::Question& question) : world_(world), question_(question) {}

  /// The answer without its times; `delay` is how long the servers took.
  Answer run() {
    dns::Question next = question_;
    for (;;) {
      const auto held = std::ranges::find(world_.cached, next, &world::Cached::question);
      if (held != world_.cached.end()) return remember(*held);
      const auto& zone = zone_for(next);
      if (!reach(zone, next)) return std::move(answer_);
      auto found = world::look_up(world_, zone, next);
      message_.answers.insert(message_.answers.end(), found.records.begin(), found.records.end());
      if (found.kind != ZoneAnswer::Kind::alias) return finish(zone, std::move(found));
      if (answer_.via.size() == dns::max_aliases) return trouble(Status::loop, "more than 16 aliases");
      answer_.via.push_back(found.target);
      next.name = found.target;
    }
  }
  [[nodiscard]] Milliseconds delay() const { return delay_; }

 private:
  const Zone& zone_for(const dns::Question& question) const {
    static const Zone bare_root;
    const auto* zone = world_.zone_of(question.name);
    if (zone && question.type == dns::Type::ds && zone->apex == question.name)
      if (const auto* parent = world::parent_of(world_, *zone)) zone = parent;
    return zone ? *zone : bare_root;
  }

  Answer trouble(Status status, std::string detail) {
    answer_.status = status;
    answer_.detail = std::move(detail);
    answer_.dnssec = status == Status::bogus ? Dnssec::bogus : Dnssec::unknown;
    return std::move(answer_);
  }

  /// Whether the zone's servers, and those of every zone above, answer and validate; else answer_ says what happened.
  bool reach(const Zone& zone, const dns::Question& question) {
    if (!has_way_in(world_, zone)) {
      answer_ = trouble(Status::servfail, "servers of " + zone.apex.text() + " are named in a circle");
      return false;
    }
    for (const auto* above = world::parent_of(world_, zone); above; above = world::parent_of(world_, *above))
      if (const auto outcome = ask_zone(world_, *above, {above->apex, dns::Type::ns, dns::Class::in});
          outcome.status != Status::noerror) {
        delay_ += outcome.delay;
        answer_ = trouble(outcome.status, "no server of " + above->apex.text() + " answers");
        return false;
      }
    const auto outcome = ask_zone(world_, zone, question);
    delay_ += outcome.delay;
    answer_.over_tcp = answer_.over_tcp || outcome.over_tcp;
    if (outcome.status != Status::noerror) {
      answer_ = trouble(outcome.status, "servers of " + zone.apex.text());
      return false;
    }
    const auto security = security_of(world_, zone);
    if (security == Dnssec::bogus) {
      answer_ = trouble(Status::bogus, "signatures of " + zone.apex.text() + " do not validate");
      return false;
    }
    secure_ = secure_ && security == Dnssec::secure;
    return true;
  }

  /// From the cache, with the TTL that remains: nobody is asked.
  Answer remember(const world::Cached& held) {
    answer_.status = held.status;
    answer_.dnssec = Dnssec::insecure;
    if (held.status == Status::noerror) {
      answer_.records = {held.record};
      return std::move(answer_);
    }
    answer_.soa = world::soa_of(zone_for(held.question));
    answer_.soa->ttl = held.record.ttl;
    return std::move(answer_);
  }

  Answer finish(const Zone& zone, ZoneAnswer found) {
    if (found.kind == ZoneAnswer::Kind::too_long) return trouble(Status::servfail, "a DNAME made the name too long");
    if (found.kind == ZoneAnswer::Kind::records) {
      answer_.status = Status::noerror;
      answer_.records = std::move(found.records);
    } else {
      answer_.status = found.kind == ZoneAnswer::Kind::nxdomain ? Status::nxdomain : Status::nodata;
      answer_.soa = world::soa_of(zone);
      message_.authority.push_back(*answer_.soa);
    }
    answer_.dnssec = secure_ ? Dnssec::secure : Dnssec::insecure;
    message_.response = true;
    message_.questions = {question_};
    message_.edns.emplace();
    answer_.size = dns::write_message(message_).size();
    answer_.over_tcp = answer_.over_tcp || answer_.size > message_.edns->udp_payload;
    return std::move(answer_);
  }

  const world::World& world_;
  const dns::Question& question_;
  Answer answer_;
  dns::Message message_;
  Milliseconds delay_{};
  bool secure_ = true;
};

/// A sequence that is the same in every run.
class Dice final : public base::Random {
 public:
  std::uint32_t u32() override { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

/// What is asked, on the played network.
class OnScript final : public OnLoop {
 public:
  OnScript(const world::World& world, ScriptedLoop& network, base::Random& random)
      : OnLoop(network, random), world_(world) {}

  void ask(dns::Question question, SteadyTime deadline, Done done) override {
    Resolution resolution(world_, question);
    Answer answer = resolution.run();
    auto when = now() + resolution.delay();
    if (answer.status == Status::timeout || when > deadline) {
      const auto detail = std::move(answer.detail);
      answer = {};
      answer.detail = detail.empty() ? "slower than the deadline" : detail;
      when = std::max(now(), deadline);
    }
    answer.asked = now();
    answer.answered = when;
    answer.attempts.push_back({"scripted", answer.over_tcp ? "tcp" : "udp", now(),
                               std::chrono::duration_cast<Milliseconds>(when - now()),
                               std::string(to_word(answer.status))});
    asked.push_back(std::move(question));
    count_question();
    const auto place = due_.insert(due_.end(), {std::move(answer), std::move(done)});
    place->timer = loop().at(when, [this, place] {
      auto ended = std::move(*place);
      due_.erase(place);
      deliver(ended.done, std::move(ended.answer));
    });
  }

  std::vector<dns::Question> asked;

 private:
  struct Due {
    Answer answer;
    Done done;
    std::unique_ptr<transport::Pending> timer{};
  };
  const world::World& world_;
  std::list<Due> due_;
};

}  // namespace

struct Scripted::Impl {
  Impl(const world::World& of, PlayServers play)
      : world(of), plays(play), network(of, std::move(play)), inner(of, network, dice) {}

  const world::World& world;
  bool plays;
  Dice dice;
  ScriptedLoop network;
  OnScript inner;
  std::vector<ServerQuestion> asked_servers;
};

Scripted::Scripted(const world::World& world, PlayServers play)
    : impl_(std::make_unique<Impl>(world, std::move(play))) {
  std::vector<net::Endpoint> roots;
  const auto* root = world.zone_of({});
  for (const auto& name : root && impl_->plays ? root->servers : std::vector<dns::Name>())
    if (const auto* server = world.server(name))
      for (const auto& address : server->addresses) roots.push_back({address, 53});
  impl_->inner.set_roots(std::move(roots), {});
}
Scripted::~Scripted() = default;

void Scripted::ask(dns::Question question, SteadyTime deadline, Done done) {
  impl_->inner.ask(std::move(question), deadline, std::move(done));
}

void Scripted::ask_server(ServerQuestion question, SteadyTime deadline, ServerDone done) {
  impl_->asked_servers.push_back(question);
  impl_->inner.ask_server(std::move(question), deadline, std::move(done));
}

void Scripted::at(SteadyTime when, std::move_only_function<void()> call) { impl_->inner.at(when, std::move(call)); }

bool Scripted::wait(Milliseconds longest) {
  const auto until = now() + longest;
  const bool delivered = impl_->inner.wait(longest);
  if (!delivered) impl_->network.pass_until(until);
  return delivered;
}

SteadyTime Scripted::now() const { return impl_->network.now(); }
std::vector<net::Endpoint> Scripted::roots() const { return impl_->inner.roots(); }
std::optional<net::Family> Scripted::only_family() const { return impl_->inner.only_family(); }
const std::vector<dns::Question>& Scripted::asked() const { return impl_->inner.asked; }
const std::vector<ServerQuestion>& Scripted::asked_servers() const { return impl_->asked_servers; }
ScriptedLoop& Scripted::network() { return impl_->network; }

void Scripted::allow_only(net::Family family) {
  auto roots = impl_->inner.roots();
  std::erase_if(roots, [&](const net::Endpoint& root) { return root.address.family() != family; });
  impl_->inner.set_roots(std::move(roots), family);
}

}  // namespace fcrdns::resolver
