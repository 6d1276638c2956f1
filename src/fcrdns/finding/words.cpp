// What a person reads about each finding. Arguments are filled in by catalogue.cpp; they are printable ASCII already:
// names in presentation form, what others wrote escaped.
#include "fcrdns/finding/words.hpp"

#include <utility>

namespace fcrdns::finding {
namespace {

constexpr Words table[] = {
    // On the address and its PTR.
    {Id::ptr_missing, "", "{address} has no PTR record",
     "Nothing is found at {reverse_name} ({status}), so a receiver cannot learn a name for this address."},
    {Id::classless_broken, "lacks_record", "The PTR of {address} is handed on by a CNAME, and nothing is there",
     "{reverse_name} is an alias for {target} (RFC 2317), and there is no PTR at that name ({status})."},
    {Id::classless_broken, "undelegated", "The PTR of {address} is handed on by a CNAME into a zone that nobody delegated",
     "{reverse_name} is an alias for {target} (RFC 2317). No name servers are named for that part of the tree: {zone} "
     "itself says that there is nothing."},
    {Id::classless_broken, "lame", "The PTR of {address} is handed on by a CNAME into a zone whose servers do not hold it",
     "{reverse_name} is an alias for {target} (RFC 2317), and none of the servers named for {zone} knows that zone."},
    {Id::classless_broken, "cname_and_ptr", "{reverse_name} has a CNAME and a PTR beside each other",
     "Nothing may stand beside a CNAME (RFC 1034 section 3.6.2). Some servers then give one, some the other, and "
     "resolvers refuse the answer ({servers})."},
    {Id::classless_broken, "", "The PTR of {address} is handed on by a CNAME that leads to nothing",
     "{reverse_name} is an alias for {target} (RFC 2317), and there is no PTR there ({status})."},
    {Id::ptr_malformed, "", "The PTR of {address} is not a usable host name: {names}",
     "A receiver looks up the addresses of the PTR's name; this text cannot be one: {faults}."},
    {Id::ptr_malformed, "underscore", "The PTR of {address} bears an underscore: {names}",
     "Host names have none (RFC 1123 section 2.1). It is mostly tolerated, and some receivers refuse it."},
    {Id::forward_mismatch, "", "The PTR of {address} names {names}, which points to {addresses}",
     "The name has addresses, but the sending one is not among them: the way back does not close."},
    {Id::forward_missing, "", "The PTR of {address} names {names}, which has no address",
     "The way back does not close because the name does not exist or has neither an A nor an AAAA record."},
    {Id::forward_missing, "domain_gone", "The PTR of {address} names {names}, and the whole domain is gone",
     "{domains} does not exist any more, so no record can be added below it: the PTR needs another name."},
    {Id::forward_family_missing, "", "The PTR of {address} names {names}, which has addresses of the other family only",
     "Only an A record confirms an IPv4 address and only an AAAA record an IPv6 address; found: {addresses}."},
    {Id::forward_proxied, "", "{names} looks like it points to a proxy ({addresses}), not to {address}",
     "The addresses lie in a content-delivery network's published ranges. With the proxy on, the name never shows the "
     "address that sends mail."},
    {Id::forward_private, "", "{names} points to private addresses ({addresses}) when asked from outside",
     "Receivers outside your network see the same and cannot confirm {address}."},
    {Id::ptr_multiple, "", "{address} has {total} PTR names",
     "Some receivers look at one name only, picked by chance: with one good name of two, Postfix refused about half of "
     "the connections. Confirm: {confirm}. Do not confirm: {do_not_confirm}."},
    {Id::ptr_oversized, "", "The PTR answer of {address} is too large: {total} names",
     "Receivers look up a limited number of names (here {checked} were looked at), and a reply this large needs TCP, "
     "which not every resolver path lets through."},
    {Id::ptr_target_alias, "", "The PTR of {address} names {names}, which is an alias for {targets}",
     "It still confirms, but RFC 2181 section 10.2 wants a PTR to name the canonical host, and some receivers insist."},
    {Id::special_purpose_address, "", "{address} is a special-purpose address: {block} ({rfc})",
     "Such an address does not appear on the public Internet, and no public PTR can be delegated for it. What counts is "
     "the address that receivers see."},
    {Id::special_purpose_address, "asked", "{address} is a special-purpose address: {block} ({rfc})",
     "It was asked about all the same, as any other address would be."},
    {Id::ipv6_source_without_ptr, "", "IPv4 is fine ({ipv4}), but mail that leaves over IPv6 ({ipv6}) is refused",
     "Mail servers choose IPv6 when they can, often by chance, so only some mails bounce. The PTR of the IPv4 address "
     "does nothing for the IPv6 address."},
    {Id::subject_not_found, "", "{name} has no address ({status})",
     "There is nothing to check: the host does not exist, or has neither an A nor an AAAA record."},
    {Id::dnssec_bogus, "", "DNSSEC validation fails for {question}",
     "A validating receiver gets no answer at all, others may: the outcome differs from receiver to receiver."},
    {Id::reverse_unreachable, "", "The reverse DNS of {address} could not be read ({status})",
     "Asking for {question} ended in {status}. That is trouble with the zone's servers or on the way, not a missing "
     "record: receivers answer 4xx and let you try again."},
    {Id::reverse_unreachable, "broken", "The reverse DNS of {address} is broken: no server of {zone} answers for it",
     "Every listed server was asked twice, over UDP and TCP: {servers}. That is not a missing record: receivers answer "
     "4xx, and go on doing so until the servers or the delegation are mended."},
    {Id::reverse_unreachable, "resolver_only", "The reverse DNS of {address} could not be read ({status}), though its servers answer",
     "Asking the resolver for {question} ended in {status}; the zone's own servers answer well. The trouble lies with the "
     "resolver or on its way."},
    {Id::forward_unreachable, "", "The addresses of {question} could not be read ({status})",
     "That is trouble with the zone's servers or on the way, not a missing record: receivers answer 4xx and let you try "
     "again."},
    {Id::forward_unreachable, "broken", "The addresses of {question} cannot be read: no server of {zone} answers for it",
     "Every listed server was asked twice, over UDP and TCP: {servers}. That is not a missing record: receivers answer "
     "4xx, and go on doing so until the servers or the delegation are mended."},
    {Id::forward_unreachable, "resolver_only", "The addresses of {question} could not be read ({status}), though its servers answer",
     "Asking the resolver ended in {status}; the zone's own servers answer well. The trouble lies with the resolver or on "
     "its way."},

    // A record of the right kind in the wrong place.
    {Id::ptr_in_forward_zone, "", "A PTR for {address} sits in {domain}, where nobody looks for it: {record}",
     "Receivers ask for {reverse_name}, whose zone belongs to the owner of the address. A PTR in the zone of your domain "
     "is never asked for; it does nothing."},
    {Id::ptr_in_forward_zone, "at_host_name", "A PTR sits at the host name {record}, where nobody looks for it",
     "It points to {data}. Receivers ask for {reverse_name}, whose zone belongs to the owner of the address; a PTR at a "
     "host name is never asked for, it does nothing."},
    {Id::ptr_in_forward_zone, "swapped", "Name and content of the PTR are swapped: {record} points to {data}",
     "A PTR stands at the reverse name and names the host, not the other way round. And it stands in the zone that holds "
     "{reverse_name}, which belongs to the owner of the address, not in the zone of your domain."},
    {Id::ptr_in_forward_zone, "reverse_copy", "{server} holds an undelegated copy of the reverse zone, with a PTR for {address}",
     "The world is not sent to that server for {reverse_name}: the delegation from the root leads elsewhere. The copy says "
     "{data}, and nobody outside hears it."},
    {Id::reverse_name_wrong, "", "A PTR for {address} is written at the wrong reverse name: {record}",
     "Receivers ask for {reverse_name} and for nothing else; what stands at {record} ({data}) does nothing."},
    {Id::reverse_name_wrong, "not_reversed", "A PTR for {address} is written with its octets not reversed: {record}",
     "Receivers ask for {reverse_name}; what stands at {record} ({data}) does nothing."},
    {Id::reverse_name_wrong, "nibbles_missing", "A PTR for {address} is written with the wrong count of nibbles: {record}",
     "A reverse name of IPv6 has 32 nibbles, each hexadecimal digit one label, the zeros too. Receivers ask for "
     "{reverse_name}."},
    {Id::reverse_name_wrong, "ip6_int", "A PTR for {address} is written below ip6.int: {record}",
     "That tree is gone (RFC 4159). Receivers ask for {reverse_name}."},
    {Id::reverse_name_wrong, "zone_doubled", "A PTR for {address} is written with the zone's name twice: {record}",
     "The whole name was entered where the panel or the zone file adds the zone by itself; the final dot is missing. "
     "Receivers ask for {reverse_name}."},
    {Id::reverse_not_delegated, "", "The reverse zone of {address} is not delegated: {zone} knows nothing below it",
     "The name ends in a zone of the registries themselves. Whoever holds the block has not registered name servers for "
     "its reverse zone, so nobody can create a PTR yet."},
    {Id::ptr_foreign_name, "", "The PTR of {address} names {names}, of a domain that looks like somebody else's",
     "The name belongs to {domains}, yours to {expected}. A former user of the address may have left it."},
    {Id::ptr_on_neighbour, "", "The PTR that {address} should have is set on its neighbour {neighbours}",
     "{neighbours} names {names}, the name meant for {address}. One address was set up and mail leaves from the other, "
     "so every mail is refused."},
    {Id::ptr_generic, "", "The PTR of {address} looks like a provider's default name: {names}",
     "It confirms or not, either way some receivers refuse names that were made from an address or for dial-up lines: "
     "{reasons}."},
    {Id::wildcard_ptr, "", "The PTR of {address} comes from a wildcard: a name that stands for no address has it too",
     "{names} is given for {record} as well. A record of its own is what a mail server should have."},
    {Id::wildcard_ptr, "sibling", "The PTR of {address} is no record of its own: an address picked at random has it too",
     "{names} is given for {record} as well. A record of its own is what a mail server should have."},

    // On the DNS itself.
    {Id::servers_disagree, "lacking", "The servers of {zone} disagree: the record for {question} is missing on {lacking}",
     "It is there on {having}. Which of them a receiver asks is chance, so some mails pass and some do not."},
    {Id::servers_disagree, "serials", "The servers of {zone} hold different versions: {serials}",
     "They agree about {question}. One of them lags behind; a change may not have reached all."},
    {Id::servers_disagree, "", "The servers of {zone} disagree about {question}", "They hold: {serials}."},
    {Id::authority_flaky, "", "Not every question to the servers of {zone} is answered well: {servers}",
     "Each was asked for {question} ten times over UDP and over TCP, plainly, with EDNS, with DO and in mixed letter case, as "
     "resolvers do. A receiver whose question meets this has trouble to look the address up, so now and then a mail waits."},
    {Id::stale_cache, "negative", "{question} is right at its servers; a resolver still holds that there is nothing",
     "Nothing needs to be changed. Held by: {resolvers}; let go in {remaining_ttl} s at the latest."},
    {Id::stale_cache, "", "{question} is right at its servers; a resolver still holds the former answer",
     "Nothing needs to be changed. Held by: {resolvers}; it says {held}, for {remaining_ttl} s at the most."},
    {Id::own_dns_path_blocked, "", "This network blocks direct DNS: no root server could be reached from here",
     "So the zones' own servers could not be asked. What is said here rests on what the resolver answers, and what only "
     "the servers know stays open."},
    {Id::ttl_extreme, "long", "The record for {question} may be held for {ttl} s by every cache",
     "That is more than a day. Lower it first, wait that long, then change: else receivers go on seeing the old answer."},
    {Id::ttl_extreme, "", "The record for {question} may not be held at all: its TTL is 0",
     "Every single mail asks its servers again; when they are slow or gone for a moment, the mail waits."},

    // On the sender.
    {Id::helo_differs, "", "HELO says {helo}, the PTR of {address} says {names}",
     "Most receivers do not mind, some want the same name on both sides. To set the HELO name is the cheapest way when "
     "the PTR cannot be changed."},
    {Id::helo_forward_mismatch, "", "The HELO name {helo} does not point to {address}",
     "It has {addresses}. Receivers who look the HELO name up find another host."},
    {Id::owner_cannot_set, "", "{owner} does not let its customers set the PTR of {address}",
     "Known for this kind of line: {why}. What is left: HELO with the name the PTR has, sending through a relay, or "
     "another address."},
    {Id::owner_needs_forward_first, "", "{owner} refuses a PTR until the name points to the address",
     "So the A or AAAA record comes first; when it can be seen, the PTR is accepted."},
    {Id::ptr_from_server_name, "", "{owner} makes the PTR from the name of the server",
     "There is no PTR to be entered: rename the server to the full host name, and the PTR follows."},
    {Id::wrong_subject, "mx_only", "{name} receives the mail of the domain; nothing says that it sends",
     "What counts is the address that mail leaves from. The configuration, the SPF record or a bounce names it."},
    {Id::wrong_subject, "web_host", "{name} looks like a web site, not like what sends mail",
     "What counts is the address that mail leaves from. The configuration, the SPF record or a bounce names it."},
    {Id::wrong_subject, "proxied", "{name} stands behind a proxy ({addresses}): that is not what sends mail",
     "A proxy passes on the web, not mail. What counts is the address that mail leaves from; the configuration, the SPF "
     "record or a bounce names it."},
    {Id::receiver_side_fault, "", "{address} was right when {receiver} refused it at {refused}",
     "By their serials its zones have not changed since {since}, and no cache may hold what was before for longer than {hold} s. "
     "Most likely, in this order: a short DNS failure on the receiver's way; its own memory of the address; a wrong "
     "reading on its side."},
    {Id::blame_is_authentication, "", "{receiver} names PTR records and authentication in one reply, and the PTR of {address} is right",
     "What is left is the authentication of the mail: SPF for this very address, and DKIM. Neither was looked at here."},
    {Id::blame_is_authentication, "spf", "The PTR of {address} is right; what {receiver} can mind is that SPF of {domain} {why}",
     "The reply speaks of PTR records, which are in order. The sender's domain does not vouch for this address; DKIM was not "
     "looked at."},
    {Id::blame_is_authentication, "spf_open", "{receiver} names PTR records and authentication in one reply, and the PTR of {address} is right",
     "What is left is the authentication of the mail. SPF of {domain} {why}; DKIM was not looked at."},
    {Id::blame_is_authentication, "spf_passes",
     "{receiver} names PTR records and authentication in one reply; the PTR of {address} is right, and SPF of {domain} passes",
     "What is left is DKIM, which was not looked at, and whether SPF or DKIM is of the From domain (DMARC)."},
    {Id::not_our_address, "", "{address} belongs to {domain}, not to {host}",
     "Its confirmed name is {name}. The receiver refused mail that somebody else handed on: a relay, a mailing list, a "
     "forwarder or a mail service. Its operator has to mend that."},
    {Id::receiver_sees_gateway, "", "{receiver} believes that your mail came from {address}, which is a private address",
     "{block} never appears on the public Internet. The receiver stands behind a gateway of its own and looks up that "
     "one's inner address: it has to pass on the real one. Nothing on your side can mend this."},
    {Id::helo_invalid, "", "HELO says \"{helo}\", which is no full host name",
     "Many receivers refuse it whatever the PTR says (RFC 5321 section 2.3.5): {faults}."},
    {Id::helo_invalid, "literal", "HELO says {helo}, an address instead of a name",
     "RFC 5321 section 4.1.3 allows it to a host that has no name. Some receivers refuse it, and all that judge senders think "
     "less of it."},
    {Id::spf_fail, "", "SPF of {domain} does not let {addresses} send",
     "What decides is \"{term}\". Receivers may refuse the mail for it, whatever the PTR says."},
    {Id::spf_fail, "helo", "SPF of the HELO name {domain} does not let {addresses} send",
     "What decides is \"{term}\". Receivers may refuse the connection for it, and bounces, which have no other sender, too."},
    {Id::spf_softfail, "", "SPF of {domain} does not list {addresses}",
     "What decides is \"{term}\": receivers take the mail with suspicion."},
    {Id::spf_softfail, "helo", "SPF of the HELO name {domain} does not list {addresses}",
     "What decides is \"{term}\": receivers take bounces, which have no other sender, with suspicion."},
    {Id::spf_permerror, "", "SPF of {domain} cannot be evaluated: {problem}",
     "That is the record's own fault, not the network's: receivers treat the domain as if it vouched for nobody, and some refuse "
     "its mail."},
    {Id::spf_none, "", "{domain} has no SPF record",
     "Nothing says which addresses send for it. Some receivers want it, Gmail among them."},
    {Id::unexpected_source, "", "Mail leaves from {address}, and not from {expected}, which {helo} points to",
     "Receivers look at the address that mail leaves from. Both are this host's; it looks as if the other one had been set up."},
    {Id::unexpected_source, "neighbour", "Mail leaves from {address}, but the PTR was set on {expected}",
     "Receivers look at the address that mail leaves from. Did you set it for the wrong one?"},
    {Id::unexpected_source, "log", "Receivers saw your mail come from {address}, not from {expected} as this host would have it",
     "The mail server's own log quotes that address in {bounces} refused mails that are younger than its configuration: something "
     "on the way changes it, or another host sends with this log's name."},
    {Id::source_behind_nat, "", "Mail leaves from {source}, a private address: something in between changes it",
     "What receivers see is the address of that gateway, {outside}. Known from: {known_by}."},
    {Id::source_behind_nat, "assumed", "Mail leaves from {source}, a private address: something in between changes it",
     "{outside} is assumed, because the HELO name has it; nothing here proves that mail is seen from there. One test mail, or "
     "--public ADDRESS, settles it."},
    {Id::source_behind_nat, "unknown", "Mail leaves from {source}, a private address, and what receivers see is not known",
     "The gateway in between hides it. Any bounce quotes it, the Received line of any mail that arrived has it; give it with "
     "--public ADDRESS."},
    {Id::random_ipv6_source, "", "Mail over IPv6 leaves from {address}, an address of {interface} that nobody chose",
     "It may be another one tomorrow, so no PTR can stay right for it."},
    {Id::random_ipv6_source, "temporary", "Mail over IPv6 leaves from {address}, a temporary address of {interface}",
     "It is made up by chance and replaced within a day (RFC 8981), so no PTR can stay right for it."},
    {Id::random_ipv6_source, "advertised", "Mail over IPv6 leaves from {address}, which {interface} made from a router's advertisement",
     "It changes with the router's prefix, the hardware or the key it was made from (RFC 4862); a mail server wants a static one."},
    {Id::bind_not_in_force, "", "{setting} has no effect: {bind} is not on this machine, mail leaves from {address}",
     "{client} says so in its log and goes on without it."},
    {Id::bind_not_in_force, "unknown", "{setting} has no effect: {bind} is not on this machine",
     "{client} goes on without it, from an address of the kernel's choice."},
    {Id::bind_not_in_force, "stalls", "{setting} stops the mail: {bind} is not on this machine",
     "{client} is set to send from there or not at all, so mail of that family waits until the address is back."},
    {Id::bind_not_in_force, "overridden", "{setting} is not in force for {client}: mail leaves from {address}",
     "A setting of that one service stands above it."},
    {Id::ipv4_preference_half_fix, "", "{setting} does not keep mail off IPv6, and IPv6 is not in order",
     "When IPv4 is put off (450, 421) or refuses the connection, Postfix tries IPv6 for the same mail, and there it bounces: 10 of "
     "10 messages did, and none with IPv6 off for {client}."},
    {Id::ipv4_preference_half_fix, "open", "{setting} does not keep mail off IPv6",
     "When IPv4 is put off (450, 421) or refuses the connection, Postfix tries IPv6 for the same mail. Whether IPv6 is in order "
     "could not be decided."},
    {Id::leaves_via_relay, "", "Mail leaves through {relay}: what counts is the address of that relay",
     "Receivers see the relay, not this machine. Set by {setting}."},
    {Id::leaves_via_relay, "some", "Mail to {destinations} leaves through {relay}: there the address of that relay counts",
     "Receivers see the relay, not this machine. Set by {setting}."},
    {Id::local_resolver_differs, "", "This machine sees {name} otherwise than the world: {local} instead of {world}",
     "By {where}. What is looked up here by the system's own means is not what receivers see."},
    {Id::wrong_subject, "", "{name} may not be what sends mail", "What counts is the address that mail leaves from."},
};

constexpr std::pair<std::string_view, std::string_view> phrases[] = {
    // faults of a name
    {"root", "it is the root"},
    {"single_label", "it is a single label, without a domain"},
    {"localhost", "it is localhost"},
    {"ip_literal", "it is an address, not a name"},
    {"own_reverse_name", "it is the reverse name itself"},
    {"special_use", "its ending is reserved and leads nowhere"},
    {"url", "it is a URL, not a name"},
    {"characters", "it bears octets that no host name has"},
    {"final_dot", "its final dot was forgotten, so the zone's own name hangs behind it"},
    // faults of what HELO says
    {"empty", "nothing is said"},
    {"container_id", "it looks like the id of a container"},
    {"inner_ending", "its ending is known inside your own network only"},
    {"reverse_name", "it is a reverse name"},
    {"literal_malformed", "what stands in the brackets is no address"},
    {"literal_untagged", "an IPv6 address in brackets is written [IPv6:...]"},
    {"literal_private", "the address in the brackets is not a public one"},
    // what SPF says
    {"spf_fail", "does not let it send"},
    {"spf_softfail", "does not list it"},
    {"spf_permerror", "cannot be evaluated"},
    {"spf_none", "does not exist"},
    {"spf_temperror", "could not be read"},
    {"spf_neutral", "says neither yes nor no"},
    // reasons of generic::Reason
    {"ip_in_name", "the address is in the name"},
    {"provider_default", "a provider gives such names by itself"},
    {"shared_name", "other addresses bear the same name"},
    {"server_id", "it is a machine's number"},
    {"access_word", "it has a word for dial-up or cable lines"},
    // why an owner does not set it
    {"access_line", "a line for households"},
    {"not_offered", "it is not offered"},
    {"no_ipv6", "it is not offered for IPv6"},
};

}  // namespace

std::string_view phrase(std::string_view code) {
  for (const auto& [known, words] : phrases)
    if (known == code) return words;
  return code;
}

std::span<const Words> all_words() { return table; }

}  // namespace fcrdns::finding
