// The scripted resolver: what a patient, validating resolver that asks every server would say about a World.
#include "fcrdns/resolver/scripted.hpp"

#include <algorithm>

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
    case Failure::no_edns: case Failure::drop_edns: case Failure::drop_first: case Failure::bad_then_good: break;
  }
  return Status::noerror;
}

/// One server, asked about one name: what the zone does to the name goes before what the server does to everybody.
Outcome ask_server(const world::Server& server, const world::Behaviour& of_name) {
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
    if (const auto* server = world.server(name)) outcomes.push_back(ask_server(*server, of_name));
  for (const auto& name : zone.lame_servers)
    if (world.server(name)) outcomes.push_back({.status = Status::lame});
  if (outcomes.empty()) return {status_of(of_name.failure), of_name.delay, of_name.failure == Failure::truncated};
  return *std::ranges::min_element(outcomes, [](const Outcome& a, const Outcome& b) {
    return a.status != b.status ? says_more(a.status, b.status) : a.delay < b.delay;
  });
}

/// A zone is secure when it and every zone above it is signed; below an unsigned delegation nothing is proven.
Dnssec security_of(const world::World& world, const Zone& zone) {
  const auto* parent = world::parent_of(world, zone);
  const auto above = parent ? security_of(world, *parent) : Dnssec::secure;
  if (above != Dnssec::secure || zone.signing == world::Signing::signed_) return above;
  return zone.signing == world::Signing::unsigned_ ? Dnssec::insecure : Dnssec::bogus;
}

/// The one walk through the world that answers a question: from zone to zone along its aliases.
class Walk {
 public:
  Walk(const world::World& world, const dns::Question& question) : world_(world), question_(question) {}

  /// The answer without its times; `delay` is how long the servers took.
  Answer run() {
    dns::Question next = question_;
    for (;;) {
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

}  // namespace

struct Scripted::Impl {
  const world::World& world;
  SteadyTime now{};
  std::vector<dns::Question> asked;
  struct Due {
    Answer answer;
    Done done;
  };
  std::map<std::pair<SteadyTime, std::size_t>, Due> queue;  ///< by time, then by the order of asking
};

Scripted::Scripted(const world::World& world) : impl_(new Impl{.world = world, .now = {}, .asked = {}, .queue = {}}) {}
Scripted::~Scripted() = default;

void Scripted::ask(dns::Question question, SteadyTime deadline, Done done) {
  const auto now = impl_->now;
  Walk walk(impl_->world, question);
  Answer answer = walk.run();
  auto when = now + walk.delay();
  if (answer.status == Status::timeout || when > deadline) {
    const auto detail = std::move(answer.detail);
    answer = {};
    answer.detail = detail.empty() ? "slower than the deadline" : detail;
    when = std::max(now, deadline);
  }
  answer.asked = now;
  answer.answered = when;
  answer.attempts.push_back({"scripted", answer.over_tcp ? "tcp" : "udp", now,
                             std::chrono::duration_cast<Milliseconds>(when - now),
                             std::string(to_word(answer.status))});
  const auto order = impl_->asked.size();
  impl_->asked.push_back(std::move(question));
  impl_->queue.emplace(std::pair{when, order}, Impl::Due{std::move(answer), std::move(done)});
}

bool Scripted::wait(Milliseconds longest) {
  const auto first = impl_->queue.begin();
  if (first == impl_->queue.end() || first->first.first > impl_->now + longest) {
    impl_->now += longest;
    return false;
  }
  impl_->now = std::max(impl_->now, first->first.first);
  auto due = std::move(first->second);
  impl_->queue.erase(first);
  due.done(std::move(due.answer));
  return true;
}

SteadyTime Scripted::now() const { return impl_->now; }
const std::vector<dns::Question>& Scripted::asked() const { return impl_->asked; }

}  // namespace fcrdns::resolver
