#include "fcrdns/apply/rfc2136_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using dns::Type;

constexpr base::Milliseconds slice{200};  // between two looks at whether somebody wants to stop
constexpr std::string_view way_on = "; name the primary with --set server=ADDRESS:PORT";

base::SteadyTime deadline_of(const Context& context) { return context.resolver.now() + context.patience; }

/// Until the callback has run; false when somebody wants to stop.
bool await(const Context& context, const bool& done) {
  while (!done) {
    if (context.stop()) return false;
    context.resolver.wait(slice);
  }
  return true;
}

/// What a callback fills in. It may come after the one who waited has gone.
template <typename T>
struct Box {
  T value{};
  bool filled = false;
};

resolver::Answer ask(const Context& context, const dns::Name& name, Type type) {
  const auto box = std::make_shared<Box<resolver::Answer>>();
  context.resolver.ask({name, type}, deadline_of(context), [box](resolver::Answer answer) { box->value = std::move(answer), box->filled = true; });
  await(context, box->filled);
  return std::move(box->value);
}

std::optional<resolver::Walk> walk(const Context& context, const dns::Question& question) {
  const auto box = std::make_shared<Box<resolver::Walk>>();
  context.walker.walk(question, deadline_of(context), [box](resolver::Walk walked) { box->value = std::move(walked), box->filled = true; });
  if (!await(context, box->filled) || box->value.deepest() == nullptr || !box->value.root_reached) return std::nullopt;
  return std::move(box->value);
}

std::vector<net::Address> addresses_of(const Context& context, const dns::Name& name) {
  std::vector<net::Address> out;
  for (const auto type : {Type::aaaa, Type::a})
    for (const auto& record : ask(context, name, type).records)
      if (const auto* address = std::get_if<net::Address>(&record.data)) out.push_back(*address);
  return out;
}

class Servers {
 public:
  explicit Servers(const Context& context) : only_(context.resolver.only_family()) {}
  void add(std::string who, const net::Endpoint& endpoint) {
    const bool known = std::ranges::find(list_, endpoint, &Server::endpoint) != list_.end();
    if (known || list_.size() == Place::max_servers || (only_ && endpoint.address.family() != *only_)) return;
    list_.push_back({std::move(who), endpoint});
  }
  std::vector<Server> take() { return std::move(list_); }

 private:
  std::optional<net::Family> only_;
  std::vector<Server> list_;
};

// ---- the server that the user named ------------------------------------------------------------------------------------

struct HostPort {
  std::string host;
  std::uint16_t port = 53;
};
std::optional<HostPort> host_port(const std::string& text) {
  const auto colon = text.find(':');
  HostPort out{text.substr(0, colon)};
  if (colon == std::string::npos) return out;
  const auto digits = std::string_view(text).substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (error != std::errc{} || end != digits.data() + digits.size() || out.port == 0) return std::nullopt;
  return out;
}

Outcome<std::vector<Server>> named_servers(const Context& context, const std::string& text) {
  Servers servers(context);
  const auto shown = base::escape(text, 300);
  if (const auto endpoint = net::Endpoint::parse(text)) {
    servers.add("", *endpoint);
  } else {
    const auto where = host_port(text);
    const auto name = where ? dns::Name::parse(where->host) : base::fault("");
    if (!name || name->is_root())
      return problem(Trouble::not_found, fmt::format("--set server={}: write ADDRESS, ADDRESS:PORT, [V6]:PORT or the server's name",
                                                     shown));
    for (const auto& address : addresses_of(context, *name)) servers.add(name->text(), {address, where->port});
  }
  auto list = servers.take();
  if (list.empty()) return problem(Trouble::not_found, fmt::format("--set server={}: no address for it that can be used from here", shown));
  return list;
}

// ---- found by the DNS ----------------------------------------------------------------------------------------------------

/// The zone's apex, its SOA's MNAME and the servers it is delegated to.
struct Found {
  dns::Name zone;
  std::optional<dns::Name> primary{};
  std::vector<std::pair<dns::Name, net::Address>> listed{};
};

void take_soa(Found& found, const dns::Record& record) {
  if (const auto* soa = std::get_if<dns::Soa>(&record.data); soa != nullptr && !soa->mname.is_root()) found.primary = soa->mname;
}

Found found_by(const resolver::Walk& walked) {
  Found out{walked.deepest()->apex};
  if (walked.soa) take_soa(out, *walked.soa);
  for (const auto& server : walked.servers) out.listed.emplace_back(server.name, server.address);
  return out;
}

/// Direct questions are blocked here, or nothing is known of a root: the resolver's SOA, whatever name it is of.
std::optional<Found> found_by_resolver(const Context& context, const dns::Name& name) {
  const auto answer = ask(context, name, Type::soa);
  const auto* soa = !answer.records.empty() ? &answer.records.front() : answer.soa ? &*answer.soa : nullptr;
  if (!dns::is_definite(answer.status) || soa == nullptr || !name.is_within(soa->owner)) return std::nullopt;
  Found out{soa->owner};
  take_soa(out, *soa);
  for (const auto& record : ask(context, out.zone, Type::ns).records)
    if (const auto* server = std::get_if<dns::Name>(&record.data))
      for (const auto& address : addresses_of(context, *server)) out.listed.emplace_back(*server, address);
  return out;
}

std::vector<Server> servers_of(const Context& context, const Found& found) {
  Servers servers(context);
  if (found.primary) {
    const auto who = "primary " + found.primary->text();
    bool known = false;
    for (const auto& [name, address] : found.listed)
      if (name == *found.primary) servers.add(who, {address}), known = true;
    if (!known)
      for (const auto& address : addresses_of(context, *found.primary)) servers.add(who, {address});
  }
  for (const auto& [name, address] : found.listed) servers.add(name.text(), {address});
  return servers.take();
}

}  // namespace

Outcome<Place> find_place(const Context& context, const dns::Question& record) {
  Place place;
  const auto setting = [&](const char* key) {
    const auto found = context.settings.find(key);
    return found == context.settings.end() ? std::string() : found->second;
  };
  const auto zone = setting("zone"), server = setting("server");
  if (!zone.empty()) {
    const auto name = dns::Name::parse(zone);
    if (!name) return problem(Trouble::not_found, fmt::format("--set zone={}: no domain name", base::escape(zone, 300)));
    if (!record.name.is_within(*name))
      return problem(Trouble::not_found, fmt::format("--set zone={}: {} is not in it", name->text(), record.name.text()));
    place.zone = *name;
  }
  if (!server.empty()) {
    auto list = named_servers(context, server);
    if (!list) return std::unexpected(list.error());
    place.servers = *std::move(list);
    return place;
  }
  const auto question = zone.empty() ? record : dns::Question{place.zone, Type::soa};
  std::optional<Found> found;
  if (const auto walked = walk(context, question)) {
    if (walked->alias)
      return problem(Trouble::foreign, fmt::format("an alias (CNAME) stands at {} and leads to {}: remove it, or set the record there",
                                                   record.name.text(), walked->alias->text()));
    found = found_by(*walked);
  } else {
    found = found_by_resolver(context, question.name);
  }
  if (!found)
    return problem(Trouble::unreachable, fmt::format("the zone of {} cannot be found: neither root servers nor the resolver tell{}",
                                                     record.name.text(), way_on));
  if (!zone.empty() && found->zone != place.zone)
    return problem(Trouble::not_found, fmt::format("--set zone={}: no such zone is delegated; the deepest one there is {}",
                                                   place.zone.text(), found->zone.text()));
  place.zone = found->zone;
  place.servers = servers_of(context, *found);
  if (place.servers.empty())
    return problem(Trouble::unreachable, fmt::format("no server of the zone {} has an address that can be used from here{}",
                                                     place.zone.text(), way_on));
  return place;
}

}  // namespace fcrdns::apply
