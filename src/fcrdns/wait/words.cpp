#include "fcrdns/wait/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/report/report.hpp"
#include "fcrdns/report/table.hpp"

namespace fcrdns::wait {
namespace {

using propagation::Goal;
using propagation::Holder;
using propagation::Holds;
using propagation::Side;
using propagation::Sight;

constexpr std::size_t most_named = 3;  // servers in one sentence

bool is_wrong(const Holder& holder) { return holder.holds == Holds::absent || holder.holds == Holds::other; }

std::string place(const Holder& holder) { return holder.endpoint.port == 53 ? holder.endpoint.address.text() : holder.endpoint.text(); }
std::string name_of(const Holder& holder) {
  return holder.cache ? "cache " + place(holder) : base::without_final_dot(holder.server->text());
}

std::string shows(const Holder& holder) {
  switch (holder.holds) {
    case Holds::right: return "right";
    case Holds::absent: case Holds::other: return holder.cache ? "held" : "still";
    case Holds::nothing: return "empty";
    case Holds::unknown: return holder.cache ? "hidden" : "silent";
  }
  return "";
}
/// Silence of a server we have no way to is no silence of its own.
std::string said(const Holder& holder) {
  if (holder.no_route) return "cannot be reached from here; not counted";
  if (holder.holds == Holds::nothing) return "will ask anew";
  if (holder.holds == Holds::unknown && holder.cache) return holder.said + ": does not show its cache";
  return holder.said;
}

/// "Since": a minute ago or yesterday, never early.
std::string time_text(base::WallTime when, base::WallTime now) {
  const auto text = base::to_rfc3339(when);
  const auto day = text.substr(0, 10) == base::to_rfc3339(now).substr(0, 10) ? "" : text.substr(0, 10) + " ";
  return day + text.substr(11, 5) + " UTC";
}

/// What a cache holds was told at the end of the sight; it counts down by itself.
std::optional<std::int64_t> left(const Holder& holder, const Sight& sight, base::WallTime now) {
  if (!holder.left) return std::nullopt;
  const auto passed = std::max(std::chrono::floor<base::Seconds>(now - sight.end()), base::Seconds{0});
  return std::max(*holder.left - passed, base::Seconds{0}).count();
}

std::string listed(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < std::min(items.size(), most_named); ++i) out += (i > 0 ? ", " : "") + items[i];
  return items.size() > most_named ? fmt::format("{} and {} more", out, items.size() - most_named) : out;
}

std::string since_text(const propagation::History& history, base::WallTime now) {
  return "both zones right since " + time_text(*history.right_since(), now);
}

template <typename Condition>
std::vector<std::string> told(const Sight& sight, const Condition& condition, bool with_said) {
  std::vector<std::string> out;
  for (const auto& holder : sight.holders) {
    if (!condition(holder)) continue;
    auto text = name_of(holder) + (with_said ? " (" + holder.said + ")" : "");
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));  // one name, two addresses
  }
  return out;
}

std::string not_yet(const Sight& sight) {
  const auto lagging = told(sight, [](const Holder& h) { return !h.cache && is_wrong(h) && !h.said.starts_with("alias to "); }, true);
  const auto leading_elsewhere = told(sight, [](const Holder& h) { return !h.cache && is_wrong(h); }, true);
  if (!lagging.empty()) return "waiting for " + listed(lagging);
  if (!leading_elsewhere.empty()) return "waiting for " + listed(leading_elsewhere);
  if (!sight.problem.empty()) return "cannot look: " + sight.problem;
  const auto silent = told(sight, [](const Holder& h) { return !h.cache && h.holds == Holds::unknown; }, true);
  return silent.empty() ? "waiting for an answer of the zones' servers" : "waiting for an answer of " + listed(silent);
}

std::string caches_now(const Sight& sight, base::WallTime now) {
  std::string out;
  for (const auto& holder : sight.holders) {
    if (!holder.cache || !is_wrong(holder)) continue;
    const auto seconds = left(holder, sight, now);
    out += fmt::format("; {} holds {}{}", name_of(holder), holder.holds == Holds::absent ? "the absence" : "an old answer",
                       seconds ? fmt::format(" for {} s more", *seconds) : "");
  }
  return out;
}

}  // namespace

std::string headline(const Goal&, const State& state, base::WallTime now) {
  if (!state.sight) return "looking";
  const auto& sight = *state.sight;
  const auto safe = state.history.safe();
  if (!sight.right() || !safe) return not_yet(sight);
  const auto since = since_text(state.history, now);
  const auto unseen = safe->latest > now ? "caches nobody can see: until " + report::clock_text(safe->latest, now) : "";
  if (state.result == Result::safe) {
    const auto silent = told(sight, [](const Holder& h) { return !h.cache && h.holds == Holds::unknown && !h.no_route; }, false);
    const auto but = silent.empty() ? "" : "; no answer from " + listed(silent);
    if (unseen.empty()) return "safe to send: " + since + ", and every cache has let go" + but;
    return "safe to send to who uses the caches seen: " + since + "; " + unseen + but;
  }
  const auto silent = told(sight, [](const Holder& h) { return !h.cache && h.holds == Holds::unknown && !h.no_route; }, true);
  const auto again = state.is_silence_believed() ? "" : "; asking once more: " + listed(silent);
  return since + caches_now(sight, now) + (unseen.empty() ? "" : "; " + unseen) + again;
}

std::string holders_table(const Goal& goal, const State& state, base::WallTime now) {
  if (!state.sight) return "";
  std::string out;
  for (const auto side : {Side::forward, Side::reverse}) {
    std::vector<report::Row> rows;
    for (const auto& holder : state.sight->holders) {
      if (holder.side != side) continue;
      const auto seconds = is_wrong(holder) || holder.holds == Holds::right ? left(holder, *state.sight, now) : std::nullopt;
      rows.push_back({holder.cache ? "cache" : base::without_final_dot(holder.server->text()), place(holder), shows(holder),
                      said(holder) + (seconds ? fmt::format(", {} s more", *seconds) : "")});
    }
    const auto reverse = base::without_final_dot(net::reverse_name(goal.address));
    const auto name = base::without_final_dot(goal.name.text());
    out += side == Side::forward ? fmt::format("  {} {} {}\n", name, goal.address.is_v4() ? "A" : "AAAA", goal.address.text())
                                 : fmt::format("  {} PTR {}\n", reverse, name);
    out += rows.empty() ? "    (no server seen yet)\n" : report::table(rows, 4);
  }
  return out;
}

std::string changes(const Sight* before, const Sight& sight) {
  const auto same = [](const Holder& a, const Holder& b) {
    return a.side == b.side && a.cache == b.cache && a.endpoint == b.endpoint && a.server == b.server && a.zone == b.zone;
  };
  std::string out;
  for (const auto& holder : sight.holders) {
    const Holder* former = nullptr;
    if (before != nullptr) {
      const auto found = std::ranges::find_if(before->holders, [&](const Holder& h) { return same(h, holder); });
      if (found != before->holders.end()) former = &*found;
    }
    if (former != nullptr && former->holds == holder.holds && former->said == holder.said) continue;
    const auto seconds = is_wrong(holder) && holder.left ? fmt::format(", {} s more", holder.left->count()) : "";
    out += fmt::format("{} {:7} {}{} {:6} {}{}\n", base::to_rfc3339(sight.end()), propagation::to_word(holder.side), name_of(holder),
                       holder.cache ? "" : " " + place(holder), shows(holder), said(holder), seconds);
  }
  return out;
}

}  // namespace fcrdns::wait
