#include "fcrdns/host/exim_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/exim_domains.hpp"

namespace fcrdns::host::exim {
namespace {

using What = Item::What;
constexpr std::size_t max_routes = 1'000;

/// Where a router sends what it takes.
struct Target {
  std::string client;            ///< empty: it does not leave
  std::optional<Relay> relay{};
  Origin origin{};
};
/// A part of a router: these recipients, and their target.
struct Rule {
  std::vector<Item> domains;
  Target target;
};
struct Router {
  std::vector<Item> domains;     ///< empty: all
  std::vector<Item> senders;     ///< empty: all
  std::vector<Rule> rules;
  bool has_domains = false;
};

/// Preconditions that nothing but a mail, a user or a program decides.
constexpr std::string_view conditions[] = {"condition", "require_files", "router_home_directory"};
constexpr std::string_view of_users[] = {"check_local_user", "local_parts", "local_part_prefix", "local_part_suffix"};

bool is_truthy(std::string_view value) {
  const auto lower = base::to_lower(value);
  return !lower.empty() && lower != "0" && lower != "no" && lower != "false";
}

std::uint16_t default_port(const Driver& transport) {
  const auto protocol = transport.text("protocol");
  return protocol == "smtps" ? 465 : protocol == "lmtp" ? 24 : 25;
}
std::uint16_t port_of(std::string_view text, std::uint16_t otherwise) {
  if (text == "smtp") return 25;
  if (text == "submission") return 587;
  if (text == "smtps" || text == "submissions") return 465;
  std::uint16_t port = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  return read.ec == std::errc{} && read.ptr == end && port != 0 ? port : otherwise;
}

/// "host", "host/mx", "host:587", "[192.0.2.1]:587", "2001:db8::1".
Relay relay_of(std::string_view item, std::uint16_t port) {
  Relay relay{{}, port, false};
  if (net::Address::parse(item)) {
    relay.host = item;
    return relay;
  }
  std::string_view host = item, behind;
  if (item.starts_with('[')) {
    const auto end = std::min(item.find(']'), item.size());
    host = item.substr(1, end - 1);
    behind = end < item.size() ? item.substr(end + 1) : std::string_view{};
  } else if (const auto colon = item.rfind(':'); colon != std::string_view::npos) {
    host = item.substr(0, colon);
    behind = item.substr(colon);
  }
  if (behind.starts_with(':')) relay.port = port_of(behind.substr(1), port);
  if (base::to_lower(host).ends_with("/mx")) {
    relay.look_up_mx = true;
    host.remove_suffix(3);
  }
  relay.host = base::escape(base::to_lower(host), 255);
  return relay;
}

class Routers {
 public:
  Routers(const Config& config, const Variables& variables, Files& files)
      : config_(config), variables_(variables), files_(files), domains_(config, variables, files) {}

  Routing read() {
    for (const auto& driver : config_.routers)
      if (auto router = read_router(driver)) routers_.push_back(std::move(*router));
    for (std::size_t i = 0; i < routers_.size() && !ended_; ++i) put_router(i);
    if (!ended_) put({Route::Of::all, {}, {}, {}, {}});
    return std::move(out_);
  }

 private:
  void complain(const Driver& router, std::string_view what) {
    if (out_.problems.size() < 20)
      out_.problems.push_back(fmt::format("{}:{}: router {} {}", router.origin.file, router.origin.line, base::escape(router.name, 64), what));
  }

  // What one router says.

  std::optional<Router> read_router(const Driver& driver) {
    if (driver.is_set("verify_only") || driver.is_set("unseen")) return std::nullopt;  // takes nothing away from the others
    Router router;
    if (!read_target(driver, router) || router.rules.empty()) return std::nullopt;
    const bool leaves = std::ranges::any_of(router.rules, [](const Rule& rule) { return !rule.target.client.empty(); });
    if (const auto* const domains = driver.find("domains")) {
      router.has_domains = true;
      router.domains = domains_.read(domains->value);
      if (router.domains.empty()) return std::nullopt;
      if (leaves && std::ranges::any_of(router.domains, [](const Item& item) { return item.what == What::unknown && !item.negated; }))
        complain(driver, "is for domains that are not read: " + base::escape(domains->value, 100));
    }
    if (leaves) {
      for (const auto option : conditions)
        if (const auto* const set = driver.find(option); set != nullptr && set->value != "true" && set->value != "yes") {
          complain(driver, fmt::format("is left out: its {} is not read", option));
          return std::nullopt;
        }
      for (const auto option : of_users)
        if (driver.find(option) != nullptr) {
          complain(driver, fmt::format("is left out: its {} depends on the user", option));
          return std::nullopt;
        }
    }
    if (const auto* const senders = driver.find("senders")) {
      router.senders = domains_.read_senders(senders->value);
      if (std::ranges::any_of(router.senders, [](const Item& item) { return item.what == What::unknown; })) {
        if (leaves) complain(driver, "is left out: its senders are not read: " + base::escape(senders->value, 100));
        return std::nullopt;
      }
    }
    return router;
  }

  /// False: this router passes everything on.
  bool read_target(const Driver& driver, Router& router) {
    const auto kind = driver.text("driver");
    if (kind == "redirect") {
      const auto data = driver.text("data");
      const bool ends = data.starts_with(":fail:") || data.starts_with(":blackhole:") || data.starts_with(":defer:");
      if (ends) router.rules.push_back({{{What::all}}, {{}, {}, driver.origin}});
      return ends;
    }
    if (kind == "manualroute") return read_manual(driver, router);
    if (kind != "dnslookup" && kind != "accept" && kind != "ipliteral") return false;
    if (kind == "ipliteral") return false;  // for address literals only
    auto reach = reach_of(driver);
    if (kind == "dnslookup") {
      if (const auto* const only = driver.find("ipv4_only"); only != nullptr && is_truthy(only->value)) reach.families = {Families::v4, only->origin};
      if (const auto* const first = driver.find("ipv4_prefer"); first != nullptr && is_truthy(first->value)) reach.order = {Order::v4_first, first->origin};
    }
    if (auto target = target_of(driver, driver.text("transport"), reach)) router.rules.push_back({{{What::all}}, std::move(*target)});
    return !router.rules.empty();
  }

  bool read_manual(const Driver& driver, Router& router) {
    if (const auto* const data = driver.find("route_data")) read_route_data(driver, *data, router);
    if (const auto* const list = driver.find("route_list")) {
      auto text = std::string_view(list->value);
      const bool own = text.starts_with('<');
      for (const auto& rule : split_list(own ? std::string(text) : "<;" + std::string(text))) {
        auto rest = base::trim(rule);
        const auto pattern = take_word(rest);
        add_rule(driver, domains_.read(pattern), rest, list->origin, router);
      }
    }
    return !router.rules.empty();
  }

  void read_route_data(const Driver& driver, const Option& data, Router& router) {
    const auto text = std::string_view(data.value);
    for (const std::string_view kind : {"partial-lsearch", "lsearch"}) {
      const auto head = fmt::format("${{lookup{{$domain}}{}{{", kind);
      if (!text.starts_with(head)) continue;
      const auto file = text.substr(head.size(), text.find('}', head.size()) - head.size());
      for (const auto& entry : domains_.entries(file, kind != "lsearch"))
        add_rule(driver, {entry.pattern.empty() ? Item{What::all} : Item{What::pattern, false, entry.pattern}}, entry.data, entry.origin, router);
      return;
    }
    const auto expansion = expand(text, variables_, files_);
    if (expansion.what == Expansion::What::text && !expansion.text.empty()) add_rule(driver, {{What::all}}, expansion.text, data.origin, router);
    else if (expansion.what == Expansion::What::computed) complain(driver, "is left out: its route_data is computed");
  }

  /// A word, or what stands in quotes.
  static std::string_view take_word(std::string_view& rest) {
    rest = base::trim(rest);
    const bool quoted = rest.starts_with('"');
    const auto end = quoted ? rest.find('"', 1) : rest.find_first_of(" \t");
    const auto word = quoted ? rest.substr(1, end == std::string_view::npos ? end : end - 1) : rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : base::trim(rest.substr(end + 1));
    return word;
  }

  /// HOSTS and options of a routing rule.
  void add_rule(const Driver& driver, std::vector<Item> domains, std::string_view rest, const Origin& origin, Router& router) {
    if (rest.starts_with('<') && rest.size() > 1) {  // "<+ a + b" without quotes: to the end, options cannot stand there
      if (auto target = target_of(driver, driver.text("transport"), reach_of(driver))) add_hosts(driver, std::move(domains), rest, origin, std::move(*target), router);
      return;
    }
    const auto hosts = take_hosts(rest);
    auto reach = reach_of(driver);
    auto transport = driver.text("transport");
    for (const auto word : base::words(rest)) {
      if (word == "ipv4_only") reach.families = {Families::v4, origin};
      else if (word == "ipv4_prefer") reach.order = {Order::v4_first, origin};
      else if (config_.transport(word) != nullptr) transport = word;
    }
    if (auto target = target_of(driver, transport, reach)) add_hosts(driver, std::move(domains), hosts, origin, std::move(*target), router);
  }

  /// "a:b" or "a : b": blanks around the separator belong to the list.
  static std::string take_hosts(std::string_view& rest) {
    std::string hosts(take_word(rest));
    while (rest.starts_with(':') || (hosts.ends_with(':') && !rest.empty())) hosts += " " + std::string(take_word(rest));
    return hosts;
  }

  void add_hosts(const Driver& driver, std::vector<Item> domains, std::string_view hosts, const Origin& origin, Target target, Router& router) {
    target.origin = origin;
    const auto expansion = expand(hosts, variables_, files_);
    const auto items = expansion.what == Expansion::What::text ? split_list(expansion.text) : std::vector<std::string>{};
    if (!target.client.empty() && !target.relay) {
      if (items.empty()) return complain(driver, "is left out: its hosts are computed: " + base::escape(hosts, 100));
      const auto* const transport = config_.transport(target.client.substr(0, target.client.find(' ')));
      target.relay = relay_of(items.front(), transport == nullptr ? 25 : port_of(transport->text("port"), default_port(*transport)));
      if (items.size() > 1) complain(driver, fmt::format("names {} hosts: only the first, {}, is looked at", items.size(), target.relay->host));
    }
    router.rules.push_back({std::move(domains), std::move(target)});
  }

  Reach reach_of(const Driver& router) const {
    Reach reach{{}, {Order::v6_first}};  // measured with 4.96: of exchanges alike in preference, too
    if (const auto ipv6 = config_.main.find("disable_ipv6"); ipv6 != config_.main.end() && ipv6->second.value == "true")
      reach.families = {Families::v4, ipv6->second.origin};
    if (const auto only = config_.main.find("dns_ipv4_lookup"); only != config_.main.end())
      if (contains(domains_.read(only->second.value), "a.name.that.nobody.has") == In::yes) reach.families = {Families::v4, only->second.origin};
    if (const auto* const ignored = router.find("ignore_target_hosts"))
      for (const auto& item : split_list(ignored->value)) {
        const auto block = net::Prefix::parse(item);
        if (block && block->length == 0) reach.families = {block->base.is_v6() ? Families::v4 : Families::v6, ignored->origin};
      }
    return reach;
  }

  std::optional<Target> target_of(const Driver& router, std::string_view name, const Reach& reach) {
    const auto* const transport = config_.transport(name);
    if (transport == nullptr) {
      if (name.find('$') != std::string_view::npos) complain(router, "is left out: its transport is computed: " + base::escape(name, 100));
      else if (!name.empty()) complain(router, fmt::format("names transport {}, which is not there", base::escape(name, 64)));
      return std::nullopt;
    }
    if (transport->text("driver") != "smtp") return Target{{}, {}, router.origin};
    Target target{client_for(router, *transport, reach), {}, router.origin};
    const auto* const hosts = transport->find("hosts");
    const bool own = hosts != nullptr && (transport->is_set("hosts_override") || router.text("driver") == "accept");
    if (!own) return router.text("driver") == "accept" ? std::nullopt : std::optional(std::move(target));
    const auto items = split_list(hosts->value);
    if (items.empty() || hosts->value.find('$') != std::string::npos) {
      complain(router, "is left out: the hosts of its transport are computed");
      return std::nullopt;
    }
    target.relay = relay_of(items.front(), port_of(transport->text("port"), default_port(*transport)));
    target.origin = hosts->origin;
    return target;
  }

  std::string client_for(const Driver& router, const Driver& transport, const Reach& reach) {
    bool named = false;
    for (const auto& use : out_.uses) {
      if (use.transport != transport.name) continue;
      if (use.reach.families.value == reach.families.value && use.reach.order.value == reach.order.value) return use.client;
      named = true;
    }
    auto client = base::escape(transport.name, 64);
    if (named) client += fmt::format(" ({})", base::escape(router.name, 64));
    out_.uses.push_back({client, transport.name, reach});
    return client;
  }

  // All routers together.

  void put(Route route) {
    if (ended_) return;
    const auto same = [&](const Route& r) { return r.of == route.of && r.pattern == route.pattern; };
    if (std::ranges::any_of(out_.routes, same)) return;  // somebody took it before
    ended_ = route.of == Route::Of::all || out_.routes.size() + 1 >= max_routes;
    if (ended_ && route.of != Route::Of::all) {
      out_.problems.emplace_back("more than 1,000 domains have routes of their own: the rest is not read");
      route = {Route::Of::all, {}, {}, {}, {}};
    }
    out_.routes.push_back(std::move(route));
  }
  static Route route_of(Route::Of of, std::string pattern, const Target& target) {
    return {of, std::move(pattern), target.client, target.relay, target.origin};
  }

  /// Which router from `from` on takes mail to these domains, whoever sends it.
  Target target_for(const std::string& pattern, std::size_t from) const {
    for (auto i = from; i < routers_.size(); ++i) {
      const auto& router = routers_[i];
      if (!router.senders.empty() || (router.has_domains && contains(router.domains, pattern) != In::yes)) continue;
      for (const auto& rule : router.rules)
        if (contains(rule.domains, pattern) == In::yes) return rule.target;
    }
    return {};
  }

  void put_router(std::size_t index) {
    const auto& router = routers_[index];
    bool open = !router.has_domains;
    for (const auto& item : router.domains) {
      if (item.what == What::all && !item.negated) {
        open = true;
        break;
      }
      if (item.what == What::all) return;  // "! *": nothing more
      if (item.what != What::pattern) continue;
      if (item.negated) put(route_of(Route::Of::recipient, item.pattern, target_for(item.pattern, index + 1)));
      else if (router.senders.empty())
        for (const auto& rule : router.rules)
          if (contains(rule.domains, item.pattern) == In::yes) {
            put(route_of(Route::Of::recipient, item.pattern, rule.target));
            break;
          }
    }
    if (open) put_rules(router);
  }

  void put_rules(const Router& router) {
    for (const auto& rule : router.rules)
      for (const auto& item : rule.domains) {
        if (item.negated || item.what == What::unknown) continue;
        if (router.senders.empty())
          put(route_of(item.what == What::all ? Route::Of::all : Route::Of::recipient, item.pattern, rule.target));
        else if (item.what == What::all)
          for (const auto& sender : router.senders)
            put(route_of(sender.what == What::all ? Route::Of::all : Route::Of::sender, sender.pattern, rule.target));
      }
  }

  const Config& config_;
  const Variables& variables_;
  Files& files_;
  Domains domains_;
  std::vector<Router> routers_;
  Routing out_;
  bool ended_ = false;
};

}  // namespace

Routing read_routing(const Config& config, const Variables& variables, Files& files) {
  return Routers(config, variables, files).read();
}

}  // namespace fcrdns::host::exim
