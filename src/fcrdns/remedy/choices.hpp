// What can be done about each finding: the choices in order of cheapness, the steps of each in an order that works.
// One function per finding, or per group of findings that are mended the same way.
#pragma once

#include "fcrdns/remedy/setting.hpp"
#include "fcrdns/remedy/steps.hpp"

namespace fcrdns::remedy::choices {

using Choose = void(Steps& steps, const Setting& setting);

// choices_reverse.cpp: the PTR itself
Choose ptr_missing, ptr_malformed, ptr_generic, ptr_foreign_name, ptr_on_neighbour, ptr_multiple, ptr_oversized,
    ptr_target_alias, ptr_in_forward_zone, reverse_name_wrong, wildcard_ptr;
// choices_delegation.cpp: the zone it should be in
Choose classless_broken, reverse_not_delegated;
// choices_forward.cpp: where its name leads
Choose forward_mismatch, forward_missing, forward_family_missing, forward_proxied, forward_private;
// choices_dns.cpp: the DNS itself
Choose unreachable, dnssec_bogus, servers_disagree, authority_flaky, stale_cache, own_dns_path_blocked, ttl_extreme;
// choices_sender.cpp: who sends, and how it calls itself
Choose special_purpose_address, ipv6_source_without_ptr, subject_not_found, helo_differs, helo_forward_mismatch,
    owner_cannot_set, wrong_subject;
// choices_spf.cpp: what the sender's domain says of its addresses, and the name in HELO
Choose spf_not_listed, spf_none, spf_permerror, helo_invalid;
// choices_receiver.cpp: what a bounce told
Choose tell_receiver, blame_is_authentication, not_our_address;
/// Nothing to do beyond what other findings' steps do already.
Choose nothing;

/// What is left when the owner will not set the PTR, the most useful first, each a choice of its own.
void if_they_say_no(Steps& steps, const Setting& setting);

}  // namespace fcrdns::remedy::choices
