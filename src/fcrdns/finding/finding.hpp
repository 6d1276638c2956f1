// What is wrong, how bad, by which rule. Ids are a stable interface (docs/findings/<id>.md); their words stand in
// words.cpp, their logic in the *_rules.cpp that judge.cpp lists.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fcrdns/evidence/evidence.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::finding {

enum class Id {
  ptr_missing,
  classless_broken,
  ptr_malformed,
  forward_mismatch,
  forward_missing,
  forward_family_missing,
  forward_proxied,
  forward_private,
  ptr_multiple,
  ptr_oversized,
  ptr_target_alias,
  special_purpose_address,
  ipv6_source_without_ptr,
  subject_not_found,
  dnssec_bogus,
  reverse_unreachable,
  forward_unreachable,
  ptr_in_forward_zone,
  reverse_name_wrong,
  reverse_not_delegated,
  ptr_foreign_name,
  ptr_on_neighbour,
  ptr_generic,
  wildcard_ptr,
  servers_disagree,
  authority_flaky,
  stale_cache,
  own_dns_path_blocked,
  ttl_extreme,
  helo_differs,
  helo_forward_mismatch,
  owner_cannot_set,
  owner_needs_forward_first,
  ptr_from_server_name,
  wrong_subject,
  receiver_side_fault,
  blame_is_authentication,
  not_our_address,
  receiver_sees_gateway,
  helo_invalid,
  spf_fail,
  spf_softfail,
  spf_permerror,
  spf_none,
  unexpected_source,
  source_behind_nat,
  random_ipv6_source,
  bind_not_in_force,
  ipv4_preference_half_fix,
  leaves_via_relay,
  local_resolver_differs,
};

/// error explains a rejection; undetermined is never an error (exit code 2).
enum class Severity { error, warning, info, undetermined };
[[nodiscard]] std::string_view to_word(Severity severity);

/// Moves severities, never the iprev word:
///   google          as the rules say
///   rfc8601         errors but `subject_not_found` become warnings; the exit code follows the word alone
///   strict_all_ptr  every PTR name that does not confirm is an error
///   helo_equal      `helo_differs` is an error
///   non_generic     `ptr_generic` is an error
enum class Profile { google, rfc8601, strict_all_ptr, helo_equal, non_generic };
[[nodiscard]] std::string_view to_word(Profile profile);  ///< "strict-all-ptr"
[[nodiscard]] std::optional<Profile> parse_profile(std::string_view word);

/// What the rule saw: names in presentation form, addresses, numbers; never sentences.
using Value = std::variant<std::string, std::vector<std::string>, std::int64_t>;
/// The argument "form" says which of its ways a finding has ("at_host_name"); docs/findings/<id>.md lists them.
using Arguments = std::vector<std::pair<std::string, Value>>;

struct Finding {
  Id id = Id::ptr_missing;
  Severity severity = Severity::error;
  std::optional<net::Address> address;  ///< empty when it concerns the whole subject
  Arguments arguments;
};

/// Everything a rule may look at. Borrowed for the call.
struct Considered {
  const evidence::Evidence& evidence;
  std::span<const verdict::Verdict> verdicts;                        ///< of evidence.addresses, one each
  std::span<const std::vector<owner::Candidate>> owners;             ///< likewise
};
/// Applies every rule. A rule fires when its evidence exists: judged on the authority where it was asked (a walk is
/// there), else on the resolver's answer.
[[nodiscard]] std::vector<Finding> judge(const Considered& considered, Profile profile = Profile::google);

/// The word of one address (by its index) as the authority's answers make it, where they are definite; else the
/// resolver's. pass: nothing is left to mend, whatever a cache still says.
[[nodiscard]] verdict::Iprev at_authority(const Considered& considered, std::size_t index);
/// Rules that could not be tried for want of something the user knows: `ptr_in_forward_zone` without a domain.
[[nodiscard]] std::vector<Id> not_looked_for(const evidence::Evidence& evidence);

/// helo_invalid, when many receivers refuse what a server says in HELO for its form alone (RFC 5321 2.3.5, 4.1.3): no full
/// host name, localhost, a container's id, an address without brackets, a private literal. A public literal is a warning.
/// Any text may be given; case, a final dot and the letters of an internationalised name make no difference.
[[nodiscard]] std::optional<Finding> judge_helo(std::string_view said);

/// The argument of that key, or null.
[[nodiscard]] const Value* argument(const Finding& finding, std::string_view key);

// The catalogue: what a person reads about a finding.
[[nodiscard]] std::string_view to_word(Id id);
/// One plain sentence, without final dot, arguments filled in; every octet printable ASCII.
[[nodiscard]] std::string title(const Finding& finding);
/// What was seen and what it means, in a few sentences.
[[nodiscard]] std::string detail(const Finding& finding);
[[nodiscard]] std::span<const Id> all_ids();

}  // namespace fcrdns::finding
