// The sentences of the steps, apart from the logic that picks them.
#pragma once

#include <string_view>

namespace fcrdns::remedy::words {

// Who does it.
inline constexpr std::string_view owner_of_address = "the owner of the address (hosting or access provider)";
inline constexpr std::string_view owner_of_name = "whoever runs the zone of the name (your DNS provider)";
inline constexpr std::string_view owner_of_zone = "whoever runs the zone {} (your DNS provider)";
inline constexpr std::string_view owner_of_zone_by = "whoever runs the zone {} (name servers {}{})";
inline constexpr std::string_view owner_of_parent = "the owner of the block around it (your provider)";
inline constexpr std::string_view mail_admin = "you, on the mail server";
inline constexpr std::string_view you_on_nameservers = "you, on the name servers of your reverse zone";
inline constexpr std::string_view anybody = "you";
inline constexpr std::string_view holder_at_registry = "the holder of the block, at the registry (RIPE, ARIN, APNIC, LACNIC, AFRINIC)";
inline constexpr std::string_view holder_at = "the holder of the block, at {}";

// The PTR at its owner.
inline constexpr std::string_view not_registrar = "not at your domain registrar, where a PTR does nothing";
inline constexpr std::string_view set_ptr = "panels call it reverse DNS, rDNS or PTR of the address";
inline constexpr std::string_view right_name = "the right name is {}";
inline constexpr std::string_view right_name_in_zone = "; within the zone {}: {}";
inline constexpr std::string_view choose_name = "NAME stands for your mail server's own name, the one it says in HELO";
inline constexpr std::string_view forward_first = "Forward record first: some owners refuse a PTR whose name does not lead back yet";
inline constexpr std::string_view insists_on_forward =
    "{} refuses a PTR whose name does not lead back yet: wait until the forward record can be seen";
inline constexpr std::string_view only_if_it_sends = "Only when this address really sends mail";
inline constexpr std::string_view rename_server = "there the PTR is the server's name: rename the server";
inline constexpr std::string_view customers_cannot = "customers cannot set it there for {}";
inline constexpr std::string_view not_confirmed = " (not confirmed)";
inline constexpr std::string_view final_dot = "write the name with a final dot, or the zone's own name is appended to it";
inline constexpr std::string_view prune = "keep the one name that leads back and equals HELO, remove the others";
inline constexpr std::string_view prune_caution = "Only remove names whose purpose you know";
inline constexpr std::string_view canonical_name = "point the PTR at the canonical name, and use that name in HELO";
inline constexpr std::string_view remove_misplaced = "it does nothing where it stands: remove it";
inline constexpr std::string_view copy_caution =
    "Resolvers inside your network may use that copy of the zone: leave it if yours do";
inline constexpr std::string_view bind_postfix =
    "send from the address that has it: postconf -P smtp/unix/smtp_bind_address{0}={1} && postfix reload   (likewise "
    "every other smtp service in use)";
inline constexpr std::string_view bind_exim = "Exim: interface = {} in the smtp transport";
inline constexpr std::string_view bind_caution =
    "Only when {} is a static address of this very host that is there at boot: else all mail stalls";

// Delegation.
inline constexpr std::string_view child_zone = "create the PTR at this name, in the zone the alias leads to";
inline constexpr std::string_view not_at_alias =
    "Not at the reverse name itself: it is an alias, and no other record may stand beside a CNAME";
inline constexpr std::string_view choose_nameservers = "NAMESERVER stands for each of your own name servers, a record each, two at least";
inline constexpr std::string_view same_label_form = "in the label form their aliases use already";
inline constexpr std::string_view label_form_is_theirs = "the form of the label (64-71, 64/29 ...) is theirs to choose";
inline constexpr std::string_view load_zone = "load the zone {} on every server it is delegated to, with this record";
inline constexpr std::string_view instead_of_alias = "in the place of the alias, when the block need not be delegated";
inline constexpr std::string_view one_of_two = "keep either the CNAME or the PTR at {}, with the CNAME the PTR at its target";
inline constexpr std::string_view load_first = "load the zone {} first: the registry asks its servers before it delegates";
inline constexpr std::string_view way_ripe =
    "RIPE Database, a domain object, authorised by mnt-domains (else mnt-lower) of the inetnum; live within hours:";
inline constexpr std::string_view way_apnic = "MyAPNIC > Resources > Whois updates > Add > domain:";
inline constexpr std::string_view way_afrinic = "AFRINIC WHOIS database, a domain object (not confirmed):";
inline constexpr std::string_view way_arin =
    "ARIN Online > manage reverse DNS > the delegation; a reassigned customer needs a detailed reassignment or a reallocation";
inline constexpr std::string_view way_lacnic = "LACNIC's system for resource holders, the reverse delegation of the block (not confirmed)";
inline constexpr std::string_view other_registries = "ARIN and LACNIC take the same in their web portals: zone and name servers";
inline constexpr std::string_view delegation_to_register = "delegation {} to NAMESERVER-1 and NAMESERVER-2, your own servers";
inline constexpr std::string_view whole_block_v4 =
    "One object covers a whole /24 (or /16): every other address in it needs its PTR in that zone too";
inline constexpr std::string_view whole_block_v6 =
    "One object covers a block that ends at a nibble; choose the one of your allocation, /32 to /48: every address in it "
    "has its PTR in that zone";
inline constexpr std::string_view ask_upstream = "when the block is not registered to you: ask your provider to have its reverse zone delegated";
inline constexpr std::string_view block_in_child = "in the zone they delegate, on your own name servers: one PTR for each address that sends";
inline constexpr std::string_view likewise = "likewise each other address that sends mail, with a name of its own: {}";

// The way back.
inline constexpr std::string_view name_has_other_use =
    "Only when the name is for mail alone: if it serves a web site or receives mail too, the added address takes a share "
    "of its visitors; then use a dedicated name";
inline constexpr std::string_view old_address_dead = "Only when nothing uses the old address any more";
inline constexpr std::string_view opens_ipv6 =
    "If the name is also an MX or a web site, the record opens it for IPv6: check that ports 25 and 443 answer there first";
inline constexpr std::string_view opens_ipv4 =
    "If the name is also an MX or a web site, the record opens it for IPv4: check that ports 25 and 443 answer there first";
inline constexpr std::string_view mx_opens_ipv6 = "This name is also your MX: first see that port 25 answers on IPv6";
inline constexpr std::string_view mx_opens_ipv4 = "This name is also your MX: first see that port 25 answers on this address";
inline constexpr std::string_view proxy_off = "switch the proxy off for this name (\"DNS only\")";
inline constexpr std::string_view proxy_off_caution = "It shows everybody the address of the web server behind the proxy";
inline constexpr std::string_view split_view = "make the public view of the zone answer with the public address";
inline constexpr std::string_view split_view_caution = "Hosts inside may need the private address: keep it in the internal view";

// The DNS itself.
inline constexpr std::string_view resign = "sign the zone again, or mend the DS record at its parent";
inline constexpr std::string_view mend_servers = "make every listed name server answer for the zone, or remove the delegation";
inline constexpr std::string_view ask_again = "nothing is proven yet: ask again in a few minutes";
inline constexpr std::string_view other_resolver =
    "the zone's servers answer well: ask another resolver (--resolver ADDRESS), and have yours looked at";
inline constexpr std::string_view secondaries =
    "if the zone was changed a moment ago: secondaries follow within the refresh time of its SOA";
inline constexpr std::string_view mend_transfer = "repair the zone transfer to every listed server (serial, NOTIFY, access rights)";
inline constexpr std::string_view mend_unsteady =
    "have these looked at: rate limits, a firewall that drops TCP port 53 or EDNS, a server behind a load balancer that is off";
inline constexpr std::string_view rings = "fcrdns wait {}    rings when it is safe to send";
inline constexpr std::string_view fix_does_it = "fcrdns fix {}     the same as one plan; writes the letter (--ticket), or does it (--apply)";
inline constexpr std::string_view show_proof = "show them the dated answers: fcrdns check --proof --redact --format markdown {}";
inline constexpr std::string_view nothing_to_change = "nothing is to be changed: the caches let go by themselves";
inline constexpr std::string_view nothing_to_change_for = "nothing is to be changed: the caches let go by themselves, within {} s";
inline constexpr std::string_view ask_elsewhere = "ask again from a network that lets port 53 through, from the mail server itself if need be";
inline constexpr std::string_view lower_ttl = "lower its TTL to 3600, wait {} s, then make the change you plan";

// What a bounce told.
inline constexpr std::string_view receivers_postmaster = "the receiver's postmaster";
inline constexpr std::string_view one_test_mail = "send one test mail first; do not flush the queue";
inline constexpr std::string_view proof_for_postmaster =
    "refused again: fcrdns explain --proof BOUNCE writes down what every server answers, for {}";
inline constexpr std::string_view gateway_to_mend = "the gateway before their mail server hides the clients: it should pass their addresses on "
                                                    "(PROXY protocol, XCLIENT) or not translate them";
inline constexpr std::string_view look_at_spf = "see that SPF of the sender's domain lets it send: fcrdns check {} --mail-from SENDER";
inline constexpr std::string_view look_at_dkim = "see that mail is signed (DKIM), and that the domain of the signature is the From domain's";
inline constexpr std::string_view tell_operator = "send them the bounce; it is their server that is refused";

// Who sends.
inline constexpr std::string_view find_public = "find the address that receivers see (it stands in the bounce) and check that one";
inline constexpr std::string_view check_spelling = "check the spelling, or create the host's address record";
inline constexpr std::string_view which_sends[] = {
    "find the address that mail really leaves from: a bounce names it, and so does the Received header of a mail that arrived",
    "Postfix: postconf smtp_bind_address smtp_bind_address6 relayhost; with a relay, the relay's address counts",
    "then: fcrdns check ADDRESS",
};
inline constexpr std::string_view helo_postfix = "Postfix: postconf -e smtp_helo_name={} && postfix reload";
inline constexpr std::string_view helo_exim = "Exim: helo_data = {} in the smtp transport";
inline constexpr std::string_view helo_opensmtpd = "OpenSMTPD: action \"relay\" relay helo {}";
inline constexpr std::string_view helo_sendmail = "Sendmail: define(`confDOMAIN_NAME', `{}') in sendmail.mc";
inline constexpr std::string_view choose_helo_name = "NAME stands for a full host name of yours that leads to this address, best the one its PTR has";
inline constexpr std::string_view helo_not_myhostname = "Not myhostname: that moves mydestination, and mail may loop";
inline constexpr std::string_view helo_limits =
    "It helps where HELO must match the PTR, not where generic names are refused";
inline constexpr std::string_view ipv4_only[] = {
    "Postfix:  postconf -P smtp/unix/inet_protocols=ipv4 && postfix reload   (likewise relay/unix and every other smtp service in use)",
    "Exim:     disable_ipv6 = true   (in the main section; ends inbound IPv6 too)",
};
inline constexpr std::string_view ipv4_only_caution =
    "Receivers that have IPv6 only become unreachable. Not inet_protocols in main.cf: that closes inbound IPv6 too. Not "
    "smtp_address_preference=ipv4: after a 450 the mail still goes out over IPv6";

// What the sender's domain publishes.
inline constexpr std::string_view spf_term = "the record that is there, with {} put in; a domain has one SPF record, so change it and add none";
inline constexpr std::string_view spf_whose_address =
    "Only when mail of this domain is meant to leave from here. Where a relay sends, its address counts; where a mailing list or a "
    "forwarder hands the mail on, no record of yours mends that";
inline constexpr std::string_view spf_other_way = "let this mail leave by a server that the record lists already";
inline constexpr std::string_view spf_first_record = "a first record; before it is published, put in every other server that sends for the domain "
                                                     "(mail service, newsletter, web site, office)";
inline constexpr std::string_view spf_all_senders = "~all, not -all, until every sender is in it: what is forgotten would be refused";
inline constexpr std::string_view spf_merge = "make one record of them: v=spf1, the terms of all, one \"all\" at the end; remove the others";
inline constexpr std::string_view spf_costs = "look-ups by term: {}";
inline constexpr std::string_view spf_fewer =
    "take out senders that are no longer used, and terms that find nothing; for the dearest put in its networks (ip4:, ip6:)";
inline constexpr std::string_view spf_networks_move = "Networks of a service that were copied have to be looked after: the service changes them without asking";
inline constexpr std::string_view spf_mend = "mend what is named: {}";
inline constexpr std::string_view spf_theirs = "it lies behind {}: if that record is another's, tell its owner, or take the term out";

// When the owner says no.
inline constexpr std::string_view if_no = "if they say no:";  // the first line of each such way
inline constexpr std::string_view use_ptr_name = "let the server say the name that the PTR has";
inline constexpr std::string_view use_relay = "send through a relay that has its own PTR (Postfix: relayhost; Exim: a manualroute router)";
inline constexpr std::string_view relay_caution = "SPF must allow the relay, and the relay must allow your domain";
inline constexpr std::string_view other_address = "send from another address, at a provider that lets the PTR be set";

// When it is safe to send again.
inline constexpr std::string_view resolver_caps =
    "Counted by the zones' own TTLs. Resolvers may hold absence for less (Unbound cache-max-negative-ttl 3600, BIND "
    "max-ncache-ttl 10800), and some keep old answers longer (serve-expired, a minimum TTL)";

}  // namespace fcrdns::remedy::words
