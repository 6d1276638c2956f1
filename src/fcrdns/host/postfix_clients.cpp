// smtp(8): families, order of addresses, source and HELO, with what each service has of its own.
//
// Addresses of one preference are shuffled, unless smtp_randomize_addresses says no; then smtp_address_preference sorts them
// by family. A bind address that is not there is a warning, and the mail leaves unbound (3.7: unless it is enforced). Without
// one, inet_interfaces binds where it names exactly one address of a family and that is no loopback address.
#include "fcrdns/host/postfix_clients.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/local_names.hpp"

namespace fcrdns::host::postfix {
namespace {

struct PreferenceWord {
  std::string_view word;
  Order order;
};
constexpr PreferenceWord preferences[] = {{"any", Order::random}, {"ipv4", Order::v4_first}, {"ipv6", Order::v6_first}};

bool is_loopback(const net::Address& address) {
  return address.is_v4() ? address.octets()[0] == 127 : address == net::Address::parse("::1").value();
}

class Reader {
 public:
  Reader(Files& files, Instance& instance, const Service* service) : files_(files), instance_(instance), service_(service) {}

  Client client() {
    Client client;
    client.name = service_ == nullptr ? "smtp/unix" : service_->id();
    client.families = families();
    client.order = order();
    if (value("smtp_mx_address_limit").value == "1") client.follows = Follows::never;
    else if (value("smtp_mx_session_limit").value == "1") client.follows = Follows::banner;
    if (instance_.is_yes("smtp_bind_address_enforce", service_)) client.if_absent = IfAbsent::fails;
    for (const auto family : {net::Family::v4, net::Family::v6})
      if (auto bind = bind_of(family, client)) client.bind.push_back(std::move(*bind));
    client.helo = value("smtp_helo_name");
    if (client.helo.value.empty()) refuse(client.helo, "smtp_helo_name is empty");
    client.helo.value = base::escape(client.helo.value, 255);
    if (!client.helo.origin) client.helo.origin = value("myhostname").origin;
    return client;
  }

 private:
  Set<std::string> value(std::string_view name) {
    auto set = instance_.value(name, service_);
    if (const auto trouble = instance_.trouble(name, service_); !trouble.empty()) refuse(set, std::string(name) + ": " + trouble);
    return set;
  }
  template <typename T>
  void refuse(const Set<T>& set, const std::string& why) {
    const auto origin = set.origin.value_or(Origin{instance_.file("main.cf"), 0, ""});
    add_problem(instance_.problems, origin.file, origin.line, why + ": Postfix does not run with that");
  }

  Set<Families> families() {
    const auto set = value("inet_protocols");
    bool v4 = false, v6 = false;
    for (const auto& word : split_words(set.value, list_space)) {
      const auto name = base::to_lower(word.text);
      v4 |= name == "all" || name == "ipv4";
      v6 |= name == "all" || name == "ipv6";
      if (name != "all" && name != "ipv4" && name != "ipv6") refuse(set, "inet_protocols knows no \"" + base::escape(word.text, 40) + '"');
    }
    if (v4 == v6) return {Families::both, set.origin};
    return {v4 ? Families::v4 : Families::v6, set.origin};
  }

  Set<Order> order() {
    const auto set = value("smtp_address_preference");
    const auto* const found = std::ranges::find(preferences, base::to_lower(set.value), &PreferenceWord::word);
    if (found == std::end(preferences)) refuse(set, "smtp_address_preference knows no \"" + base::escape(set.value, 40) + '"');
    const auto order = found == std::end(preferences) ? Order::random : found->order;
    const auto shuffles = value("smtp_randomize_addresses");
    if (order != Order::random || !base::equals_ignoring_case(shuffles.value, "no")) return {order, set.origin};
    const auto look_up = value("smtp_host_lookup");
    const auto by_dns = split_words(look_up.value, list_space);
    const bool asks_dns = by_dns.empty() || by_dns.front().text != "native";
    return {asks_dns ? Order::v4_first : Order::as_resolved, shuffles.origin};  // A is asked for before AAAA
  }

  std::optional<Set<net::Address>> bind_of(net::Family family, Client& client) {
    const auto set = value(family == net::Family::v4 ? "smtp_bind_address" : "smtp_bind_address6");
    if (set.value.empty()) return bind_of_interfaces(family, client);
    const auto address = net::Address::parse(set.value);
    if (!address) return refuse(set, "this is no address: \"" + base::escape(set.value, 80) + '"'), std::nullopt;
    if (address->family() != family) {
      add_problem(instance_.problems, set.origin ? set.origin->file : "", set.origin ? set.origin->line : 0,
                  address->text() + " is of the other family: nothing is bound to it");
      return std::nullopt;
    }
    return Set<net::Address>{*address, set.origin};
  }

  /// inet_interfaces names one address of the family: that is used.
  std::optional<Set<net::Address>> bind_of_interfaces(net::Family family, Client& client) {
    const auto set = value("inet_interfaces");
    if (set.value == "all" || set.value == "loopback-only") return std::nullopt;
    std::vector<net::Address> named;
    for (const auto& word : split_words(set.value, list_space))
      for (const auto& address : addresses_of_host(word.text))
        if (address.family() == family && std::ranges::find(named, address) == named.end()) named.push_back(address);
    if (named.size() != 1 || is_loopback(named.front())) return std::nullopt;
    client.if_absent = IfAbsent::stops;  // no service of Postfix starts while an address of inet_interfaces is absent
    return Set<net::Address>{named.front(), set.origin};
  }

  /// Names are known from /etc/hosts only.
  std::vector<net::Address> addresses_of_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (const auto address = net::Address::parse(host)) return {*address};
    if (!hosts_) hosts_ = read_local_names(files_, instance_.names.hostname);
    std::vector<net::Address> addresses;
    for (const auto& line : lines_about(*hosts_, base::to_lower(host))) addresses.push_back(line.address);
    return addresses;
  }

  Files& files_;
  Instance& instance_;
  const Service* service_;
  std::optional<LocalNames> hosts_;
};

}  // namespace

std::vector<Client> clients_of(Files& files, Instance& instance) {
  std::vector<Client> clients;
  if (!instance.master_seen) {
    add_problem(instance.problems, instance.file("master.cf"), 0, "could not be read: what services have of their own is not known");
    clients.push_back(Reader(files, instance, nullptr).client());
  }
  for (const auto& service : instance.services)
    if (service.sends()) clients.push_back(Reader(files, instance, &service).client());
  if (clients.empty()) (void)Reader(files, instance, nullptr).client();  // for what main.cf has that Postfix does not run with
  return clients;
}

}  // namespace fcrdns::host::postfix
