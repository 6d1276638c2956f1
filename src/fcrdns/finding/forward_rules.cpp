// The way back: from the PTR's name to its addresses, in the client's own family. RFC 8601 2.7.3, RFC 2181 10.2.
#include <algorithm>

#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding::rules {

using dns::Name;
using dns::Status;

namespace {

using Views = std::vector<const NameView*>;

std::vector<std::string> shown(const Views& views) {
  std::vector<std::string> out;
  for (const auto* view : views) out.push_back(view->name->name.text());
  return out;
}

std::vector<std::string> addresses(const Views& views, bool other_family) {
  std::vector<std::string> out;
  for (const auto* view : views)
    for (const auto& address : other_family ? evidence::addresses_in(view->name->other) : view->addresses)
      if (auto text = address.text(); !holds(out, text)) out.push_back(std::move(text));
  return out;
}

/// The name's registered domain, when the registry above it says that there is nothing.
std::optional<Name> gone_domain(const NameView& view) {
  if (view.forward.status() != Status::nxdomain || !view.forward.zone || !view.forward.via.empty()) return std::nullopt;
  const auto domain = registered_domain(view.name->name);
  return domain && *domain != *view.forward.zone && domain->is_within(*view.forward.zone) ? domain : std::nullopt;
}

void missing(const Case& c) {
  Views gone, lacking;
  std::vector<std::string> domains;
  for (const auto* view : c.names_with(Cause::missing)) {
    const auto domain = gone_domain(*view);
    (domain ? gone : lacking).push_back(view);
    if (domain && !holds(domains, domain->text())) domains.push_back(domain->text());
  }
  if (!lacking.empty())
    c.add(Id::forward_missing, Severity::error, {{"names", shown(lacking)}, {"addresses", std::vector<std::string>()}});
  if (!gone.empty())
    c.add(Id::forward_missing, Severity::error,
          {{"names", shown(gone)}, {"addresses", std::vector<std::string>()}, {"form", "domain_gone"}, {"domains", std::move(domains)}});
}

void foreign(const Case& c) {
  Views views;
  std::vector<std::string> domains, expected;
  for (const auto& view : c.names) {
    if (!view.foreign) continue;
    views.push_back(&view);
    if (auto domain = registered_domain(view.name->name)->text(); !holds(domains, domain)) domains.push_back(std::move(domain));
  }
  if (views.empty()) return;
  for (const auto& own : c.own_names())
    if (const auto domain = registered_domain(own); domain && !holds(expected, domain->text())) expected.push_back(domain->text());
  c.add(Id::ptr_foreign_name, Severity::error,
        {{"names", shown(views)}, {"addresses", addresses(views, false)}, {"domains", std::move(domains)}, {"expected", std::move(expected)}});
}

}  // namespace

void forward(const Case& c) {
  // A name that does not lead back is of no harm beside one that does, save to a receiver who wants all of them to.
  const bool wanted = c.truth == verdict::Iprev::fail || (c.profile == Profile::strict_all_ptr && c.truth == verdict::Iprev::pass);
  if (!wanted) return;
  struct Row { Cause cause; Id id; };
  static constexpr Row rows[] = {
      {Cause::mismatch, Id::forward_mismatch},
      {Cause::other_family, Id::forward_family_missing},
      {Cause::proxied, Id::forward_proxied},
      {Cause::all_private, Id::forward_private},
  };
  foreign(c);
  for (const auto& row : rows) {
    auto views = c.names_with(row.cause);
    std::erase_if(views, [](const NameView* view) { return view->foreign; });
    if (!views.empty())
      c.add(row.id, Severity::error,
            {{"names", shown(views)}, {"addresses", addresses(views, row.cause == Cause::other_family)}});
  }
  missing(c);
}

void ptr_target_alias(const Case& c) {
  std::vector<std::string> aliases, targets;
  for (const auto& view : c.names) {
    if (view.forward.via.empty() || !dns::is_definite(view.forward.status())) continue;
    aliases.push_back(view.name->name.text());
    targets.push_back(view.forward.via.back().text());
  }
  if (!aliases.empty())
    c.add(Id::ptr_target_alias, Severity::warning, {{"names", std::move(aliases)}, {"targets", std::move(targets)}});
}

}  // namespace fcrdns::finding::rules
