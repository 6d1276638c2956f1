// Sendmail: its Installation and Operation Guide. Measured with 8.17: IPv6 goes first; ClientPortOptions=Family=inet alone
// leaves that so, but an IPv4-mapped source address for inet6 makes every connect over IPv6 fail before it is sent, and
// IPv4 is tried; the other family gets the mail only where there was no connection; a source address that is absent ends the
// attempt altogether; HELO says $j, or HeloName, or with the modifier h the name of the source address.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/mta.hpp"
#include "fcrdns/host/package.hpp"
#include "fcrdns/host/sendmail_config.hpp"

namespace fcrdns::host {
namespace {

using sendmail::Config;
using sendmail::Mailer;

constexpr std::string_view usual_files[] = {"/etc/mail/sendmail.cf", "/etc/sendmail.cf"};
constexpr std::size_t max_routes = 1'000;

/// $w, $m, $j and their like in a definition: "Dj$w.$m".
std::string expand(std::string_view text, const std::string& fqdn) {
  const auto dot = fqdn.find('.');
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char name = text[++i];
    if (name == 'w') out += fqdn.substr(0, dot);
    else if (name == 'm') out += dot == std::string::npos ? std::string{} : fqdn.substr(dot + 1);
    else if (name == 'j' || name == 'k') out += fqdn;
    else out += std::string("$") + name;
  }
  return out;
}

/// "esmtp:[host]", "[host]", "host": where MailerToTriple leads.
struct Triple {
  std::string mailer;
  std::string host;
};
Triple triple_of(std::string_view text) {
  const auto colon = text.find(':');
  const auto bracket = text.find('[');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket < colon)) return {"relay", std::string(base::trim(text))};
  return {std::string(base::trim(text.substr(0, colon))), std::string(base::trim(text.substr(colon + 1)))};
}

class Reader {
 public:
  Reader(const Config& config, const Names& names) : config_(config) {
    const auto fqdn = names.fqdn.empty() || names.hostname.find('.') != std::string::npos ? names.hostname : names.fqdn;
    const auto domain_name = config.macros.find("j");
    j_.value = fqdn;
    if (domain_name != config.macros.end()) j_ = {expand(domain_name->second.text, fqdn), domain_name->second.origin};
    mta_.kind = Kind::sendmail;
    mta_.problems = config.problems;
    mta_.hostname = base::escape(j_.value, 255);
    const auto masquerade = config.text("M");
    mta_.domain = masquerade.empty() ? mta_.hostname : base::escape(base::to_lower(masquerade), 255);
    const auto version = config.text("Z");
    mta_.version = base::escape(std::string_view(version).substr(0, version.find('/')), 32);
    locals_ = config.local_names;
    locals_.insert(locals_.end(), {base::to_lower(j_.value), base::to_lower(fqdn), "localhost"});
  }

  Mta run() {
    for (const auto& name : locals_) put({Route::Of::recipient, base::escape(name, 255), {}, {}, {}});
    for (const auto& entry : config_.mailertable)
      if (entry.key != ".") put_triple(Route::Of::recipient, entry.key, entry.value, entry.origin);
    for (const auto& entry : config_.mailertable)
      if (entry.key == ".") put_triple(Route::Of::all, {}, entry.value, entry.origin);
    if (const auto smart = config_.macros.find("S"); smart != config_.macros.end() && !smart->second.text.empty())
      put_triple(Route::Of::all, {}, smart->second.text, smart->second.origin);
    if (!ended_) put({Route::Of::all, {}, client(config_.direct_mailer), {}, {}});
    if (const auto hub = config_.text("H"); !hub.empty()) mta_.problems.push_back("mail to this host's own names goes to a hub, " + base::escape(hub, 100));
    return std::move(mta_);
  }

 private:
  void put(Route route) {
    const auto same = [&](const Route& r) { return r.of == route.of && r.pattern == route.pattern; };
    if (ended_ || route.pattern.size() > 255 || std::ranges::any_of(mta_.routes, same)) return;
    if (mta_.routes.size() + 1 >= max_routes && route.of != Route::Of::all) {
      if (!said_) mta_.problems.emplace_back("more than 1,000 domains have routes of their own: the rest is not read");
      said_ = true;
      return;
    }
    ended_ = route.of == Route::Of::all;
    mta_.routes.push_back(std::move(route));
  }

  void put_triple(Route::Of of, const std::string& key, std::string_view value, const Origin& origin) {
    const auto triple = triple_of(value);
    const auto* const mailer = config_.mailer(triple.mailer);
    if (mailer == nullptr || !mailer->leaves) return put({of, base::escape(key, 255), {}, {}, origin});  // local, error, a program
    std::string_view host = triple.host;
    if (host.find_first_of("%$") != std::string_view::npos) {
      mta_.problems.push_back(fmt::format("{}:{}: left out: its host is computed", origin.file, origin.line));
      return;
    }
    Relay relay{{}, port_of(*mailer), !host.starts_with('[')};
    if (host.starts_with('[')) {
      const auto end = host.find(']');
      if (end != std::string_view::npos && end + 1 < host.size())
        mta_.problems.push_back(fmt::format("{}:{}: names several relays: only the first is looked at", origin.file, origin.line));
      host = host.substr(1, end == std::string_view::npos ? end : end - 1);
      if (base::to_lower(host).starts_with("ipv6:")) host.remove_prefix(5);
    } else host = host.substr(0, host.find(':'));
    relay.host = base::escape(base::to_lower(host), 255);
    put({of, base::escape(key, 255), client(triple.mailer), std::move(relay), origin});
  }

  static std::uint16_t port_of(const Mailer& mailer) {
    std::uint16_t port = 0;
    std::from_chars(mailer.port.data(), mailer.port.data() + mailer.port.size(), port);
    return port == 0 ? 25 : port;
  }

  /// All mailers share the options; each that is used becomes a client.
  std::string client(const std::string& mailer) {
    auto name = base::escape(mailer, 64);
    if (mta_.client(name) == nullptr) {
      Client made{.name = name, .order = {Order::v6_first}, .follows = Follows::no_connection, .if_absent = IfAbsent::stops};
      made.helo = {base::escape(j_.value, 255), j_.origin};
      if (const auto helo = config_.options.find("HeloName"); helo != config_.options.end())
        made.helo = {base::escape(helo->second.text, 255), helo->second.origin};
      for (const auto& port : config_.client_ports) put_port(port, made);
      mta_.clients.push_back(std::move(made));
    }
    return name;
  }

  void put_port(const sendmail::ClientPort& port, Client& client) {
    if (port.by_interface_name) {
      client.helo = {{}, port.origin};
      client.helo_rule = "the name of the source address, else " + base::escape(j_.value, 255);
    }
    std::string_view text = port.address;
    if (text.empty()) return;
    if (base::to_lower(text).starts_with("ipv6:")) text.remove_prefix(5);
    const auto address = net::Address::parse(text);
    if (!address) {
      complain(port.origin, fmt::format("the source address is a name, {}: not looked up", base::escape(text, 100)));
    } else if (port.is_v6 && address->is_v4_mapped()) {
      client.families = {Families::v4, port.origin};
    } else if (address->is_v6() != port.is_v6) {
      complain(port.origin, fmt::format("{} is of the other family", address->text()));
    } else if (std::ranges::any_of(address->octets(), [](std::uint8_t octet) { return octet != 0; })) {
      client.bind.push_back({*address, port.origin});
    }
  }
  void complain(const Origin& origin, std::string_view what) {
    auto line = fmt::format("{}:{}: {}", origin.file, origin.line, what);
    if (std::ranges::find(mta_.problems, line) == mta_.problems.end()) mta_.problems.push_back(std::move(line));
  }

  const Config& config_;
  Mta mta_;
  Set<std::string> j_;
  std::vector<std::string> locals_;
  bool ended_ = false, said_ = false;
};

std::string find_config(Files& files, std::string_view config) {
  if (config.empty()) {
    if (!is_installed(files, {"/usr/libexec/sendmail/sendmail", "/usr/lib/sm.bin/sendmail", "/usr/sbin/sendmail-mta", "/usr/sbin/sendmail.sendmail",
                              "/usr/sbin/mailstats", "/usr/sbin/editmap", "/usr/sbin/praliases"}))
      return {};
    const auto* const found = std::ranges::find_if(usual_files, [&](std::string_view file) { return files.exists(file); });
    return found == std::end(usual_files) ? std::string{} : std::string(*found);
  }
  auto path = std::string(config);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (!path.ends_with(".cf")) path += "/sendmail.cf";
  return files.exists(path) ? path : std::string{};
}

/// Mail of local programs is handed to this host's own daemon; another host there is a way out of its own.
void look_at_submission(Files& files, const std::string& path, Mta& mta) {
  const auto submit = path.substr(0, path.rfind('/') + 1) + "submit.cf";
  if (!files.exists(submit)) return;
  const auto config = sendmail::read_config(files, submit);
  if (!config) return;
  const auto host = config->macros.find("{MTAHost}");
  if (host == config->macros.end()) return;
  constexpr std::string_view own[] = {"[127.0.0.1]", "[IPv6:::1]", "[IPv6:0:0:0:0:0:0:0:1]", "[localhost]", "localhost"};
  if (std::ranges::find(own, std::string_view(host->second.text)) != std::end(own)) return;
  mta.problems.push_back(fmt::format("{}:{}: mail of local programs goes to {}, another way than what is looked at here", host->second.origin.file,
                                     host->second.origin.line, base::escape(host->second.text, 100)));
}

}  // namespace

std::optional<Mta> read_sendmail(Files& files, const Names& names, std::string_view config) {
  const auto path = find_config(files, config);
  if (path.empty()) return std::nullopt;
  const auto read = sendmail::read_config(files, path);
  Mta mta;
  if (read) mta = Reader(*read, names).run();
  else {
    mta.kind = Kind::sendmail;
    mta.problems.push_back(base::escape(path, 255) + " cannot be read");
  }
  mta.config = base::escape(path, 255);
  look_at_submission(files, path, mta);
  for (const char* const log : {"/var/log/mail.log", "/var/log/maillog"})
    if (files.exists(log)) mta.logs.emplace_back(log);
  if (mta.logs.empty()) mta.logs.emplace_back("/var/log/mail.log");
  return mta;
}

}  // namespace fcrdns::host
