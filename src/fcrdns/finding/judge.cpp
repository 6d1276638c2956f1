// The table of rules, in the order a report lists what they found, and what a profile makes of the severities.
#include <algorithm>

#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding {
namespace {

using Rule = void (*)(const Case&);
constexpr Rule table[] = {
    rules::special_purpose_address,
    rules::no_ptr,
    rules::cname_and_ptr,
    rules::ptr_in_forward_zone,
    rules::reverse_name_wrong,
    rules::ptr_on_neighbour,
    rules::ptr_malformed,
    rules::forward,
    rules::ptr_multiple,
    rules::ptr_oversized,
    rules::ptr_target_alias,
    rules::ptr_generic,
    rules::wildcard_ptr,
    rules::trouble,
    rules::servers_disagree,
    rules::authority_flaky,
    rules::stale_cache,
    rules::ttl_extreme,
    rules::helo,
    rules::owner,
    rules::blame,
};

/// RFC 8601 knows no error but the word itself; what cannot be looked up at all stays one.
void follow_profile(Profile profile, std::vector<Finding>& findings) {
  if (profile != Profile::rfc8601) return;
  for (auto& finding : findings)
    if (finding.severity == Severity::error && finding.id != Id::subject_not_found) finding.severity = Severity::warning;
}

/// The faults of a host that only receives are worth a warning.
void spare_receivers(const evidence::Evidence& evidence, std::vector<Finding>& findings) {
  for (auto& finding : findings) {
    if (!finding.address || (finding.severity != Severity::error && finding.severity != Severity::undetermined)) continue;
    const auto at = std::ranges::find(evidence.addresses, *finding.address, &evidence::AddressEvidence::address);
    if (at != evidence.addresses.end() && only_receives(evidence, *at)) finding.severity = Severity::warning;
  }
}

}  // namespace

std::vector<Finding> judge(const Considered& considered, Profile profile) {
  const auto& evidence = considered.evidence;
  std::vector<Finding> out;
  rules::subject_not_found(evidence, out);
  rules::wrong_subject(evidence, out);
  std::vector<Case> cases;
  cases.reserve(considered.verdicts.size());
  for (std::size_t i = 0; i < considered.verdicts.size(); ++i) cases.emplace_back(considered, i, profile, out);
  rules::ipv6_source_without_ptr(cases, out);
  for (const auto& one : cases)
    for (const auto rule : table) rule(one);
  rules::helo_invalid(cases, out);
  rules::spf(cases, out);
  rules::own_dns_path_blocked(evidence, out);
  rules::raise_blamed(evidence, out);
  follow_profile(profile, out);
  spare_receivers(evidence, out);
  return out;
}

verdict::Iprev at_authority(const Considered& considered, std::size_t index) {
  std::vector<Finding> none;
  return Case(considered, index, Profile::google, none).truth;
}

std::vector<Id> not_looked_for(const evidence::Evidence& evidence) {
  const bool fails = std::ranges::any_of(evidence.addresses, [](const evidence::AddressEvidence& at) {
    const auto word = evidence::verdict_of(at).iprev;
    return at.ptr.status != dns::Status::not_asked && (word == verdict::Iprev::fail || word == verdict::Iprev::permerror);
  });
  return fails && !evidence.domain ? std::vector{Id::ptr_in_forward_zone} : std::vector<Id>();
}

}  // namespace fcrdns::finding
