// The record at the reverse name: is there one, is it a host name, is it one, is it one's own? RFC 1035 3.5, RFC 2317,
// RFC 1123 2.1, RFC 8601 3.
#include <algorithm>

#include "fcrdns/finding/rules.hpp"
#include "fcrdns/generic/generic.hpp"
#include "fcrdns/owner/registry_zone.hpp"

namespace fcrdns::finding::rules {

using dns::Name;
using dns::Status;
using evidence::Purpose;
using verdict::Usability;

namespace {

// A larger reply does not fit the EDNS size everybody agreed on (DNS flag day 2020) and needs TCP.
constexpr std::size_t udp_reply_limit = 1232;

std::string fault_of(const NameView& view) {
  switch (view.name->usability) {
    case Usability::root: return "root";
    case Usability::single_label: return "single_label";
    case Usability::localhost: return "localhost";
    case Usability::ip_literal: return "ip_literal";
    case Usability::own_reverse_name: return "own_reverse_name";
    case Usability::special_use: return "special_use";
    case Usability::not_a_host_name:
      return view.name->name.label(0).starts_with("http") || view.name->name.text().find("//") != std::string::npos
                 ? "url" : "characters";
    case Usability::usable: case Usability::usable_underscore: break;
  }
  return "final_dot";
}

/// The name ends where the registries hand the tree on: nobody was named for the block.
bool is_undelegated(const Case& c) {
  const bool public_address = !c.at.special || c.at.special->treatment != net::Treatment::not_asked;
  if (c.ptr.status() != Status::nxdomain || !c.ptr.zone || c.ptr.zone->label_count() < 2 || !public_address) return false;
  const auto* walk = evidence::reverse_zone(c.at);
  const auto* rung = c.ptr.authority && walk != nullptr ? walk->deepest() : nullptr;
  return owner::is_registry_zone(*c.ptr.zone, rung == nullptr ? std::span<const Name>() : rung->nameservers, c.at.address,
                                 c.at.registration ? &*c.at.registration : nullptr);
}

void add_negative_ttl(Arguments& arguments, const resolver::Answer& answer) {
  if (answer.soa) arguments.emplace_back("negative_ttl", static_cast<std::int64_t>(dns::negative_ttl(*answer.soa)));
}

/// RFC 2317: where the aliases lead, and why nothing is there.
void classless(const Case& c, std::string form, Arguments arguments) {
  arguments.insert(arguments.begin(), {{"reverse_name", c.reverse_name()}, {"form", std::move(form)}});
  c.add(Id::classless_broken, Severity::error, std::move(arguments));
}

void broken_alias(const Case& c) {
  const auto& target = c.ptr.via.back();
  Arguments arguments{{"target", target.text()}, {"status", std::string(to_word(c.ptr.status()))}};
  std::string form = "lacks_record";
  if (c.ptr.zone) {
    arguments.emplace_back("zone", c.ptr.zone->text());
    // The zone that holds the alias, or a top-level domain, answers for the target: nothing is delegated below it.
    const auto reverse = Name::parse(c.reverse_name()).value();
    if (reverse.is_within(*c.ptr.zone) || c.ptr.zone->label_count() < 2) form = "undelegated";
  }
  add_negative_ttl(arguments, *c.ptr.answer);
  classless(c, std::move(form), std::move(arguments));
}

}  // namespace

void special_purpose_address(const Case& c) {
  if (!c.at.special) return;
  const auto& special = *c.at.special;
  // Documentation and "treat as special" blocks are asked like any other; so is every block on a private tree, where it
  // may well confirm.
  const bool error = special.treatment == net::Treatment::not_asked && c.fails();
  auto rfc = special.rfc;  // "[RFC1918]" in the registry
  std::erase_if(rfc, [](char letter) { return letter == '[' || letter == ']'; });
  const auto what = special.name + (special.prefix.length > 0 ? ", " + special.prefix.text() : "");
  Arguments arguments{{"block", what}, {"kind", special.kind}, {"rfc", std::move(rfc)}};
  if (!error) arguments.emplace_back("form", "asked");
  c.add(Id::special_purpose_address, error ? Severity::error : Severity::info, std::move(arguments));
}

void no_ptr(const Case& c) {
  // A child zone none of whose servers holds it: proven, so not merely trouble.
  if (const auto* child = evidence::reverse_zone(c.at); child != nullptr && c.at.reverse.size() > 1 && !c.ptr.authority &&
                                                        !dns::is_definite(c.at.ptr.status) && child->all_proven_bad()) {
    const auto* rung = child->deepest();
    return classless(c, "lame", {{"target", child->question.name.text()}, {"zone", rung == nullptr ? "" : rung->apex.text()},
                                 {"servers", outcomes(*child)}, {"broken", std::int64_t{1}}});
  }
  if (!dns::is_negative(c.ptr.status())) return;
  // What a cache still says of a zone whose servers are all gone is no word of the authority.
  if (!c.ptr.authority && proven_bad(c.at.reverse)) return;
  if (!c.ptr.via.empty()) return broken_alias(c);

  Arguments arguments{{"reverse_name", c.reverse_name()}, {"status", std::string(to_word(c.ptr.status()))}};
  if (c.ptr.zone) arguments.emplace_back("zone", c.ptr.zone->text());
  add_negative_ttl(arguments, *c.ptr.answer);
  if (is_undelegated(c))
    c.add(Id::reverse_not_delegated, Severity::error, {{"reverse_name", c.reverse_name()}, {"zone", c.ptr.zone->text()}});
  c.add(Id::ptr_missing, Severity::error, std::move(arguments));
}

void cname_and_ptr(const Case& c) {
  if (c.at.reverse.empty()) return;
  std::optional<Name> target;
  bool record = false;
  std::vector<std::string> servers;
  for (const auto& server : c.at.reverse.front().servers) {
    if (server.answer.status != Status::noerror) continue;
    const bool alias = !server.answer.via.empty();
    if (alias) target = server.answer.via.front();
    record = record || !alias;
    auto shown = server.name.text() + (alias ? ": CNAME" : ": PTR");
    if (!holds(servers, shown)) servers.push_back(std::move(shown));
  }
  if (target && record) classless(c, "cname_and_ptr", {{"target", target->text()}, {"servers", std::move(servers)}});
}

void ptr_malformed(const Case& c) {
  std::vector<std::string> names, faults, underscored;
  for (const auto& view : c.names) {
    if (view.cause == Cause::malformed) {
      names.push_back(view.name->name.text());
      if (auto fault = fault_of(view); !holds(faults, fault)) faults.push_back(std::move(fault));
    }
    if (view.name->usability == Usability::usable_underscore) underscored.push_back(view.name->name.text());
  }
  if (!names.empty())
    c.add(Id::ptr_malformed, c.fails() ? Severity::error : Severity::warning,
          {{"names", std::move(names)}, {"faults", std::move(faults)}});
  if (!underscored.empty())
    c.add(Id::ptr_malformed, Severity::warning, {{"names", std::move(underscored)}, {"form", "underscore"}});
}

void ptr_multiple(const Case& c) {
  if (c.names.size() < 2) return;
  std::vector<std::string> good, bad;
  for (const auto& view : c.names) (view.cause == Cause::confirms ? good : bad).push_back(view.name->name.text());
  const auto severity = bad.empty() ? Severity::info : c.profile == Profile::strict_all_ptr ? Severity::error : Severity::warning;
  c.add(Id::ptr_multiple, severity,
        {{"total", static_cast<std::int64_t>(c.names.size())}, {"confirm", std::move(good)}, {"do_not_confirm", std::move(bad)}});
}

void ptr_oversized(const Case& c) {
  const auto octets = std::max(c.at.ptr.size, c.ptr.answer->size);
  if (c.names.size() <= verdict::default_max_names && octets <= udp_reply_limit) return;
  c.add(Id::ptr_oversized, Severity::warning,
        {{"total", static_cast<std::int64_t>(c.names.size())},
         {"checked", static_cast<std::int64_t>(evidence::names_checked(c.at))},
         {"octets", static_cast<std::int64_t>(octets)}});
}

namespace {

/// Whether other addresses bear the name too, which it does not lead to; a host of several addresses leads to each.
bool is_shared(const Case& c, const NameView& view) {
  for (const auto& probe : c.at.probes) {
    if (probe.purpose != Purpose::sibling && probe.purpose != Purpose::neighbour) continue;
    if (!probe.address || !holds(names_in(probe.answer), view.name->name)) continue;
    if (!holds(view.addresses, *probe.address)) return true;
  }
  return false;
}

/// The same name for a label that stands for no address: one record for all, and none of them its own.
const evidence::Probe* wildcard_of(const Case& c) {
  for (const auto* probe : evidence::probes_for(c.at, Purpose::wildcard))
    for (const auto& view : c.names)
      if (holds(names_in(probe->answer), view.name->name)) return probe;
  return nullptr;
}

}  // namespace

void ptr_generic(const Case& c) {
  std::vector<std::string> names, reasons, what;
  const bool wildcard = wildcard_of(c) != nullptr;
  for (const auto& view : c.names) {
    if (view.cause == Cause::malformed) continue;  // the address itself, its own reverse name: told as what they are
    const auto generic = generic::classify(view.name->name, c.at.address, !wildcard && is_shared(c, view));
    if (!generic) continue;
    names.push_back(view.name->name.text());
    if (std::string reason(to_word(generic->reason)); !holds(reasons, reason)) reasons.push_back(std::move(reason));
    what.push_back(generic->what);
  }
  if (names.empty()) return;
  const auto severity = c.profile == Profile::non_generic ? Severity::error : Severity::warning;
  c.add(Id::ptr_generic, severity, {{"names", std::move(names)}, {"reasons", std::move(reasons)}, {"what", std::move(what)}});
}

bool looks_generic(const Case& c) {
  return std::ranges::any_of(c.names, [&](const NameView& view) {
    return view.cause != Cause::malformed && generic::classify(view.name->name, c.at.address).has_value();
  });
}

void wildcard_ptr(const Case& c) {
  auto probe = wildcard_of(c);
  for (const auto* sibling : evidence::probes_for(c.at, Purpose::sibling))
    for (const auto& view : c.names)
      if (probe == nullptr && holds(names_in(sibling->answer), view.name->name) && !holds(view.addresses, *sibling->address))
        probe = sibling;
  if (probe == nullptr) return;
  c.add(Id::wildcard_ptr, Severity::info,
        {{"form", std::string(to_word(probe->purpose))}, {"names", texts(names_in(probe->answer))}, {"record", probe->question.name.text()}});
}

}  // namespace fcrdns::finding::rules
