#include "fcrdns/doctor/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fcrdns::doctor {
namespace {

using host::Path;
using host::Turn;
using Is = Comparison::Is;

Comparison compared(std::string what, const std::vector<std::string>& predicted, const std::string& seen) {
  const auto is = seen.empty() ? Is::not_seen : std::ranges::find(predicted, seen) == predicted.end() ? Is::otherwise : Is::as_predicted;
  return {std::move(what), predicted.empty() ? "nothing" : fmt::format("{}", fmt::join(predicted, " or ")), seen, is};
}

}  // namespace

std::vector<Comparison> compare(const Story& story, std::string_view domain, std::size_t sender, const std::vector<Attempt>& attempts) {
  std::vector<const Trip*> trips;
  for (const auto& trip : story.trips)
    if (trip.sender == sender && trip.path.destination == domain && trip.path.turn != Turn::never) trips.push_back(&trip);
  std::vector<Comparison> out;
  const auto reached = [](const Attempt& attempt) { return attempt.to.has_value(); };
  const auto first = std::ranges::find_if(attempts, reached);

  std::vector<std::string> families;
  for (const auto* trip : trips)
    if (trip->path.turn == Turn::always || trip->path.turn == Turn::first || trip->path.turn == Turn::by_chance)
      add_once(families, std::string(host::to_text(trip->path.family)));
  out.push_back(compared("the family tried first", families, first == attempts.end() ? "" : std::string(host::to_text(first->to->family()))));

  std::vector<std::string> hops;
  const auto& destinations = story.destinations[sender];
  const auto destination = std::ranges::find(destinations, domain, &host::Destination::domain);
  if (destination != destinations.end())
    for (const auto& exchange : destination->exchanges)
      for (const auto& address : exchange.addresses)
        if (!exchange.stands_in) add_once(hops, address.text());
  out.push_back(compared(trips.empty() || !trips.front()->path.via_relay ? "the server it is handed to" : "the relay it is handed to", hops,
                         first == attempts.end() ? "" : first->to->text()));

  for (const auto family : {net::Family::v6, net::Family::v4}) {
    const auto attempt = std::ranges::find_if(attempts, [&](const Attempt& one) { return reached(one) && one.to->family() == family && one.source; });
    const bool tried = std::ranges::any_of(attempts, [&](const Attempt& one) { return reached(one) && one.to->family() == family; });
    std::vector<std::string> sources, outsides;
    for (const auto* trip : trips) {
      if (trip->path.family != family) continue;
      if (trip->path.source) add_once(sources, trip->path.source->text());
      if (const auto& outside = story.ways[trip->way].outside) add_once(outsides, outside->text());
    }
    if (tried) out.push_back(compared(fmt::format("the source over {}", host::to_text(family)), sources, attempt == attempts.end() ? "" : attempt->source->text()));
    const auto quoted = std::ranges::find_if(attempts, [&](const Attempt& one) { return one.quoted && one.quoted->family() == family; });
    if (quoted != attempts.end()) out.push_back(compared(fmt::format("what receivers see over {}", host::to_text(family)), outsides, quoted->quoted->text()));
  }
  return out;
}

}  // namespace fcrdns::doctor
