// What the owner of the address lets his customers do. Only what is documented of a provider recognised with some
// certainty is told, and only where a PTR has to be set.
#include <algorithm>

#include "fcrdns/finding/rules.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::finding::rules {
namespace {

using provider::Known;

/// The best candidate the catalogue knows.
const owner::Candidate* recognised(const Case& c) {
  const auto found = std::ranges::find_if(c.owners, [](const owner::Candidate& candidate) {
    return !candidate.provider.empty() && candidate.certainty != owner::Certainty::hint;
  });
  return found == c.owners.end() ? nullptr : &*found;
}

/// Lines of households: nobody there sets a PTR, though no page says so.
bool is_access(const provider::Provider& known) { return known.kind == "access" || known.kind == "isp"; }

}  // namespace

void owner(const Case& c) {
  if (!c.fails() && !looks_generic(c)) return;
  const auto* candidate = recognised(c);
  const auto* known = candidate == nullptr ? nullptr : provider::find(candidate->provider);
  if (known == nullptr) return;
  const auto arguments = [&] { return Arguments{{"owner", candidate->name}, {"provider", candidate->provider}}; };

  const auto customer = c.at.address.is_v4() ? known->customer_sets_v4 : known->customer_sets_v6;
  if (customer == Known::no || (customer == Known::unknown && is_access(*known))) {
    auto told = arguments();
    told.emplace_back("why", customer == Known::unknown ? "access_line" : c.at.address.is_v4() ? "not_offered" : "no_ipv6");
    const bool documented = customer == Known::no && c.fails();
    c.add(Id::owner_cannot_set, documented ? Severity::error : Severity::info, std::move(told));
    return;
  }
  if (known->from_server_name) c.add(Id::ptr_from_server_name, Severity::info, arguments());
  if (known->forward_first) c.add(Id::owner_needs_forward_first, Severity::info, arguments());
}

}  // namespace fcrdns::finding::rules
