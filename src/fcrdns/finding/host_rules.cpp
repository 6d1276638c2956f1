// The ways out and their faults: one function per finding of the table.
#include "fcrdns/finding/host_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fcrdns/net/special_purpose.hpp"

namespace fcrdns::finding {
namespace {

using host::Turn;
using net::Address;
using net::Family;

struct Judging {
  const HostFacts& facts;
  std::vector<Finding>& out;

  void add(Id id, Severity severity, const std::optional<Address>& address, Arguments arguments) const {
    const auto same = [&](const Finding& other) { return other.id == id && other.address == address && other.arguments == arguments; };
    if (std::ranges::none_of(out, same)) out.push_back({id, severity, address, std::move(arguments)});
  }
};

/// What receivers judge: ways that are taken, and end at the receiver itself.
bool counts(const WayOut& way) { return way.taken() && !way.path.via_relay; }

std::vector<std::string> outsides(std::span<const WayOut> ways, Family family, bool (WayOut::*is_so)() const) {
  std::vector<std::string> out;
  for (const auto& way : ways) {
    if (!counts(way) || way.path.family != family || !way.outside || !(way.*is_so)()) continue;
    if (std::ranges::find(out, way.outside->text()) == out.end()) out.push_back(way.outside->text());
  }
  return out;
}

bool same_network(const Address& a, const Address& b) { return net::Prefix{a, static_cast<std::uint8_t>(a.is_v4() ? 24 : 64)}.contains(b); }

std::string text_of(const std::optional<host::Origin>& origin, std::string_view otherwise) {
  return origin ? host::to_text(*origin) : std::string(otherwise);
}

/// The family trap, by the ways that are taken, not by what the host's name has.
void ipv6_source_without_ptr(const Judging& j) {
  const auto passing = outsides(j.facts.ways, Family::v4, &WayOut::passes);
  auto failing = outsides(j.facts.ways, Family::v6, &WayOut::fails);
  if (passing.empty() || failing.empty()) return;
  const auto first = Address::parse(failing.front()).value();
  j.add(Id::ipv6_source_without_ptr, Severity::error, first, {{"address", failing.front()}, {"ipv4", passing}, {"ipv6", std::move(failing)}});
}

void ipv4_preference_half_fix(const Judging& j) {
  for (const auto& way : j.facts.ways) {
    if (!counts(way) || way.path.family != Family::v6 || way.path.turn != Turn::after_refusal || way.passes()) continue;
    const auto& sender = j.facts.senders[way.sender];
    const auto* client = sender.client(way.path.client);
    if (sender.kind != host::Kind::postfix || client == nullptr || client->order.value != host::Order::v4_first || !client->order.origin) continue;
    Arguments arguments{{"setting", host::to_text(*client->order.origin)}, {"client", client->name}};
    if (way.outside) arguments.emplace_back("address", way.outside->text());
    if (!way.fails()) arguments.emplace_back("form", "open");
    j.add(Id::ipv4_preference_half_fix, way.fails() ? Severity::error : Severity::info, way.outside, std::move(arguments));
  }
}

void unexpected_source(const Judging& j) {
  for (const auto& way : j.facts.ways) {
    if (!counts(way) || !way.outside || !way.path.source) continue;
    // The log knows better than the kernel what receivers saw.
    if (way.known_from == KnownFrom::interface) {
      const auto latest = std::ranges::max_element(j.facts.quoted, {}, [&](const Quoted& quoted) {
        return std::pair(quoted.address.family() == way.path.family && !is_hidden(quoted.address), quoted.last.value_or(base::WallTime{}));
      });
      const bool known = latest != j.facts.quoted.end() && latest->address.family() == way.path.family && !is_hidden(latest->address);
      const bool newer = known && (!j.facts.configured || (latest->last && *latest->last > *j.facts.configured));
      const bool other = newer && std::ranges::none_of(j.facts.ways, [&](const WayOut& any) { return any.outside == latest->address; });
      if (other)
        j.add(Id::unexpected_source, Severity::error, latest->address,
              {{"address", latest->address.text()}, {"expected", way.outside->text()}, {"bounces", static_cast<std::int64_t>(latest->bounces)}, {"form", "log"}});
    }
    if (!way.fails()) continue;
    auto candidates = way.set_up;
    // Where the name has the source among others, none of those is the one that was meant.
    const bool named = std::ranges::find(way.of_helo, *way.outside) != way.of_helo.end();
    for (const auto& address : way.of_helo)
      if (!named && (own_address(j.facts, address) != nullptr || same_network(address, *way.outside))) candidates.push_back(address);
    std::erase(candidates, *way.outside);
    std::erase_if(candidates, [&](const Address& one) { return one.family() != way.path.family; });
    if (candidates.empty()) continue;
    const bool has_ptr = std::ranges::find(way.set_up, candidates.front()) != way.set_up.end();
    Arguments arguments{{"address", way.outside->text()}, {"expected", candidates.front().text()}, {"helo", way.path.helo}};
    if (has_ptr) arguments.emplace_back("form", "neighbour");
    j.add(Id::unexpected_source, Severity::error, way.outside, std::move(arguments));
  }
}

void source_behind_nat(const Judging& j) {
  for (const auto& way : j.facts.ways) {
    if (!counts(way) || !way.path.source || !is_hidden(*way.path.source)) continue;
    Arguments arguments{{"source", way.path.source->text()}, {"known_from", std::string(to_word(way.known_from))}, {"known_by", way.known_by}};
    if (way.outside) arguments.emplace_back("outside", way.outside->text());
    if (way.known_from == KnownFrom::helo) arguments.emplace_back("form", "assumed");
    if (!way.outside) arguments.emplace_back("form", "unknown");
    j.add(Id::source_behind_nat, Severity::info, way.outside, std::move(arguments));
  }
}

/// RFC 8981 temporary addresses change within a day; those made from a router's advertisement change with the hardware,
/// the key or the prefix. With a PTR that confirms the latter are a risk only.
void random_ipv6_source(const Judging& j) {
  for (const auto& way : j.facts.ways) {
    if (!counts(way) || way.path.family != Family::v6 || !way.path.source || is_hidden(*way.path.source)) continue;
    const auto* own = own_address(j.facts, *way.path.source);
    if (own == nullptr || (!own->temporary && !own->by_advertisement)) continue;
    const auto severity = own->temporary || !way.passes() ? Severity::error : Severity::warning;
    j.add(Id::random_ipv6_source, severity, own->address,
          {{"address", own->address.text()}, {"interface", own->interface}, {"form", own->temporary ? "temporary" : "advertised"}});
  }
}

/// Another client of the same mail server is bound by the general setting, this one is not.
const host::Set<Address>* overridden(const host::Mta& sender, const WayOut& way) {
  if (way.path.bind) return nullptr;
  for (const auto& other : sender.clients) {
    if (other.name == way.path.client) continue;
    for (const auto& bind : other.bind)
      if (bind.value.family() == way.path.family && bind.origin && bind.origin->text.find("-o ") == std::string::npos) return &bind;
  }
  return nullptr;
}

void bind_not_in_force(const Judging& j) {
  for (const auto& way : j.facts.ways) {
    const auto& path = way.path;
    if (path.bind_ignored) {
      Arguments arguments{{"setting", text_of(path.bind_ignored->origin, path.bind_ignored->value.text())},
                          {"bind", path.bind_ignored->value.text()}, {"client", path.client}};
      if (path.source) arguments.emplace_back("address", path.source->text());
      else arguments.emplace_back("form", way.taken() ? "unknown" : "stalls");
      j.add(Id::bind_not_in_force, Severity::error, path.bind_ignored->value, std::move(arguments));
      continue;
    }
    if (!counts(way) || !path.source || path.bound) continue;
    if (const auto* bind = overridden(j.facts.senders[way.sender], way); bind != nullptr && bind->value != *path.source)
      j.add(Id::bind_not_in_force, way.passes() ? Severity::info : Severity::error, bind->value,
            {{"setting", host::to_text(*bind->origin)}, {"bind", bind->value.text()}, {"client", path.client}, {"address", path.source->text()}, {"form", "overridden"}});
  }
}

void leaves_via_relay(const Judging& j) {
  std::vector<std::string> hops;
  for (const auto& way : j.facts.ways) {
    if (!way.path.via_relay) continue;
    const auto* route = host::route_for(j.facts.senders[way.sender], way.path.destination, {});
    const auto& relay = route == nullptr || !route->relay ? way.path.next_hop : route->relay->host;
    if (std::ranges::find(hops, relay) != hops.end()) continue;
    hops.push_back(relay);
    std::vector<std::string> destinations;
    for (const auto& other : j.facts.ways)
      if (other.path.via_relay && other.path.client == way.path.client)
        for (const auto& one : other.destinations)
          if (std::ranges::find(destinations, one) == destinations.end()) destinations.push_back(one);
    const bool all = std::ranges::all_of(j.facts.ways, [](const WayOut& any) { return any.path.via_relay; });
    Arguments arguments{{"relay", relay}, {"setting", text_of(route == nullptr ? std::nullopt : route->origin, "its default")}, {"destinations", std::move(destinations)}};
    if (!all) arguments.emplace_back("form", "some");
    j.add(Id::leaves_via_relay, Severity::info, {}, std::move(arguments));
  }
}

void helo_invalid(const Judging& j) {
  for (const auto& way : j.facts.ways) {
    if (!counts(way) || way.path.helo.empty()) continue;
    auto finding = judge_helo(way.path.helo);
    if (!finding) continue;
    if (way.path.helo_origin) finding->arguments.emplace_back("setting", host::to_text(*way.path.helo_origin));
    j.add(finding->id, finding->severity, {}, std::move(finding->arguments));
  }
}

void local_resolver_differs(const Judging& j) {
  for (const auto& one : j.facts.contradictions)
    j.add(Id::local_resolver_differs, Severity::warning, {}, {{"name", one.name}, {"local", one.local}, {"world", one.world}, {"where", one.where}});
}

/// In the order a report lists what they found.
constexpr void (*rules[])(const Judging&) = {
    ipv6_source_without_ptr, ipv4_preference_half_fix, unexpected_source, random_ipv6_source, bind_not_in_force,
    helo_invalid, source_behind_nat, leaves_via_relay, local_resolver_differs,
};

}  // namespace

std::string_view to_word(KnownFrom from) {
  constexpr std::array<std::string_view, 7> words{"interface", "option", "bounces", "nat", "helo", "relay", "none"};
  return words[static_cast<std::size_t>(from)];
}

bool is_hidden(const Address& address) {
  const auto special = net::SpecialPurposeTable::built_in().find(address);
  return special && special->treatment == net::Treatment::not_asked;
}

const host::InterfaceAddress* own_address(const HostFacts& facts, const Address& address) {
  const auto own = std::ranges::find(facts.addresses, address, &host::InterfaceAddress::address);
  return own == facts.addresses.end() ? nullptr : &*own;
}

std::vector<Finding> judge_host(const HostFacts& facts, Profile profile) {
  std::vector<Finding> out;
  for (const auto rule : rules) rule({facts, out});
  if (profile == Profile::rfc8601)
    for (auto& finding : out)
      if (finding.severity == Severity::error) finding.severity = Severity::warning;
  std::ranges::stable_sort(out, {}, [](const Finding& finding) {
    constexpr std::array<int, 4> order{0, 1, 3, 2};  // error, warning, info, undetermined
    return order[static_cast<std::size_t>(finding.severity)];
  });
  return out;
}

}  // namespace fcrdns::finding
