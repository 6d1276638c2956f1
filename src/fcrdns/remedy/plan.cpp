// From findings to steps: who mends what, one row per finding.
#include <algorithm>
#include <array>

#include "fcrdns/remedy/block.hpp"
#include "fcrdns/remedy/choices.hpp"
#include "fcrdns/remedy/remedy.hpp"
#include "fcrdns/remedy/safe_to_resend.hpp"

namespace fcrdns::remedy {
namespace {

using finding::Finding;
using finding::Id;
using finding::Severity;

constexpr std::array<std::string_view, 7> actions{"add_record",    "change_record", "remove_record", "change_config",
                                                  "contact_owner", "wait",          "verify"};

choices::Choose* chooser(Id id) {
  switch (id) {
    case Id::ptr_missing: return choices::ptr_missing;
    case Id::classless_broken: return choices::classless_broken;
    case Id::ptr_malformed: return choices::ptr_malformed;
    case Id::forward_mismatch: return choices::forward_mismatch;
    case Id::forward_missing: return choices::forward_missing;
    case Id::forward_family_missing: return choices::forward_family_missing;
    case Id::forward_proxied: return choices::forward_proxied;
    case Id::forward_private: return choices::forward_private;
    case Id::ptr_multiple: return choices::ptr_multiple;
    case Id::ptr_oversized: return choices::ptr_oversized;
    case Id::ptr_target_alias: return choices::ptr_target_alias;
    case Id::special_purpose_address: return choices::special_purpose_address;
    case Id::ipv6_source_without_ptr: return choices::ipv6_source_without_ptr;
    case Id::subject_not_found: return choices::subject_not_found;
    case Id::dnssec_bogus: return choices::dnssec_bogus;
    case Id::reverse_unreachable:
    case Id::forward_unreachable: return choices::unreachable;
    case Id::ptr_in_forward_zone: return choices::ptr_in_forward_zone;
    case Id::reverse_name_wrong: return choices::reverse_name_wrong;
    case Id::reverse_not_delegated: return choices::reverse_not_delegated;
    case Id::ptr_foreign_name: return choices::ptr_foreign_name;
    case Id::ptr_on_neighbour: return choices::ptr_on_neighbour;
    case Id::ptr_generic: return choices::ptr_generic;
    case Id::wildcard_ptr: return choices::wildcard_ptr;
    case Id::servers_disagree: return choices::servers_disagree;
    case Id::authority_flaky: return choices::authority_flaky;
    case Id::stale_cache: return choices::stale_cache;
    case Id::own_dns_path_blocked: return choices::own_dns_path_blocked;
    case Id::ttl_extreme: return choices::ttl_extreme;
    case Id::helo_differs: return choices::helo_differs;
    case Id::helo_forward_mismatch: return choices::helo_forward_mismatch;
    case Id::owner_cannot_set: return choices::owner_cannot_set;
    case Id::wrong_subject: return choices::wrong_subject;
    case Id::receiver_side_fault:
    case Id::receiver_sees_gateway: return choices::tell_receiver;
    case Id::blame_is_authentication: return choices::blame_is_authentication;
    case Id::not_our_address: return choices::not_our_address;
    case Id::helo_invalid: return choices::helo_invalid;
    case Id::spf_fail:
    case Id::spf_softfail: return choices::spf_not_listed;
    case Id::spf_permerror: return choices::spf_permerror;
    case Id::spf_none: return choices::spf_none;
    // Of the way out of a mail host: doctor names their changes.
    case Id::unexpected_source:
    case Id::source_behind_nat:
    case Id::random_ipv6_source:
    case Id::bind_not_in_force:
    case Id::ipv4_preference_half_fix:
    case Id::leaves_via_relay:
    case Id::local_resolver_differs: return choices::nothing;
    // The order of the other findings' steps obeys the one, their lines from the catalogue tell the other.
    case Id::owner_needs_forward_first:
    case Id::ptr_from_server_name: return choices::nothing;
  }
  return choices::nothing;
}

/// Notes on what is well: nothing is to be done.
bool is_note_only(const Finding& finding) {
  return finding.severity == Severity::info && (finding.id == Id::ptr_multiple || finding.id == Id::special_purpose_address);
}

}  // namespace

std::string_view to_word(Action action) { return actions[static_cast<std::size_t>(action)]; }

Plan plan(const finding::Considered& considered, std::span<const Finding> findings) {
  Plan out;
  std::vector<const Finding*> done;
  for (const auto& finding : findings) {
    if (is_note_only(finding) || std::ranges::find(done, &finding) != done.end()) continue;
    const auto group = alike(considered, findings, finding);
    done.insert(done.end(), group.begin(), group.end());
    if (group.size() > 1 && is_mended_by_ptr(finding.id)) {
      block_steps(considered, findings, group, out.steps);
      continue;
    }
    const auto setting = setting_of(considered, findings, finding);
    Steps steps(setting, out.steps);
    chooser(finding.id)(steps, setting);
    if (finding.id == Id::classless_broken) name_the_others(group, out.steps);
  }
  out.safe_to_resend = safe_to_resend(considered, findings);
  return out;
}

}  // namespace fcrdns::remedy
