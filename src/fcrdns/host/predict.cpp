// The order of a destination's addresses: by the preference of their exchange (RFC 5321 5.1), then by family, as the mail
// server is set; where it takes them as the system's resolver lists them, RFC 6724 6 with its default table.
#include "fcrdns/host/predict.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fcrdns::host {
namespace {

using net::Address;
using net::Family;

/// What one family of a destination comes to, before the two are weighed against each other.
struct Side {
  std::vector<Path> paths;
  std::uint16_t preference = 0;
  [[nodiscard]] bool usable() const { return !paths.empty() && paths.front().turn != Turn::never; }
};

bool is_on(Kernel& kernel, const Address& address) {
  return std::ranges::any_of(kernel.addresses(), [&](const InterfaceAddress& one) { return one.address == address && !one.tentative; });
}

Path never(Path path, std::string why) {
  path.turn = Turn::never;
  path.why_never = std::move(why);
  return path;
}

/// From which address the path leaves: as bound, or as the kernel chooses.
Path sourced(Path path, Kernel& kernel, const Client& client, const std::optional<Set<Address>>& bind) {
  path.turn = Turn::always;
  path.bind = bind;
  const bool present = bind && is_on(kernel, bind->value);
  if (bind && !present) {
    path.bind_ignored = bind;
    if (client.if_absent != IfAbsent::leaves_unbound)
      return never(std::move(path), "its bind address " + bind->value.text() + " is not on this machine");
  }
  const auto choice = kernel.source_for(*path.to, present ? std::optional(bind->value) : std::nullopt);
  path.interface = choice.interface;
  if (!choice.source) return never(std::move(path), choice.trouble.empty() ? "no route" : choice.trouble);
  path.source = choice.source;
  path.bound = present;
  return path;
}

std::vector<std::optional<Set<Address>>> binds_of(const Client& client, Family family) {
  std::vector<std::optional<Set<Address>>> out;
  for (const auto& bind : client.bind)
    if (bind.value.family() == family && (out.empty() || client.bind_by_turns)) out.emplace_back(bind);
  if (out.empty()) out.emplace_back();
  return out;
}

Side side_of(const Path& frame, Family family, Kernel& kernel, const Client& client, const Destination& destination) {
  Path path = frame;
  path.family = family;
  Side out;
  const auto wanted = family == Family::v4 ? Families::v4 : Families::v6;
  if (client.families.value != Families::both && client.families.value != wanted) {
    const auto& origin = client.families.origin;
    out.paths.push_back(never(std::move(path), origin ? to_text(*origin) : "its default is the other family"));
    return out;
  }
  for (const auto& exchange : destination.exchanges) {
    const auto to = std::ranges::find(exchange.addresses, family, &Address::family);
    if (to == exchange.addresses.end()) continue;
    path.to = *to;
    path.next_hop = exchange.name;
    path.stands_in = exchange.stands_in;
    out.preference = exchange.preference;
    break;
  }
  if (!path.to) {
    auto why = destination.exchanges.empty() && !destination.trouble.empty()
                   ? destination.trouble
                   : std::string(path.via_relay ? "the relay has no " : "it has no ") + std::string(to_text(family)) + " address";
    out.paths.push_back(never(std::move(path), std::move(why)));
    return out;
  }
  for (const auto& bind : binds_of(client, family)) out.paths.push_back(sourced(path, kernel, client, bind));
  // Of those used by turns the ones that work stand first.
  std::ranges::stable_partition(out.paths, [](const Path& one) { return one.turn != Turn::never; });
  return out;
}

/// RFC 6724 6, rule 5: a unique local source fits no global destination, so IPv4 comes first then.
bool resolver_lists_v6_first(const Side& v6) { return !net::Prefix::parse("fc00::/7")->contains(*v6.paths.front().source); }

void set(Side& side, Turn turn, std::string_view why = {}) {
  for (auto& path : side.paths) {
    if (path.turn == Turn::never) continue;
    path.turn = turn;
    if (turn == Turn::never) path.why_never = why;
  }
}

/// Which of the two comes first, and whether the other one comes at all.
void weigh(Side& v6, Side& v4, const Client& client) {
  const auto& unbound = v6.paths.front();
  if (!v6.usable() && unbound.bind_ignored && client.if_absent == IfAbsent::stops && client.order.value == Order::v6_first)
    set(v4, Turn::never, unbound.why_never + ", and it does not go on to IPv4");
  if (!v6.usable() || !v4.usable()) return;
  const bool by_preference = v6.preference != v4.preference;
  if (!by_preference && client.order.value == Order::random) {
    set(v6, Turn::by_chance);
    set(v4, Turn::by_chance);
    return;
  }
  bool v6_first = v6.preference < v4.preference;
  if (!by_preference)
    v6_first = client.order.value == Order::v6_first || (client.order.value == Order::as_resolved && resolver_lists_v6_first(v6));
  set(v6_first ? v6 : v4, Turn::first);
  // Another exchange is tried in any case.
  if (by_preference || client.follows == Follows::refusal) set(v6_first ? v4 : v6, Turn::after_refusal);
  else if (client.follows != Follows::never) set(v6_first ? v4 : v6, Turn::when_unreachable);
  else set(v6_first ? v4 : v6, Turn::never, "the other family comes first, and no other is tried for the same mail");
}

}  // namespace

std::string_view to_word(Turn turn) {
  constexpr std::array<std::string_view, 6> words{"always", "first", "by_chance", "after_refusal", "when_unreachable", "never"};
  return words[static_cast<std::size_t>(turn)];
}

std::string_view to_word(Follows follows) {
  constexpr std::array<std::string_view, 4> words{"refusal", "banner", "no_connection", "never"};
  return words[static_cast<std::size_t>(follows)];
}

std::string to_text(const Origin& origin) {
  if (origin.file.empty()) return origin.text;
  return origin.text + " (" + origin.file + (origin.line > 0 ? ":" + std::to_string(origin.line) : "") + ")";
}

std::string_view to_text(Family family) { return family == Family::v4 ? "IPv4" : "IPv6"; }

std::vector<Path> predict(const Mta& mta, Kernel& kernel, const std::vector<Destination>& destinations, std::string_view sender) {
  std::vector<Path> out;
  for (const auto& destination : destinations) {
    Path frame;
    frame.destination = destination.domain;
    const auto* route = route_for(mta, destination.domain, sender);
    const auto* client = route == nullptr ? nullptr : mta.client(route->client);
    if (client == nullptr) {
      for (const auto family : {Family::v6, Family::v4}) {
        out.push_back(never(frame, route != nullptr && route->client.empty() ? "its mail does not leave this machine"
                                                                             : "nothing here says how its mail leaves"));
        out.back().family = family;
      }
      continue;
    }
    frame.client = client->name;
    frame.follows = client->follows;
    frame.via_relay = route->relay.has_value();
    frame.helo = client->helo.value;
    frame.helo_origin = client->helo.origin;
    auto v6 = side_of(frame, Family::v6, kernel, *client, destination);
    auto v4 = side_of(frame, Family::v4, kernel, *client, destination);
    weigh(v6, v4, *client);
    for (auto* side : {&v6, &v4}) {
      const auto working = std::ranges::count_if(side->paths, [](const Path& path) { return path.turn != Turn::never; });
      for (auto& path : side->paths) {
        if (working > 1 && (path.turn == Turn::always || path.turn == Turn::first)) path.turn = Turn::by_chance;
        out.push_back(std::move(path));
      }
    }
  }
  return out;
}

}  // namespace fcrdns::host
