// The sentences of the steps, apart from the logic that picks them.
#pragma once

#include <string_view>

namespace fcrdns::remedy::words {

inline constexpr std::string_view owner_of_address =
    "the owner of the address (hosting or access provider)";
inline constexpr std::string_view owner_of_name = "whoever runs the zone of the name (your DNS provider)";
inline constexpr std::string_view mail_admin = "you, on the mail server";
inline constexpr std::string_view anybody = "you";

inline constexpr std::string_view not_registrar = "not at your domain registrar, where a PTR does nothing";
inline constexpr std::string_view set_ptr = "panels call it reverse DNS, rDNS or PTR of the address";
inline constexpr std::string_view choose_name =
    "NAME stands for your mail server's own name, the one it says in HELO";
inline constexpr std::string_view forward_first = "Forward record first: some owners refuse a PTR whose name does not lead back yet";

inline constexpr std::string_view name_has_other_use =
    "Only when the name is for mail alone: if it serves a web site or receives mail too, the added address takes a share "
    "of its visitors; then use a dedicated name";
inline constexpr std::string_view old_address_dead = "Only when nothing uses the old address any more";
inline constexpr std::string_view opens_ipv6 =
    "If the name is also an MX or a web site, the record opens it for IPv6: check that ports 25 and 443 answer there first";
inline constexpr std::string_view opens_ipv4 =
    "If the name is also an MX or a web site, the record opens it for IPv4: check that ports 25 and 443 answer there first";
inline constexpr std::string_view proxy_off = "switch the proxy off for this name (\"DNS only\")";
inline constexpr std::string_view proxy_off_caution = "It shows everybody the address of the web server behind the proxy";
inline constexpr std::string_view split_view = "make the public view of the zone answer with the public address";
inline constexpr std::string_view split_view_caution = "Hosts inside may need the private address: keep it in the internal view";
inline constexpr std::string_view final_dot = "write the name with a final dot, or the zone's own name is appended to it";
inline constexpr std::string_view prune =
    "keep the one name that leads back and equals HELO, remove the others";
inline constexpr std::string_view prune_caution = "Only remove names whose purpose you know";
inline constexpr std::string_view canonical_name = "point the PTR at the canonical name, and use that name in HELO";
inline constexpr std::string_view child_zone = "create the PTR at this name, in the zone the alias leads to";
inline constexpr std::string_view not_at_alias =
    "Not at the reverse name itself: it is an alias, and no other record may stand beside a CNAME";
inline constexpr std::string_view find_public =
    "find the address that receivers see (it stands in the bounce) and check that one";
inline constexpr std::string_view check_spelling = "check the spelling, or create the host's address record";
inline constexpr std::string_view resign = "sign the zone again, or mend the DS record at its parent";
inline constexpr std::string_view mend_servers = "make every listed name server answer for the zone, or remove the delegation";
inline constexpr std::string_view ask_again = "nothing is proven yet: ask again in a few minutes";

inline constexpr std::string_view ipv4_only[] = {
    "Postfix:  postconf -P smtp/unix/inet_protocols=ipv4 && postfix reload   (likewise relay/unix and every other smtp service in use)",
    "Exim:     disable_ipv6 = true   (in the main section; ends inbound IPv6 too)",
};
inline constexpr std::string_view ipv4_only_caution =
    "Receivers that have IPv6 only become unreachable. Not inet_protocols in main.cf: that closes inbound IPv6 too. Not "
    "smtp_address_preference=ipv4: after a 450 the mail still goes out over IPv6";

}  // namespace fcrdns::remedy::words
