#include "fcrdns/doctor/destinations.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/evidence/evidence.hpp"

namespace fcrdns::doctor {
namespace {

using dns::Status;
using dns::Type;
using host::Destination;
using net::Family;

constexpr std::size_t most_exchanges = 10;
/// Servers of the root zone: addresses that everybody's default route leads to. Nothing is sent to them.
constexpr std::string_view anywhere[] = {"2001:503:ba3e::2:30", "198.41.0.4"};

/// One way that is wanted: to the domain's exchanges, or to a relay.
struct Wanted {
  std::string domain;
  std::string host;        ///< whose addresses or MX count
  bool by_mx = true;
  bool is_relay = false;
  bool leaves = true;
  std::optional<net::Address> literal{};
};

Wanted wanted(const host::Mta& sender, std::string_view mail_from, const std::string& domain) {
  const auto* route = host::route_for(sender, domain, mail_from);
  Wanted out{.domain = domain, .host = domain};
  if (route == nullptr || route->client.empty()) out.leaves = false;
  if (route == nullptr || !route->relay) return out;
  out.is_relay = true;
  out.by_mx = route->relay->look_up_mx;
  std::string_view text = route->relay->host;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (base::equals_ignoring_case(text.substr(0, 5), "IPv6:")) text.remove_prefix(5);
  if (auto address = net::Address::parse(text)) out.literal = address->unmapped();
  out.host = text;
  return out;
}

void add(std::vector<dns::Question>& questions, std::string_view name, std::initializer_list<Type> types) {
  const auto parsed = dns::Name::parse(name);
  if (!parsed || parsed->is_root()) return;
  for (const auto type : types) questions.push_back({*parsed, type, dns::Class::in});
}

std::vector<dns::Mx> exchanges_in(const resolver::Answer& answer) {
  std::vector<dns::Mx> out;
  for (const auto& record : answer.records)
    if (const auto* mx = std::get_if<dns::Mx>(&record.data)) out.push_back(*mx);
  std::ranges::stable_sort(out, {}, &dns::Mx::preference);
  if (out.size() > most_exchanges) out.resize(most_exchanges);
  return out;
}

/// RFC 7505: "MX 0 ."
bool takes_no_mail(const std::vector<dns::Mx>& exchanges) { return exchanges.size() == 1 && exchanges.front().exchange.is_root(); }

std::string trouble_of(const Answers& answers, std::string_view name, std::initializer_list<Type> types) {
  for (const auto type : types)
    if (const auto* answer = answer_to(answers, name, type); answer != nullptr && dns::is_trouble(answer->status))
      return "its " + dns::to_text(type) + " could not be asked (" + std::string(dns::to_word(answer->status)) + ")";
  return "";
}

Destination::Exchange exchange_of(const Answers& answers, const host::LocalNames& local, const std::string& name, std::uint16_t preference, bool is_relay) {
  Destination::Exchange out{.name = base::without_final_dot(base::escape(name, 255)), .preference = preference};
  for (const auto family : {Family::v6, Family::v4})
    std::ranges::move(addresses_of(answers, name, family), std::back_inserter(out.addresses));
  if (out.addresses.empty() && is_relay)
    for (const auto& line : host::lines_about(local, name)) out.addresses.push_back(line.address);
  return out;
}

/// For each family without an address.
void add_anywhere(Destination& out) {
  const auto preference = out.exchanges.empty() ? std::uint16_t{0} : out.exchanges.front().preference;
  for (const auto text : anywhere) {
    const auto address = net::Address::parse(text).value();
    const bool has = std::ranges::any_of(out.exchanges, [&](const auto& one) {
      return std::ranges::any_of(one.addresses, [&](const auto& any) { return any.family() == address.family(); });
    });
    if (!has) out.exchanges.push_back({.name = std::string(text), .preference = preference, .addresses = {address}, .stands_in = true});
  }
}

Destination destination_of(const Wanted& wanted, const Answers& answers, const host::LocalNames& local) {
  Destination out{.domain = wanted.domain};
  if (!wanted.leaves) return out;
  if (wanted.literal) {
    out.exchanges.push_back({.name = wanted.literal->text(), .addresses = {*wanted.literal}});
    return out;
  }
  const auto* mx = wanted.by_mx ? answer_to(answers, wanted.host, Type::mx) : nullptr;
  const auto exchanges = mx == nullptr ? std::vector<dns::Mx>() : exchanges_in(*mx);
  if (takes_no_mail(exchanges)) {
    out.trouble = "it takes no mail (null MX, RFC 7505)";
    return out;
  }
  for (const auto& one : exchanges) out.exchanges.push_back(exchange_of(answers, local, one.exchange.text(), one.preference, wanted.is_relay));
  const bool open = mx != nullptr && dns::is_trouble(mx->status);
  if (out.exchanges.empty() && !open) out.exchanges.push_back(exchange_of(answers, local, wanted.host, 0, wanted.is_relay));
  if (open) out.trouble = trouble_of(answers, wanted.host, {Type::mx});
  for (const auto& exchange : out.exchanges)
    if (out.trouble.empty()) out.trouble = trouble_of(answers, exchange.name, {Type::aaaa, Type::a});
  const bool none = std::ranges::all_of(out.exchanges, [](const auto& one) { return one.addresses.empty(); });
  if (!out.trouble.empty()) {
    // What could not be asked may well be there: the kernel's choice can be told all the same.
    add_anywhere(out);
    return out;
  }
  if (!none) return out;
  out.exchanges.clear();
  const auto* a = answer_to(answers, wanted.host, Type::a);
  out.trouble = a != nullptr && a->status == Status::nxdomain ? "there is no such name (nxdomain)" : "it has neither MX nor address";
  return out;
}

}  // namespace

std::pair<std::string, Type> key_of(const dns::Name& name, Type type) { return {name.lowered().text(), type}; }

const resolver::Answer* answer_to(const Answers& answers, std::string_view name, Type type) {
  const auto parsed = dns::Name::parse(name);
  if (!parsed) return nullptr;
  const auto found = answers.find(key_of(*parsed, type));
  return found == answers.end() ? nullptr : &found->second;
}

std::vector<net::Address> addresses_of(const Answers& answers, std::string_view name, Family family) {
  const auto* answer = answer_to(answers, name, family == Family::v4 ? Type::a : Type::aaaa);
  return answer == nullptr ? std::vector<net::Address>() : evidence::addresses_in(*answer);
}

std::vector<Destination> destinations_of(const host::Mta& sender, std::string_view mail_from, const std::vector<std::string>& domains,
                                         const host::LocalNames& local, const AskAll& ask, Answers& answers) {
  std::vector<Wanted> all;
  for (const auto& domain : domains) all.push_back(wanted(sender, mail_from, domain));
  std::vector<dns::Question> first, second;
  for (const auto& one : all) {
    if (!one.leaves || one.literal) continue;
    if (one.by_mx) add(first, one.host, {Type::mx});
    else add(first, one.host, {Type::aaaa, Type::a});
  }
  ask(first, answers);
  for (const auto& one : all) {
    if (!one.leaves || one.literal || !one.by_mx) continue;
    const auto* mx = answer_to(answers, one.host, Type::mx);
    if (mx == nullptr || dns::is_trouble(mx->status)) continue;
    const auto exchanges = exchanges_in(*mx);
    for (const auto& each : exchanges) add(second, each.exchange.text(), {Type::aaaa, Type::a});
    if (exchanges.empty()) add(second, one.host, {Type::aaaa, Type::a});
  }
  ask(second, answers);
  std::vector<Destination> out;
  for (const auto& one : all) out.push_back(destination_of(one, answers, local));
  // In a network with a DNS of its own none of them may exist: the kernel's choice can be told all the same.
  const bool some_leave = std::ranges::any_of(all, [](const Wanted& one) { return one.leaves && !one.is_relay; });
  if (some_leave && std::ranges::all_of(out, [](const Destination& one) { return one.exchanges.empty(); }))
    add_anywhere(out.emplace_back(Destination{.domain = "(any other)"}));
  return out;
}

}  // namespace fcrdns::doctor
