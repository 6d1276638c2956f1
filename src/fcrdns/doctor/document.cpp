// The document fcrdns/doctor/1.
#include <array>

#include "fcrdns/doctor/story.hpp"
#include "fcrdns/report/json_parts.hpp"

namespace fcrdns::doctor {
namespace {

using report::Json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json address_or_null(const std::optional<net::Address>& address) { return address ? Json(address->text()) : Json(nullptr); }
Json time_or_null(const std::optional<base::WallTime>& time) { return time ? Json(base::to_rfc3339(*time)) : Json(nullptr); }
std::string_view family_word(net::Family family) { return family == net::Family::v4 ? "ipv4" : "ipv6"; }

Json origin_json(const std::optional<host::Origin>& origin) {
  if (!origin) return nullptr;
  return {{"file", origin->file}, {"line", origin->line}, {"text", origin->text}};
}

Json bind_json(const host::Set<net::Address>& bind) { return {{"address", bind.value.text()}, {"origin", origin_json(bind.origin)}}; }

Json client_json(const host::Client& client) {
  constexpr std::array<std::string_view, 3> families{"both", "ipv4", "ipv6"};
  constexpr std::array<std::string_view, 4> orders{"random", "ipv4_first", "ipv6_first", "as_resolved"};
  constexpr std::array<std::string_view, 3> absent{"leaves_unbound", "fails", "stops"};
  auto binds = Json::array();
  for (const auto& bind : client.bind) binds.push_back(bind_json(bind));
  return {{"name", client.name},
          {"families", families[static_cast<std::size_t>(client.families.value)]}, {"families_origin", origin_json(client.families.origin)},
          {"order", orders[static_cast<std::size_t>(client.order.value)]}, {"order_origin", origin_json(client.order.origin)},
          {"follows", host::to_word(client.follows)}, {"bind", std::move(binds)}, {"bind_by_turns", client.bind_by_turns},
          {"bind_if_absent", absent[static_cast<std::size_t>(client.if_absent)]},
          {"helo", text_or_null(client.helo.value)}, {"helo_origin", origin_json(client.helo.origin)}, {"helo_rule", text_or_null(client.helo_rule)}};
}

Json route_json(const host::Route& route) {
  constexpr std::array<std::string_view, 3> of{"all", "recipient", "sender"};
  Json relay = nullptr;
  if (route.relay) relay = {{"host", route.relay->host}, {"port", route.relay->port}, {"look_up_mx", route.relay->look_up_mx}};
  return {{"of", of[static_cast<std::size_t>(route.of)]}, {"pattern", text_or_null(route.pattern)}, {"client", text_or_null(route.client)},
          {"relay", std::move(relay)}, {"origin", origin_json(route.origin)}};
}

Json mta_json(const host::Mta& mta) {
  auto clients = Json::array(), routes = Json::array();
  for (const auto& client : mta.clients) clients.push_back(client_json(client));
  for (const auto& route : mta.routes) routes.push_back(route_json(route));
  return {{"kind", host::to_word(mta.kind)}, {"name", host::to_text(mta.kind)}, {"version", text_or_null(mta.version)},
          {"instance", text_or_null(mta.instance)}, {"config", mta.config}, {"hostname", mta.hostname}, {"domain", text_or_null(mta.domain)},
          {"generated_by", text_or_null(mta.generated_by)}, {"clients", std::move(clients)}, {"routes", std::move(routes)}, {"logs", mta.logs},
          {"problems", mta.problems}};
}

Json place_json(const Machine& machine) {
  auto addresses = Json::array(), routes = Json::array(), quoted = Json::array();
  for (const auto& one : machine.addresses)
    addresses.push_back({{"interface", one.interface}, {"address", one.address.text()}, {"prefix_length", one.prefix_length},
                         {"temporary", one.temporary}, {"deprecated", one.deprecated}, {"tentative", one.tentative}, {"permanent", one.permanent},
                         {"by_advertisement", one.by_advertisement}, {"up", one.is_up}});
  for (const auto& route : machine.routes)
    routes.push_back({{"to", route.to.text()}, {"via", address_or_null(route.via)}, {"source", address_or_null(route.source)},
                      {"interface", route.interface}, {"table", route.table}, {"metric", route.metric}, {"refuses", text_or_null(route.refuses)}});
  auto tempaddr = Json::object();
  for (const auto& [interface, value] : machine.use_tempaddr) tempaddr[interface] = value;
  for (const auto& one : machine.quoted)
    quoted.push_back({{"address", one.address.text()}, {"bounces", one.bounces}, {"last", time_or_null(one.last)}});
  const auto& project = machine.place.project;
  return {{"container", text_or_null(machine.place.container)}, {"pid", machine.place.pid}, {"own_network", machine.place.own_network},
          {"root", machine.place.root}, {"project", project ? Json(project->name) : Json(nullptr)},
          {"project_folder", project ? Json(project->folder) : Json(nullptr)}, {"hostname", machine.hostname},
          {"in_container", machine.outside.in_container}, {"nat", machine.outside.nat}, {"addresses", std::move(addresses)},
          {"routes", std::move(routes)}, {"rules", machine.rules}, {"use_tempaddr", std::move(tempaddr)}, {"quoted_by_receivers", std::move(quoted)},
          {"elsewhere", machine.elsewhere}};
}

/// MAIL FROM before HELO; all of it stands in the check.
Json spf_json(const Json& check) {
  if (!check.is_object() || check["addresses"].empty()) return nullptr;
  const auto& all = check["addresses"][0]["spf"];
  return all.empty() ? Json(nullptr) : all[0];
}

Json path_json(const Story& story, const Trip& trip, const std::vector<Json>& checks) {
  const auto& path = trip.path;
  const auto& way = story.ways[trip.way];
  const auto& check = story.checks[trip.way];
  const auto& found = check ? checks[*check] : Json(nullptr);
  return {{"destination", path.destination},
          {"family", family_word(path.family)},
          {"source", address_or_null(path.source)},
          {"source_outside", address_or_null(way.outside)},
          {"known_from", finding::to_word(way.known_from)},
          {"known_by", text_or_null(way.known_by)},
          {"helo", text_or_null(path.helo)},
          {"helo_origin", origin_json(path.helo_origin)},
          {"turn", host::to_word(path.turn)},
          {"follows", host::to_word(path.follows)},
          {"why_never", text_or_null(path.why_never)},
          {"sender", trip.sender},
          {"client", text_or_null(path.client)},
          {"interface", text_or_null(path.interface)},
          {"bind", path.bind ? bind_json(*path.bind) : Json(nullptr)},
          {"bound", path.bound},
          {"relay", path.via_relay ? Json(path.next_hop) : Json(nullptr)},
          {"next_hop", text_or_null(path.next_hop)},
          {"to", address_or_null(path.to)},
          {"stands_in", path.stands_in},
          {"spf", spf_json(found)},
          {"check", found}};
}

Json proposed_json(const Proposed& proposed) {
  const auto& [proposal, change, diffs] = proposed;
  Json out{{"finding", finding::to_word(proposal.finding)}, {"what", proposal.what}, {"how", proposal.how},
           {"diff", Json::array()}, {"commands", Json::array()}, {"instead", nullptr}, {"caution", text_or_null(proposal.caution)}};
  if (!change) return out;
  out["diff"] = diffs;
  out["commands"] = change->commands;
  out["instead"] = text_or_null(change->instead);
  if (!change->caution.empty()) out["caution"] = change->caution;
  return out;
}

Json observation_json(const Observation& observation) {
  constexpr std::array<std::string_view, 3> is{"as_predicted", "otherwise", "not_seen"};
  auto attempts = Json::array(), comparisons = Json::array();
  for (const auto& one : observation.attempts)
    attempts.push_back({{"outcome", one.outcome}, {"relay", text_or_null(one.relay)}, {"to", address_or_null(one.to)}, {"source", address_or_null(one.source)},
                        {"quoted", address_or_null(one.quoted)}, {"reply", text_or_null(one.reply)}});
  for (const auto& one : observation.comparisons)
    comparisons.push_back({{"what", one.what}, {"predicted", one.predicted}, {"seen", text_or_null(one.seen)}, {"is", is[static_cast<std::size_t>(one.is)]}});
  return {{"recipient", observation.recipient}, {"queue_id", text_or_null(observation.queue_id)}, {"attempts", std::move(attempts)},
          {"comparisons", std::move(comparisons)}, {"trouble", text_or_null(observation.trouble)}};
}

}  // namespace

std::string document(const Story& story) {
  const auto& machine = story.machine;
  std::vector<Json> checks;
  for (const auto& result : story.results) checks.push_back(report::result_json(result, false));
  auto mtas = Json::array(), paths = Json::array(), findings = Json::array(), changes = Json::array(), problems = Json::array(), destinations = Json::array();
  for (const auto& mta : machine.mtas) mtas.push_back(mta_json(mta));
  for (const auto& trip : story.trips) paths.push_back(path_json(story, trip, checks));
  for (const auto& finding : story.findings) findings.push_back(report::finding_json(finding));
  for (const auto& proposed : story.proposals) changes.push_back(proposed_json(proposed));
  for (const auto& mta : machine.mtas)
    for (const auto& problem : mta.problems) problems.push_back(problem);
  for (const auto& problem : machine.local.problems) problems.push_back(problem);
  for (const auto& of_sender : story.destinations)
    for (const auto& one : of_sender)
      if (!one.trouble.empty()) destinations.push_back({{"destination", one.domain}, {"trouble", one.trouble}});
  const Json out{{"schema", "fcrdns/doctor/1"}, {"time", base::to_rfc3339(story.now)}, {"profile", finding::to_word(story.profile)},
                 {"mta", mtas.empty() ? Json(nullptr) : mtas.front()}, {"mtas", mtas}, {"place", place_json(machine)}, {"paths", std::move(paths)},
                 {"findings", std::move(findings)}, {"changes", std::move(changes)}, {"destinations_in_trouble", std::move(destinations)},
                 {"unseen", machine.unseen}, {"problems", std::move(problems)},
                 {"observed", story.observation ? observation_json(*story.observation) : Json(nullptr)}, {"exit_code", story.exit_code}};
  return report::dump(out) + "\n";
}

}  // namespace fcrdns::doctor
