// What the owner of the address lets his customers do. Only what is documented of a provider recognised with some
// certainty is told, and only where a PTR has to be set.
#include <algorithm>

#include "fcrdns/finding/rules.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::finding::rules {
namespace {

using provider::Known;

/// The best candidates of the catalogue: several products of one company may share their servers.
std::vector<const provider::Provider*> recognised(const Case& c) {
  std::vector<const provider::Provider*> known;
  auto best = owner::Certainty::likely;
  for (const auto& candidate : c.owners) {  // best first
    if (candidate.provider.empty() || candidate.certainty > best) continue;
    best = candidate.certainty;
    if (const auto* found = provider::find(candidate.provider)) known.push_back(found);
  }
  return known;
}

/// Lines of households: nobody there sets a PTR, though no page says so.
bool is_access(const provider::Provider& known) { return known.kind == "isp"; }

}  // namespace

void owner(const Case& c) {
  if (!c.fails() && !looks_generic(c)) return;
  const auto known = recognised(c);
  if (known.empty()) return;
  const auto all = [&](auto holds_for) { return std::ranges::all_of(known, [&](const auto* one) { return holds_for(*one); }); };
  const auto arguments = [&] { return Arguments{{"owner", known.front()->name}, {"provider", known.front()->id}}; };
  const bool v4 = c.at.address.is_v4();
  const auto customer = [&](const provider::Provider& one) { return v4 ? one.customer_sets_v4 : one.customer_sets_v6; };

  const bool documented = all([&](const auto& one) { return customer(one) == Known::no; });
  if (documented || all([&](const auto& one) { return customer(one) == Known::unknown && is_access(one); })) {
    auto told = arguments();
    told.emplace_back("why", !documented ? "access_line" : v4 ? "not_offered" : "no_ipv6");
    c.add(Id::owner_cannot_set, documented && c.fails() ? Severity::error : Severity::info, std::move(told));
    return;
  }
  if (all([](const auto& one) { return one.from_server_name; })) c.add(Id::ptr_from_server_name, Severity::info, arguments());
  if (all([](const auto& one) { return one.forward_first; })) c.add(Id::owner_needs_forward_first, Severity::info, arguments());
}

}  // namespace fcrdns::finding::rules
