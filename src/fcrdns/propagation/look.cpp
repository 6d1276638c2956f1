// One look: both names walked anew from the root, side by side, then the caches of each side that is right.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <list>

#include "fcrdns/propagation/authority.hpp"

namespace fcrdns::propagation {
namespace {

using base::Milliseconds;
using resolver::ServerAnswer;
using resolver::Walk;

constexpr std::size_t max_walks = 17;           // 16 aliases
constexpr Milliseconds for_caches{1500};        // of the budget, at most a fifth
constexpr Milliseconds at_a_time{100};          // how soon an interruption is noticed

class Looking {
 public:
  Looking(const Goal& goal, const Sources& sources, Milliseconds budget, base::WallTime now)
      : goal_(goal), sources_(sources), walker_(sources.resolver), begun_(sources.resolver.now()), end_(begun_ + budget),
        walks_end_(end_ - std::min(for_caches, budget / 5)) {
    sight_.time = now;
  }

  Sight run(const std::function<bool()>& stop) {
    for (auto& way : ways_) walk(way, question_of(goal_, way.side).name);
    while (open_ > 0 && !stop() && resolver().now() < end_)
      (void)resolver().wait(std::min(at_a_time, std::chrono::ceil<Milliseconds>(end_ - resolver().now())));
    life_.reset();  // what is still under way reaches nothing
    return finish();
  }

 private:
  /// One side, from its question along its aliases.
  struct Way {
    Side side;
    std::vector<Walk> walks{};
    bool complete = false;
    Shown shown{};
    std::vector<Holder> caches{};
  };

  [[nodiscard]] resolver::Resolver& resolver() const { return sources_.resolver; }

  void walk(Way& way, const dns::Name& name) {
    ++open_;
    walker_.walk({name, question_of(goal_, way.side).type}, walks_end_, [this, &way, life = std::weak_ptr(life_)](Walk walk) {
      if (life.expired()) return;
      way.walks.push_back(std::move(walk));
      walked(way);
      --open_;
    });
  }

  void walked(Way& way) {
    const auto& last = way.walks.back();
    const bool again = last.alias && std::ranges::any_of(way.walks, [&](const Walk& w) { return w.question.name == *last.alias; });
    if (last.alias && !again && way.walks.size() < max_walks) return walk(way, dns::Name(*last.alias));
    way.complete = last.problem.empty();  // an alias that leads into a circle leads elsewhere
    judge_way(way);
    if (!way.shown.right) return ask_aliases(way);
    std::vector<Alias> as_it_is;
    for (const auto& seen : way.shown.aliases) as_it_is.push_back(seen.alias);
    for (const auto& cache : sources_.caches) look_into(way, cache, as_it_is);
  }

  void judge_way(Way& way) {
    const auto roots = resolver().roots();
    way.shown = judge(goal_, way.side, way.walks, way.complete, roots.empty() ? std::uint16_t{53} : roots.front().port);
  }

  void ask(resolver::ServerQuestion question, std::move_only_function<void(ServerAnswer)> then) {
    ++open_;
    resolver().ask_server(std::move(question), end_, [this, then = std::move(then), life = std::weak_ptr(life_)](ServerAnswer said) mutable {
      if (life.expired()) return;
      then(std::move(said));
      --open_;
    });
  }

  /// The walks tell where an alias leads, not how long it lives.
  void ask_aliases(Way& way) {
    for (std::size_t i = 0; i < way.shown.aliases.size(); ++i) {
      const auto& seen = way.shown.aliases[i];
      const auto port = way.shown.servers.front().endpoint.port;
      ask({{seen.server, port}, {seen.alias.owner, dns::Type::cname}}, [&way, i](ServerAnswer said) {
        auto& alias = way.shown.aliases[i];
        for (const auto& record : said.answer.records) alias.alias.ttl = std::max(alias.alias.ttl, record.ttl);
        if (!alias.leads_on) way.shown.hold = std::max(way.shown.hold, alias.alias.ttl);
      });
    }
  }

  [[nodiscard]] base::WallTime wall_now() const { return sight_.time + std::chrono::ceil<Milliseconds>(resolver().now() - begun_); }

  /// What it said before still holds until its TTL has run out.
  [[nodiscard]] const Holder* still_held(Side side, const net::Endpoint& cache) const {
    if (sources_.before == nullptr) return nullptr;
    const auto found = std::ranges::find_if(sources_.before->holders, [&](const Holder& holder) {
      return holder.cache && holder.side == side && holder.endpoint == cache && holder.until && *holder.until > wall_now();
    });
    return found == sources_.before->holders.end() ? nullptr : &*found;
  }

  void look_into(Way& way, const net::Endpoint& cache, const std::vector<Alias>& as_it_is) {
    if (const auto* held = still_held(way.side, cache)) return way.caches.push_back(*held);
    ask({cache, question_of(goal_, way.side), false, dns::Source::recursive}, [this, &way, cache, as_it_is](ServerAnswer said) {
      auto& holder = way.caches.emplace_back(judge(goal_, way.side, cache, said, as_it_is));
      if (holder.left) holder.until = wall_now() + *holder.left;
    });
  }

  Sight finish() {
    sight_.took = std::chrono::ceil<Milliseconds>(resolver().now() - begun_);
    for (auto& way : ways_) {
      if (way.walks.empty() || (way.shown.servers.empty() && !way.complete)) judge_way(way);  // it was cut short
      auto& shown = way.shown;
      const bool forward = way.side == Side::forward;
      (forward ? sight_.forward_right : sight_.reverse_right) = shown.right;
      (forward ? sight_.forward_open : sight_.reverse_open) = shown.open;
      (forward ? sight_.forward_hold : sight_.reverse_hold) = shown.right ? 0 : shown.hold;
      (forward ? sight_.forward_before : sight_.reverse_before) = shown.before;
      for (const auto& seen : shown.aliases) sight_.aliases.push_back(seen.alias);
      std::ranges::sort(way.caches, {}, &Holder::endpoint);
      for (auto& cache : way.caches)
        if (cache.until) cache.left = std::max(std::chrono::ceil<base::Seconds>(*cache.until - sight_.end()), base::Seconds{0});
      std::ranges::move(shown.servers, std::back_inserter(sight_.holders));
      std::ranges::move(way.caches, std::back_inserter(sight_.holders));
      if (!shown.right && !shown.problem.empty()) sight_.problem = shown.problem;
    }
    const auto saw_nothing = [](const Way& way) {
      return !way.walks.empty() && std::ranges::none_of(way.walks, &Walk::root_reached);
    };
    sight_.blind = std::ranges::all_of(ways_, saw_nothing);
    if (sight_.blind) sight_.problem = "no root server can be reached from here";
    return std::move(sight_);
  }

  const Goal& goal_;
  const Sources& sources_;
  resolver::Walker walker_;  // a fresh one: it would remember delegations
  const base::SteadyTime begun_, end_, walks_end_;
  std::array<Way, 2> ways_{{{Side::forward}, {Side::reverse}}};
  std::size_t open_ = 0;
  std::shared_ptr<int> life_ = std::make_shared<int>();
  Sight sight_;
};

}  // namespace

Sight look(const Goal& goal, const Sources& sources, Milliseconds budget, base::WallTime now, const std::function<bool()>& stop) {
  return Looking(goal, sources, budget, now).run(stop);
}

}  // namespace fcrdns::propagation
