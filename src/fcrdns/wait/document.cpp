// The document fcrdns/wait/1.
#include <nlohmann/json.hpp>


#include "fcrdns/wait/words.hpp"

namespace fcrdns::wait {
namespace {

using Json = nlohmann::ordered_json;
using propagation::Holder;

Json to_json(const Holder& holder, std::int64_t passed) {
  Json left;
  if (holder.left) left = std::max<std::int64_t>(holder.left->count() - passed, 0);
  return {{"side", propagation::to_word(holder.side)}, {"kind", holder.cache ? "cache" : "server"},
          {"zone", holder.cache ? Json() : Json(holder.zone.text())}, {"server", holder.server ? Json(holder.server->text()) : Json()},
          {"address", holder.endpoint.address.text()}, {"port", holder.endpoint.port}, {"holds", propagation::to_word(holder.holds)},
          {"status", dns::to_word(holder.status)}, {"said", holder.said}, {"left", std::move(left)}, {"no_route", holder.no_route}};
}

}  // namespace

std::string document(const propagation::Goal& goal, const State& state, base::WallTime now, int exit_code) {
  auto holders = Json::array();
  Json since, known_by, safe, problem;
  if (state.sight) {
    const auto passed = std::chrono::floor<base::Seconds>(now - state.sight->end()).count();
    for (const auto& holder : state.sight->holders) holders.push_back(to_json(holder, passed));
    if (!state.sight->problem.empty()) problem = state.sight->problem;
    if (const auto time = state.history.right_since(); time && state.sight->right()) {
      since = base::to_rfc3339(*time);
      known_by = state.history.known() == propagation::History::Known::told ? "told" : "seen";
    }
    if (const auto times = state.history.safe(); times && state.sight->right())
      safe = {{"basis", "observed"}, {"earliest", base::to_rfc3339(times->earliest)}, {"latest", base::to_rfc3339(times->latest)}};
  }
  const Json out{{"schema", "fcrdns/wait/1"}, {"time", base::to_rfc3339(now)}, {"address", goal.address.text()}, {"hostname", goal.name.text()},
                 {"result", to_word(state.result)}, {"until", state.until == Until::latest ? "latest" : "earliest"},
                 {"holders", std::move(holders)}, {"right_since", std::move(since)}, {"right_since_known_by", std::move(known_by)}, {"safe_to_resend", std::move(safe)},
                 {"problem", std::move(problem)}, {"exit_code", exit_code}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fcrdns::wait
