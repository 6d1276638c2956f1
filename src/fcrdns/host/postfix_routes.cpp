// trivial-rewrite(8), "local, remote": the class of the recipient's domain gives a transport and a next hop, tables by sender
// change them for what leaves, and transport(5) has the last word.
//
// Tables are asked for addresses; a Route is told by a pattern. So each key that stands in some table is taken for an address
// of its kind, and the answer for it is the route: of the whole address before its domain, before the domains above it.
#include "fcrdns/host/postfix_routes.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/postfix_table.hpp"

namespace fcrdns::host::postfix {
namespace {

constexpr std::size_t max_routes = 20'000;

struct Port {
  std::string_view name;
  std::uint16_t number;
};
constexpr Port ports[] = {{"smtp", 25}, {"submission", 587}, {"submissions", 465}, {"smtps", 465}, {"ssmtp", 465}};

/// A class of domains, and the parameter that says how their mail goes.
struct DomainClass {
  std::string_view domains, transport;
  bool leaves;  ///< relayhost and the tables by sender count
};
constexpr DomainClass classes[] = {
    {"mydestination", "local_transport", false},
    {"virtual_alias_domains", {}, false},  // rewritten, or refused
    {"virtual_mailbox_domains", "virtual_transport", false},
    {"relay_domains", "relay_transport", true},
};

struct Resolved {
  std::string transport, next_hop;  ///< next hop empty: the recipient's domain
  std::optional<Origin> origin;
  bool is_final = false;            ///< transport_maps has no say
};

std::pair<std::string_view, std::string_view> cut_transport(std::string_view value) {
  const auto colon = value.find(':');
  if (colon == std::string_view::npos) return {value, {}};
  return {value.substr(0, colon), value.substr(colon + 1)};
}

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return std::string(at == std::string_view::npos ? address : address.substr(at + 1));
}

class Rewriting {
 public:
  Rewriting(Files& files, const Instance& instance, Problems& problems) : instance_(instance) {
    const auto tables = [&](std::string_view parameter) {
      const auto set = instance.value(parameter);
      return read_tables(files, set.value, set.origin.value_or(Origin{}), problems);
    };
    transport_ = tables("transport_maps");
    sender_transport_ = tables("sender_dependent_default_transport_maps");
    sender_relay_ = tables("sender_dependent_relayhost_maps");
    for (const auto& one : classes) domains_.push_back(read_domains(files, instance, one.domains));
    const auto parents = instance.value("parent_domain_matches_subdomains").value;
    with_subdomains_ = std::ranges::any_of(split_words(parents, list_space), [](const Word& w) { return w.text == "transport_maps"; });
  }

  [[nodiscard]] Resolved resolve(const Mailbox& recipient, const Mailbox& sender) const {
    auto resolved = by_class(recipient, sender);
    if (resolved.is_final) return resolved;
    if (const auto* const entry = find_transport(recipient)) {
      const auto [transport, next_hop] = cut_transport(entry->value);
      if (!transport.empty()) resolved = {std::string(transport), std::string(next_hop), entry->origin};
      else if (!next_hop.empty()) resolved = {resolved.transport, std::string(next_hop), entry->origin};
    }
    return resolved;
  }
  /// Keys of tables, as patterns of a Route.
  [[nodiscard]] std::set<std::string> recipient_keys() const {
    auto keys = keys_of(transport_);
    keys.erase("*");
    for (const auto& list : domains_)
      for (const auto& item : list.items) {
        keys.insert(item.domain);
        if (list.with_subdomains && !item.domain.starts_with('.')) keys.insert("." + item.domain);
      }
    if (with_subdomains_)
      for (const auto& table : transport_)
        for (const auto& [key, entry] : table.entries)
          if (key.find('@') == std::string::npos && key != "*") keys.insert("." + key);
    return keys;
  }
  [[nodiscard]] std::set<std::string> sender_keys() const {
    auto keys = keys_of(sender_transport_);
    keys.merge(keys_of(sender_relay_));
    std::erase_if(keys, [](const std::string& key) { return key.find('@') == std::string::npos && !key.starts_with('.'); });
    return keys;
  }
  /// What stands behind any parameter or table that may name a transport.
  [[nodiscard]] std::set<std::string> transports() const {
    std::set<std::string> names;
    const auto put = [&](std::string_view value) { names.emplace(cut_transport(value).first); };
    for (const auto parameter : {"default_transport", "relay_transport", "local_transport", "virtual_transport",
                                 "mailbox_transport", "fallback_transport"})
      put(instance_.value(parameter).value);
    for (const auto* const tables : {&transport_, &sender_transport_})
      for (const auto& table : *tables) {
        for (const auto& [key, entry] : table.entries) put(entry.value);
        for (const auto& rule : table.rules) put(rule.entry.value);
        if (table.always) put(table.always->value);
      }
    return names;
  }

 private:
  static std::set<std::string> keys_of(const Tables& tables) {
    std::set<std::string> keys;
    for (const auto& table : tables) {
      for (const auto& [key, entry] : table.entries) keys.insert(key);
      for (const auto& rule : table.rules) keys.insert(rule.patterns.begin(), rule.patterns.end());
    }
    return keys;
  }

  [[nodiscard]] Resolved by_class(const Mailbox& recipient, const Mailbox& sender) const {
    for (std::size_t i = 0; i < domains_.size(); ++i) {
      const auto* const item = recipient.domain.empty() ? nullptr : domains_[i].find(recipient.domain);
      if (item == nullptr) continue;
      if (classes[i].transport.empty()) return {"error", "", item->origin, true};
      const auto by_list = instance_.value(classes[i].transport);
      auto resolved = with_destination({by_list.value, "", item->origin}, classes[i].leaves ? relay_for(sender) : Resolved{});
      if (!resolved.origin || resolved.origin->line == 0) resolved.origin = item->origin;
      return resolved;
    }
    Resolved chosen;
    if (const auto* const entry = find_sender(sender_transport_, sender)) chosen = {entry->value, "", entry->origin};
    else if (const auto standard = instance_.value("default_transport"); true) chosen = {standard.value, "", standard.origin};
    return with_destination(std::move(chosen), relay_for(sender));
  }
  /// A transport that names its own next hop, "smtp:[relay.example.net]", keeps to it.
  static Resolved with_destination(Resolved chosen, const Resolved& relay) {
    const auto [transport, next_hop] = cut_transport(chosen.transport);
    if (!next_hop.empty() || relay.next_hop.empty()) return {std::string(transport), std::string(next_hop), chosen.origin};
    return {std::string(transport), relay.next_hop, relay.origin};
  }
  [[nodiscard]] Resolved relay_for(const Mailbox& sender) const {
    if (const auto* const entry = find_sender(sender_relay_, sender)) return {"", entry->value, entry->origin};
    const auto relay = instance_.value("relayhost");
    return {"", relay.value, relay.origin};
  }

  /// The whole address, then @domain; DUNNO means: as if nothing was found.
  static const Entry* raw_sender(const Tables& tables, const Mailbox& sender) {
    if (const auto* const entry = find_address(tables, sender)) return entry;
    return sender.domain.empty() ? nullptr : find_key(tables, "@" + sender.domain);
  }
  static bool is_dunno(const Entry& entry) { return entry.value.empty() || base::equals_ignoring_case(entry.value, "DUNNO"); }
  static const Entry* find_sender(const Tables& tables, const Mailbox& sender) {
    const auto* const entry = raw_sender(tables, sender);
    return entry == nullptr || is_dunno(*entry) ? nullptr : entry;
  }
  /// transport(5), "TABLE SEARCH ORDER".
  [[nodiscard]] const Entry* find_transport(const Mailbox& recipient) const {
    if (const auto* const entry = find_address(transport_, recipient)) return entry;
    std::string_view name = recipient.domain;
    if (name.starts_with("*.")) name.remove_prefix(with_subdomains_ ? 2 : 1);
    while (!name.empty()) {
      if (const auto* const entry = find_key(transport_, name)) return entry;
      const auto dot = name.find('.', 1);
      if (dot == std::string_view::npos) break;
      name.remove_prefix(with_subdomains_ ? dot + 1 : dot);
    }
    return find_key(transport_, "*");
  }

  const Instance& instance_;
  Tables transport_, sender_transport_, sender_relay_;
  std::vector<DomainList> domains_;
  bool with_subdomains_ = false;
};

Mailbox mailbox_of(std::string_view pattern) {
  if (pattern.starts_with('.')) return {"", "*" + std::string(pattern)};
  const auto at = pattern.rfind('@');
  return {at == std::string_view::npos ? "" : std::string(pattern.substr(0, at)), domain_of(pattern)};
}

/// Whole addresses, then domains, then what lies below a domain, the longest first.
bool more_special(const std::string& a, const std::string& b) {
  const auto rank = [](const std::string& key) {
    if (key.starts_with('.')) return 2;
    return key.starts_with('@') || key.find('@') == std::string::npos ? 1 : 0;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return rank(a) == 2 && a.size() != b.size() ? a.size() > b.size() : a < b;
}

std::vector<std::string> sorted(const std::set<std::string>& keys) {
  std::vector<std::string> out(keys.begin(), keys.end());
  std::ranges::stable_sort(out, more_special);
  return out;
}

/// Empty: the mail stays here. A transport that master.cf does not have is still told by its name; where master.cf could not
/// be read, smtp and relay are what Postfix comes with.
std::string client_of(const Service* service, std::string_view transport, const Instance& instance) {
  if (service != nullptr) return service->sends() ? service->id() : "";
  if (instance.master_seen) return base::escape(transport, 80) + "/unix";
  return transport == "smtp" || transport == "relay" ? "smtp/unix" : "";
}

}  // namespace

std::optional<Relay> relay_of(std::string_view next_hop) {
  const auto all = split_words(next_hop, list_space);
  if (all.empty()) return std::nullopt;
  auto text = all.front().text;
  if (text.starts_with("inet:")) text.remove_prefix(5);
  Relay relay;
  relay.look_up_mx = !text.starts_with('[');
  const auto host_end = relay.look_up_mx ? text.rfind(':') : text.find(']');
  auto host = text.substr(relay.look_up_mx ? 0 : 1, relay.look_up_mx ? host_end : host_end - 1);
  if (base::to_lower(host.substr(0, 5)) == "ipv6:") host.remove_prefix(5);
  relay.host = base::escape(host, 255);
  if (const auto colon = host_end == std::string_view::npos ? host_end : text.find(':', host_end); colon != std::string_view::npos) {
    const auto port = text.substr(colon + 1);
    const auto* const named = std::ranges::find(ports, port, &Port::name);
    if (named != std::end(ports)) relay.port = named->number;
    else std::from_chars(port.data(), port.data() + port.size(), relay.port);
  }
  if (relay.host.empty()) return std::nullopt;
  return relay;
}

std::vector<Route> routes_of(Files& files, Instance& instance) {
  const Rewriting rewriting(files, instance, instance.problems);
  std::vector<Route> routes;
  const auto add = [&](Route::Of of, const std::string& pattern, const Mailbox& recipient, const Mailbox& sender) {
    if (routes.size() >= max_routes) return;
    const auto resolved = rewriting.resolve(recipient, sender);
    const auto* const service = instance.service(resolved.transport);
    Route route{of, base::escape(pattern, 255), "", std::nullopt, resolved.origin};
    route.client = client_of(service, resolved.transport, instance);
    if (!route.client.empty()) route.relay = relay_of(resolved.next_hop);
    const auto origin = resolved.origin.value_or(Origin{instance.file("main.cf"), 0, ""});
    if (service == nullptr && instance.master_seen)
      add_problem(instance.problems, origin.file, origin.line,
                  "names the transport \"" + base::escape(resolved.transport, 80) + "\", which master.cf does not have");
    routes.push_back(std::move(route));
  };
  for (const auto& key : sorted(rewriting.recipient_keys())) add(Route::Of::recipient, key, mailbox_of(key), {});
  for (const auto& key : sorted(rewriting.sender_keys())) add(Route::Of::sender, key, {}, mailbox_of(key));
  if (routes.size() >= max_routes) {
    add_problem(instance.problems, instance.file("main.cf"), 0, "leads to more than 20,000 routes: not all were looked at");
    routes.pop_back();
  }
  add(Route::Of::all, "", {}, {});
  return routes;
}

std::vector<std::string> services_in_use(Files& files, const Instance& instance) {
  Problems told_before;
  const Rewriting rewriting(files, instance, told_before);
  std::vector<std::string> ids;
  const auto transports = rewriting.transports();
  for (const auto& service : instance.services)
    if (service.sends() && transports.contains(service.name)) ids.push_back(service.id());
  return ids;
}

}  // namespace fcrdns::host::postfix
