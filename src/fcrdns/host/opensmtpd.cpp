// OpenSMTPD: smtpd.conf(5). Measured with 6.8: IPv6 goes first (the resolver built in lists it so, unless resolv.conf's `family`
// says otherwise); `mta limit inet4`, which no manual names, ends IPv6; sources of one family rule the other one out; several
// sources take turns; one that is absent is passed over, and alone it is "No valid route"; the other family is tried after a
// refused greeting or without a connection, not after a 450.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <ranges>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/mta.hpp"
#include "fcrdns/host/opensmtpd_config.hpp"
#include "fcrdns/host/package.hpp"

namespace fcrdns::host {
namespace {

using opensmtpd::Config;
using opensmtpd::Directive;
using opensmtpd::Table;
using opensmtpd::Token;

constexpr std::string_view usual_files[] = {"/etc/smtpd.conf", "/etc/smtpd/smtpd.conf", "/etc/opensmtpd/smtpd.conf", "/etc/mail/smtpd.conf",
                                            "/usr/local/etc/mail/smtpd.conf"};
constexpr std::size_t max_routes = 1'000;

struct Protocol {
  std::string_view scheme;
  std::uint16_t port;
};
constexpr Protocol protocols[] = {{"smtp", 25}, {"smtp+tls", 25}, {"smtp+notls", 25}, {"smtps", 465}, {"lmtp", 24}};

/// "[proto://[label@]]host[:port]".
Relay relay_of(std::string_view url) {
  Relay relay;
  if (const auto colon = url.find("://"); colon != std::string_view::npos) {
    const auto* const known = std::ranges::find(protocols, url.substr(0, colon), &Protocol::scheme);
    if (known != std::end(protocols)) relay.port = known->port;
    url.remove_prefix(colon + 3);
  }
  if (const auto label = url.find('@'); label != std::string_view::npos) url.remove_prefix(label + 1);
  auto host = url;
  const auto bracket = url.starts_with('[') ? url.find(']') : std::string_view::npos;
  const auto colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (bracket != std::string_view::npos) host = url.substr(1, bracket - 1);
  else if (!net::Address::parse(url)) host = url.substr(0, colon);
  if (colon != std::string_view::npos && !net::Address::parse(url)) {
    std::uint16_t port = 0;
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
    if (port != 0) relay.port = port;
  }
  relay.host = base::escape(base::to_lower(host), 255);
  return relay;
}

struct Action {
  std::string name;
  bool leaves = false;
  std::optional<Relay> relay{};
  std::optional<Table> by_domain{};   ///< relays by domain; others than these do not leave
  Origin origin{};
};

class Reader {
 public:
  Reader(const Config& config, Files& files, const Names& names) : config_(config) {
    mta_.kind = Kind::opensmtpd;
    mta_.problems = config.problems;
    mta_.hostname = base::escape(!names.mailname.empty() ? names.mailname : names.hostname.find('.') != std::string::npos || names.fqdn.empty() ? names.hostname : names.fqdn, 255);
    mta_.domain = mta_.hostname;
    if (!names.mailname.empty()) hostname_at_ = {"/etc/mailname", 1, mta_.hostname};
    read_resolver(files);
  }

  Mta run() {
    for (const auto& directive : config_.directives) read_limits(directive);
    for (const auto& directive : config_.directives)
      if (directive.tokens.size() > 2 && directive.tokens[0].says("action")) read_action(directive);
    for (const auto& directive : config_.directives)
      if (directive.tokens.front().says("match")) read_match(directive);
    if (!ended_ && narrow_) put({Route::Of::all, {}, narrow_->client, narrow_->relay, narrow_->origin});
    if (!ended_) put({Route::Of::all, {}, {}, {}, {}});
    return std::move(mta_);
  }

 private:
  void complain(const Directive& directive, std::string_view what) {
    const auto at = directive.origin();
    if (mta_.problems.size() < 20) mta_.problems.push_back(fmt::format("{}:{}: {}", at.file, at.line, what));
  }

  /// "family inet4 inet6" of resolv.conf(5) as libasr reads it.
  void read_resolver(Files& files) {
    order_.value = Order::v6_first;
    const auto content = files.read("/etc/resolv.conf");
    if (!content) return;
    std::size_t number = 0;
    for (const auto line : base::split(*content, '\n')) {
      ++number;
      const auto words = base::words(line);
      if (words.size() < 2 || words[0] != "family") continue;
      const Origin origin{"/etc/resolv.conf", number, base::escape(base::trim(line), 200)};
      if (words.size() == 2) families_ = {words[1] == "inet4" ? Families::v4 : Families::v6, origin};
      else {
        families_ = {};
        order_ = {words[1] == "inet4" ? Order::v4_first : Order::v6_first, origin};
      }
    }
  }

  /// "mta limit inet4"; the last one counts.
  void read_limits(const Directive& directive) {
    const auto& tokens = directive.tokens;
    if (tokens.size() < 3 || !tokens[0].says("mta") || !tokens[1].says("limit")) return;
    const bool of_domain = tokens[2].says("for");
    for (const auto& token : tokens) {
      if (!token.says("inet4") && !token.says("inet6")) continue;
      if (of_domain) complain(directive, "a limit for one domain is not looked at");
      else families_ = {token.says("inet4") ? Families::v4 : Families::v6, directive.origin()};
    }
  }

  void read_action(const Directive& directive) {
    const auto& tokens = directive.tokens;
    Action action{.name = base::escape(tokens[1].text, 64), .leaves = tokens[2].says("relay"), .origin = directive.origin()};
    if (action.leaves) {
      Client client{.name = action.name, .families = families_, .order = order_, .follows = Follows::banner, .if_absent = IfAbsent::fails};
      client.helo = {mta_.hostname, hostname_at_};
      std::optional<Table> names;
      for (std::size_t at = 3; at < tokens.size();) {
        const auto& option = tokens[at++];
        if (option.says("src")) read_sources(directive, opensmtpd::take_table(directive, at, config_.tables), client);
        else if (option.says("helo-src")) names = opensmtpd::take_table(directive, at, config_.tables);
        else if (option.says("helo") && at < tokens.size()) client.helo = {base::escape(tokens[at++].text, 255), directive.origin()};
        else if (option.says("host")) read_host(directive, opensmtpd::take_table(directive, at, config_.tables), action);
        else if (option.says("domain")) action.by_domain = opensmtpd::take_table(directive, at, config_.tables);
      }
      const bool literal = std::ranges::any_of(tokens, [](const Token& token) { return token.says("helo"); });
      if (names && !literal) read_helo_names(directive, *names, client);
      mta_.clients.push_back(std::move(client));
    }
    actions_.push_back(std::move(action));
  }

  void read_sources(const Directive& directive, const Table& table, Client& client) {
    if (!table.is_read) complain(directive, fmt::format("the source addresses of action {} are in a table that is not read", client.name));
    for (const auto& entry : table.entries) {
      const auto address = net::Address::parse(entry.key.starts_with('[') && entry.key.ends_with(']') ? entry.key.substr(1, entry.key.size() - 2) : entry.key);
      if (address) client.bind.push_back({*address, table.origin});
      else complain(directive, fmt::format("{} is no address to send from", base::escape(entry.key, 64)));
    }
    const auto is_v4 = [](const Set<net::Address>& bind) { return bind.value.is_v4(); };
    if (client.bind.empty()) return;
    client.bind_by_turns = client.bind.size() > 1;
    if (std::ranges::all_of(client.bind, is_v4)) narrow(client, Families::v4, table.origin);
    else if (std::ranges::none_of(client.bind, is_v4)) narrow(client, Families::v6, table.origin);
    else client.order = {Order::random, table.origin};
  }
  static void narrow(Client& client, Families to, const Origin& origin) {
    if (client.families.value == Families::both) client.families = {to, origin};
  }

  /// A name for each source: one of them all, or none that a file tells.
  void read_helo_names(const Directive& directive, const Table& names, Client& client) {
    std::vector<std::string> said;
    for (const auto& bind : client.bind)
      for (const auto& entry : names.entries)
        if (const auto source = net::Address::parse(entry.key); source && *source == bind.value) said.push_back(entry.value);
    const bool alike = !said.empty() && said.size() == client.bind.size() && std::ranges::all_of(said, [&](const std::string& name) { return name == said.front(); });
    if (alike) client.helo = {base::escape(said.front(), 255), names.origin};
    else if (client.bind.empty() || !said.empty() || !names.is_read) {
      client.helo = {{}, names.origin};
      client.helo_rule = "helo-src, by source address";
      for (const auto& entry : names.entries | std::views::take(4)) client.helo_rule += fmt::format("; {} {}", base::escape(entry.key, 64), base::escape(entry.value, 64));
    }
    if (!names.is_read) complain(directive, "its names for HELO are in a table that is not read");
  }

  void read_host(const Directive& directive, const Table& table, Action& action) {
    if (table.entries.empty()) return complain(directive, fmt::format("the relay of action {} is in a table that is not read", action.name));
    action.relay = relay_of(table.entries.front().key);
    if (table.entries.size() > 1) complain(directive, fmt::format("action {} names {} relays: only {} is looked at", action.name, table.entries.size(), action.relay->host));
  }

  // match

  void read_match(const Directive& directive) {
    const auto& tokens = directive.tokens;
    std::optional<Table> domains, senders, recipients;
    std::string trouble;
    bool any = false, has_for = false, narrow = false;
    const Action* action = nullptr;
    for (std::size_t at = 1; at < tokens.size();) {
      const auto& option = tokens[at++];
      const bool regex = at < tokens.size() && tokens[at].says("regex");
      const bool behind_domain = option.says("domain") || option.says("mail-from") || option.says("rcpt-to");
      if (option.is("!")) trouble = "a negation";
      if (behind_domain && regex) {
        trouble = "a regular expression";
        ++at;
      }
      if (option.says("for")) {
        has_for = true;
        any = any || (at < tokens.size() && tokens[at].says("any"));
      } else if (option.says("domain")) domains = opensmtpd::take_table(directive, at, config_.tables);
      else if (option.says("mail-from")) senders = opensmtpd::take_table(directive, at, config_.tables);
      else if (option.says("rcpt-to")) recipients = opensmtpd::take_table(directive, at, config_.tables);
      else if (option.says("src") || option.says("tag") || option.says("rdns") || option.says("helo")) narrow = true;
      else if (option.says("action") && at < tokens.size()) {
        const auto name = base::escape(tokens[at++].text, 64);
        const auto found = std::ranges::find(actions_, name, &Action::name);
        if (found == actions_.end()) return complain(directive, fmt::format("there is no action {}", name));
        action = &*found;
      } else if (option.says("reject")) return;
    }
    if (action == nullptr) return;
    if (domains && senders) trouble = "both domain and mail-from";
    for (const auto* const table : {&domains, &senders, &recipients})
      if (*table && !(*table)->is_read) trouble = "a table that is not read";
    if (!trouble.empty()) {
      if (action->leaves) complain(directive, "left out: " + trouble);
      return;
    }
    if (narrow) {
      if (action->leaves && any && !narrow_) narrow_ = Route{Route::Of::all, {}, action->name, action->relay, directive.origin()};
      return;
    }
    put_match(directive, *action, domains, senders, recipients, any, has_for);
  }

  void put_match(const Directive& directive, const Action& action, const std::optional<Table>& domains, const std::optional<Table>& senders,
                 const std::optional<Table>& recipients, bool any, bool has_for) {
    const auto each = [&](const Table& table, auto&& use) {
      for (const auto& entry : table.entries) use(base::to_lower(entry.key));
    };
    if (senders) each(*senders, [&](const std::string& sender) {
      if (sender.find('@') != std::string::npos && sender.find('*') == std::string::npos) put_for(Route::Of::sender, sender, action, directive);
    });
    else if (recipients) each(*recipients, [&](const std::string& recipient) {
      put_for(Route::Of::recipient, recipient.starts_with('@') ? recipient.substr(1) : recipient, action, directive);
    });
    else if (domains) each(*domains, [&](const std::string& domain) {
      const auto pattern = domain.starts_with("*.") ? domain.substr(1) : domain;
      if (pattern == "*") put_for(Route::Of::all, {}, action, directive);
      else if (pattern.find('*') == std::string::npos) put_for(Route::Of::recipient, pattern, action, directive);
      else if (action.leaves) complain(directive, "left out: " + base::escape(domain, 100));
    });
    else if (any) put_for(Route::Of::all, {}, action, directive);
    else if (!has_for || !any)
      for (const auto& local : {mta_.hostname, std::string("localhost")}) put_for(Route::Of::recipient, local, action, directive);
  }

  void put_for(Route::Of of, const std::string& pattern, const Action& action, const Directive& directive) {
    auto origin = action.leaves ? action.origin : directive.origin();
    const auto shown = base::escape(pattern, 255);
    if (!action.leaves) return put({of, shown, {}, {}, std::move(origin)});
    if (!action.by_domain) return put({of, shown, action.name, action.relay, std::move(origin)});
    if (of == Route::Of::sender) return complain(directive, "left out: relays by domain for some senders only");
    for (const auto& entry : action.by_domain->entries)
      if (of == Route::Of::all || base::to_lower(entry.key) == pattern)
        put({Route::Of::recipient, base::escape(base::to_lower(entry.key), 255), action.name, relay_of(entry.value), action.by_domain->origin});
    put({of, shown, {}, {}, std::move(origin)});  // what the table does not name stays
  }

  void put(Route route) {
    const auto same = [&](const Route& r) { return r.of == route.of && r.pattern == route.pattern; };
    if (ended_ || std::ranges::any_of(mta_.routes, same)) return;
    if (mta_.routes.size() + 1 >= max_routes && route.of != Route::Of::all) {
      mta_.problems.emplace_back("more than 1,000 domains have routes of their own: the rest is not read");
      route = {Route::Of::all, {}, {}, {}, {}};
    }
    ended_ = route.of == Route::Of::all;
    mta_.routes.push_back(std::move(route));
  }

  const Config& config_;
  Mta mta_;
  std::optional<Origin> hostname_at_;
  Set<Families> families_;
  Set<Order> order_;
  std::vector<Action> actions_;
  std::optional<Route> narrow_;  // for some mail only; what there is when nothing is for all
  bool ended_ = false;
};

std::string find_config(Files& files, std::string_view config) {
  if (config.empty()) {
    if (!is_installed(files, {"/usr/sbin/smtpd", "/usr/local/sbin/smtpd"})) return {};
    const auto* const found = std::ranges::find_if(usual_files, [&](std::string_view file) { return files.exists(file); });
    return found == std::end(usual_files) ? std::string{} : std::string(*found);
  }
  auto path = std::string(config);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (!path.ends_with("smtpd.conf")) path += "/smtpd.conf";
  return files.exists(path) ? path : std::string{};
}

}  // namespace

std::optional<Mta> read_opensmtpd(Files& files, const Names& names, std::string_view config) {
  const auto path = find_config(files, config);
  if (path.empty()) return std::nullopt;
  const auto read = opensmtpd::read_config(files, path);
  auto mta = Reader(read, files, names).run();
  mta.config = base::escape(path, 255);
  mta.version = package_version(files, "opensmtpd");
  for (const char* const log : {"/var/log/mail.log", "/var/log/maillog"})
    if (files.exists(log)) mta.logs.emplace_back(log);
  if (mta.logs.empty()) mta.logs.emplace_back("/var/log/mail.log");
  return mta;
}

}  // namespace fcrdns::host
