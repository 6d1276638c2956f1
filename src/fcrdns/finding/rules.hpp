// The rules, one function each, grouped by subject; judge.cpp holds the table. A rule fires when its evidence exists;
// trouble is never evidence of absence.
#pragma once

#include "fcrdns/finding/case.hpp"

namespace fcrdns::finding::rules {

// ptr_rules.cpp: the record at the reverse name
void special_purpose_address(const Case& c);
void no_ptr(const Case& c);  ///< reverse_not_delegated, ptr_missing, classless_broken
void cname_and_ptr(const Case& c);
void ptr_malformed(const Case& c);
void ptr_multiple(const Case& c);
void ptr_oversized(const Case& c);
void ptr_generic(const Case& c);
void wildcard_ptr(const Case& c);

// misplaced_rules.cpp: a right record in the wrong place
void ptr_in_forward_zone(const Case& c);
void reverse_name_wrong(const Case& c);
void ptr_on_neighbour(const Case& c);

// forward_rules.cpp: the way back
void forward(const Case& c);  ///< forward_mismatch, _missing, _family_missing, _proxied, _private, ptr_foreign_name
void ptr_target_alias(const Case& c);

// dns_rules.cpp: the DNS itself
void trouble(const Case& c);  ///< reverse_unreachable, forward_unreachable, dnssec_bogus
void servers_disagree(const Case& c);
void stale_cache(const Case& c);
void ttl_extreme(const Case& c);
void own_dns_path_blocked(const evidence::Evidence& evidence, std::vector<Finding>& out);

// proof_rules.cpp: what asking again and again has shown
void authority_flaky(const Case& c);

// sender_rules.cpp: who sends, and under which name
void helo(const Case& c);  ///< helo_differs, helo_forward_mismatch
void subject_not_found(const evidence::Evidence& evidence, std::vector<Finding>& out);
void wrong_subject(const evidence::Evidence& evidence, std::vector<Finding>& out);
void ipv6_source_without_ptr(std::span<const Case> cases, std::vector<Finding>& out);

// spf_rules.cpp: what the sender's domain says of its addresses, and whether HELO is a name at all
void spf(std::span<const Case> cases, std::vector<Finding>& out);  ///< spf_fail, _softfail, _permerror, _none
void helo_invalid(std::span<const Case> cases, std::vector<Finding>& out);

// owner_rules.cpp: what the owner of the address lets his customers do
void owner(const Case& c);  ///< owner_cannot_set, owner_needs_forward_first, ptr_from_server_name

// blame_rules.cpp: what a bounce adds
void blame(const Case& c);  ///< receiver_sees_gateway, not_our_address, blame_is_authentication, receiver_side_fault
/// What the bounce itself blames explains the rejection, however lightly it weighs otherwise.
void raise_blamed(const evidence::Evidence& evidence, std::vector<Finding>& findings);
/// The bounce, when it is about this address; else null.
[[nodiscard]] const evidence::Blame* blame_of(const Case& c);

// Shared by rules of several subjects.
/// The arguments "question", "status" and "reason" of an answer that is trouble.
[[nodiscard]] Arguments trouble_of(std::string question, const resolver::Answer& answer);
/// Why the name looks generic, by what was seen of its neighbours too.
[[nodiscard]] bool looks_generic(const Case& c);

}  // namespace fcrdns::finding::rules
