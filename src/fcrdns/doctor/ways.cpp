#include "fcrdns/doctor/ways.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/doctor/quoted.hpp"

namespace fcrdns::doctor {
namespace {

using host::Path;
using net::Address;

/// All that makes ways different for a receiver, or for who reads about them.
bool same_way(const Path& a, const Path& b) {
  const bool same_hop = !a.via_relay || a.next_hop == b.next_hop;
  return same_hop && a.via_relay == b.via_relay && a.family == b.family && a.turn == b.turn && a.why_never == b.why_never && a.source == b.source &&
         a.bound == b.bound && a.bind_ignored == b.bind_ignored && a.interface == b.interface && a.client == b.client && a.helo == b.helo &&
         a.stands_in == b.stands_in;
}

/// A name that can be asked about: HELO may be anything.
std::string askable(const std::string& text) {
  const auto finding = finding::judge_helo(text);
  return finding || text.empty() || !dns::Name::parse(text) ? std::string() : text;
}

std::vector<std::string> texts(std::span<const Address> addresses) {
  std::vector<std::string> out;
  for (const auto& one : addresses) out.push_back(one.text());
  return out;
}

}  // namespace

void add_once(std::vector<std::string>& out, const std::string& text) {
  if (!text.empty() && std::ranges::find(out, text) == out.end()) out.push_back(text);
}

void join(std::vector<WayOut>& ways, const std::vector<Path>& paths, std::size_t sender) {
  for (const auto& path : paths) {
    const auto found = std::ranges::find_if(ways, [&](const WayOut& way) { return way.sender == sender && same_way(way.path, path); });
    auto& way = found == ways.end() ? ways.emplace_back() : *found;
    if (way.destinations.empty()) {
      way.path = path;
      way.sender = sender;
    }
    add_once(way.destinations, path.destination);
  }
}

const WayOut* way_of(std::span<const WayOut> ways, const Path& path, std::size_t sender) {
  const auto found = std::ranges::find_if(ways, [&](const WayOut& way) { return way.sender == sender && same_way(way.path, path); });
  return found == ways.end() ? nullptr : &*found;
}

void look_from_outside(WayOut& way, const Machine& machine, std::span<const Address> given, const Answers& answers) {
  const auto known = [&](const std::optional<Address>& outside, KnownFrom from, std::string by) {
    way.outside = outside;
    way.known_from = from;
    way.known_by = std::move(by);
  };
  way.of_helo = addresses_of(answers, askable(way.path.helo), way.path.family);
  if (!way.taken()) return;
  if (way.path.via_relay) {
    if (way.path.to && !finding::is_hidden(*way.path.to) && !way.path.stands_in) return known(way.path.to, KnownFrom::relay, "the relay's name");
    return known({}, KnownFrom::none, "not known");
  }
  if (const auto option = std::ranges::find(given, way.path.family, &Address::family); option != given.end())
    return known(*option, KnownFrom::option, "--public");
  if (!way.path.source) return known({}, KnownFrom::none, "not known");
  const bool is_translated = way.translated && !finding::is_hidden(*way.translated);
  if (!finding::is_hidden(*way.path.source) && !is_translated) return known(way.path.source, KnownFrom::interface, "interface");
  for (const auto& quoted : machine.quoted)  // the latest first
    if (quoted.address.family() == way.path.family && !finding::is_hidden(quoted.address)) return known(quoted.address, KnownFrom::bounces, in_words(quoted, machine.now));
  if (is_translated) return known(way.translated, KnownFrom::nat, "NAT of this host");
  for (const auto& address : way.of_helo)
    if (!finding::is_hidden(address)) return known(address, KnownFrom::helo, std::string(way.path.family == net::Family::v4 ? "A" : "AAAA") + " of HELO, assumed");
  known({}, KnownFrom::none, "not known");
}

std::string mail_from_of(const host::Mta& sender, const std::string& given) {
  if (!given.empty()) return given;
  for (const auto& domain : {sender.domain, sender.hostname})
    if (!askable(domain).empty()) return "postmaster@" + domain;
  return "";
}

std::optional<Check> check_of(const WayOut& way, const host::Mta& sender, const std::string& mail_from) {
  if (!way.outside) return std::nullopt;
  auto subject = subject::parse(way.outside->text());
  if (!subject) return std::nullopt;
  // A relay says a HELO of its own, which nobody here knows.
  return Check{*std::move(subject), way.path.via_relay ? "" : askable(way.path.helo), mail_from_of(sender, mail_from)};
}

void take_result(WayOut& way, const report::Result& result) {
  if (result.verdicts.empty()) return;
  way.truth = finding::at_authority({result.evidence, result.verdicts, result.owners}, 0);
  if (const auto& confirmed = result.verdicts.front().confirmed)
    way.confirmed = base::without_final_dot(result.evidence.addresses.front().names[*confirmed].name.text());
  for (const auto& finding : result.findings) {
    if (finding.id != finding::Id::ptr_on_neighbour) continue;
    const auto* value = finding::argument(finding, "neighbours");
    const auto* list = value == nullptr ? nullptr : std::get_if<std::vector<std::string>>(value);
    if (list == nullptr) continue;
    for (const auto& text : *list)
      if (const auto address = Address::parse(text)) way.set_up.push_back(*address);
  }
}

std::vector<std::string> own_names(const Machine& machine, std::span<const WayOut> ways) {
  std::vector<std::string> out;
  for (const auto& way : ways)
    if (way.taken()) add_once(out, base::to_lower(askable(way.path.helo)));
  for (const auto& sender : machine.senders) add_once(out, base::to_lower(askable(sender.hostname)));
  return out;
}

std::vector<finding::Contradiction> contradictions(const Machine& machine, std::span<const WayOut> ways, const Answers& answers,
                                                   std::span<const report::Result> results, const Answers& system) {
  std::vector<finding::Contradiction> out;
  const auto where = [&](const host::HostsLine& line) {
    const auto& by = machine.local.hosts_written_by;
    return fmt::format("/etc/hosts:{}{}", line.line, by.empty() ? "" : ", written by " + by);
  };
  const auto resolver = machine.local.resolvers.empty() ? std::string()
                                                        : fmt::format("the resolver {} (/etc/resolv.conf:{})", machine.local.resolvers.front().address.text(),
                                                                      machine.local.resolvers_line);
  const auto definite = [](const resolver::Answer* answer) { return answer != nullptr && dns::is_definite(answer->status); };
  for (const auto& name : own_names(machine, ways)) {
    for (const auto family : {net::Family::v6, net::Family::v4}) {
      const auto type = family == net::Family::v4 ? dns::Type::a : dns::Type::aaaa;
      if (!definite(answer_to(answers, name, type))) continue;
      const auto world = addresses_of(answers, name, family), local = addresses_of(system, name, family);
      // A set that is served in parts is no contradiction.
      const bool other = std::ranges::none_of(local, [&](const Address& one) { return std::ranges::find(world, one) != world.end(); });
      if (definite(answer_to(system, name, type)) && other && !(local.empty() && world.empty())) out.push_back({name, texts(local), texts(world), resolver});
      for (const auto& line : host::lines_about(machine.local, name)) {
        if (line.address.family() != family || std::ranges::find(world, line.address) != world.end()) continue;
        out.push_back({name, {line.address.text()}, texts(world), where(line)});
      }
    }
  }
  for (const auto& result : results) {
    for (const auto& at : result.evidence.addresses) {
      if (!dns::is_definite(at.ptr.status)) continue;
      std::vector<std::string> world;
      for (const auto& name : at.names) world.push_back(base::without_final_dot(base::to_lower(name.name.text())));
      std::vector<std::string> local;
      const auto* answer = answer_to(system, net::reverse_name(at.address), dns::Type::ptr);
      if (answer != nullptr)
        for (const auto& record : answer->records)
          if (const auto* name = std::get_if<dns::Name>(&record.data)) local.push_back(base::without_final_dot(base::to_lower(name->text())));
      const bool other = std::ranges::none_of(local, [&](const std::string& one) { return std::ranges::find(world, one) != world.end(); });
      if (definite(answer) && other && !(local.empty() && world.empty())) out.push_back({at.address.text(), local, world, resolver});
      for (const auto& line : host::lines_about(machine.local, at.address)) {
        // The first name is what the address is called.
        if (line.names.empty() || std::ranges::find(world, line.names.front()) != world.end()) continue;
        out.push_back({at.address.text(), {line.names.front()}, world, where(line)});
      }
    }
  }
  return out;
}

}  // namespace fcrdns::doctor
