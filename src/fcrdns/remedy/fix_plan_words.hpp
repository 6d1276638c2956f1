// The sentences of the plan of `fcrdns fix`, apart from the logic that picks them.
#pragma once

#include <string_view>

namespace fcrdns::remedy::fix_words {

// Why, a sentence for each station.
inline constexpr std::string_view forward_done = "{} leads to {} already";
inline constexpr std::string_view forward_to_do = "{} must lead to {}, as receivers look the name up again";
inline constexpr std::string_view ptr_done = "the PTR of {} names {} already";
inline constexpr std::string_view ptr_to_do = "{} must name {}";
inline constexpr std::string_view ptr_instead = "{} names {} now: one name, yours, takes its place";
inline constexpr std::string_view no_wait_forward = "the forward record is there: nothing to wait for";
inline constexpr std::string_view no_wait_between = "nothing waits for the forward record here: the PTR can be set right away";
inline constexpr std::string_view wait_unknown = "until the forward record can be seen: {} refuses a PTR whose name does not lead back yet";
inline constexpr std::string_view wait_insists =
    "{} refuses a PTR whose name does not lead back yet, and its resolver may hold the old answer for that long";
inline constexpr std::string_view wait_cached = "a resolver holds that the name does not lead here; whoever asks it sees the old answer for that long";
inline constexpr std::string_view wait_ptr = "receivers' caches may hold the old answers for that long";
inline constexpr std::string_view no_wait_ptr = "no cache is known to hold anything wrong";
inline constexpr std::string_view verify = "it asks every server of both zones, looks into caches, and tells when it is safe to send again";

// The forward record.
inline constexpr std::string_view at_canonical =
    "{} is an alias of {}: the record belongs there. If that name is not yours, take another name, or an address record in the place of the alias";
inline constexpr std::string_view dangling = "{} is an alias of {}, which leads nowhere";
inline constexpr std::string_view add_not_replace = "Add it beside the addresses that stand there, do not replace them";

// The PTR.
inline constexpr std::string_view servers_of_zone = "whoever runs the zone {} (name servers {}{})";
inline constexpr std::string_view runs_zone = "whoever runs the zone {}";
inline constexpr std::string_view panels_call_it = "look for reverse DNS, rDNS or PTR of the address";
inline constexpr std::string_view own_servers = "your own name servers";
inline constexpr std::string_view zone_without_slash = "The zone is the one that the alias leads to";

// Why it cannot be done.
inline constexpr std::string_view no_public_ptr = "{} has no public PTR: it is an address of {} use ({})";
inline constexpr std::string_view owner_has_none = "{} lets no customer set a PTR for {}";
inline constexpr std::string_view owner_has_no_ipv6 = "{} has no PTR for IPv6 addresses";
inline constexpr std::string_view not_a_host_name = "{} cannot be the name of a mail server";

// What the name would bring with it.
inline constexpr std::string_view generic = "{} looks like a provider's default name ({}): some receivers refuse such names";
inline constexpr std::string_view proxied =
    "{} looks proxied ({}): its address records lead to the proxy, which never sends your mail. Switch the proxy off for this name, or take another";
inline constexpr std::string_view underscore = "an underscore is no part of a host name: some receivers refuse it";
inline constexpr std::string_view pointing_at_alias = "{} is an alias of {}; a PTR should name the latter: fcrdns fix {} {}";
inline constexpr std::string_view others_stay = "the PTR names {} too: keep one name only";
inline constexpr std::string_view not_delegated = "the reverse zone of {} is not delegated yet; that comes first: fcrdns check {}";
inline constexpr std::string_view misplaced = "a PTR for {} stands where it does nothing; fcrdns check {} tells which to remove";

}  // namespace fcrdns::remedy::fix_words
