"""Configurations: as people write them, and as odd as Postfix still takes them."""

# Right-hand sides of smtp_helo_name, myhostname being mail.example.com. A peer that refuses one makes us refuse it too.
EXPRESSIONS = r"""
mail.example.net
$myhostname
${myhostname}
$(myhostname)
$mydomain
${myhostname?yes}
${nosuch:no}
${myhostname?{x $mydomain}:{y}}
${{$mydomain}=={example.com}?{eq}:{ne}}
${{$mydomain} == {example.com} ? {eq} : {ne}}
${{2}<{10}?{num}:{str}}
${{2a}<{10a}?{lt}:{ge}}
$$x $(myhostname) $myhostname.x
${ myhostname }
${myhostname }
${{$compatibility_level} <level {3.6} ? {old} : {new}}
${{3.10} >level {3.6} ? {newer} : {older}}
${{x} <level {3.6} ? {old} : {new}}
${{a}!={b}}
${myhostname?{x}}
${myhostname?a:b}
${nosuch?{a}:b}
${nosuch ? {a} : {b}}
${myhostname? {a} : {b}}
a$-b
${a.b}
$
x$
${}
${nosuch
$(myhostname?x)
${myhostname?{x}y}
${myhostname?{x}:{y}z}
${myhostname?${mydomain}}
${myhostname?x{y}z}
${{a}=={b}:{f}}
${{ a } == {a}?{eq}:{ne}}
${{1} >= {01} ? {y}:{n}}
${{}=={} ? {y}:{n}}
${{a} = {a} ? {y}}
${{a}=={a} ?? {y}}
{$mydomain}
$mydomain$myhostname
${smtp_helo_name}
$(mydomain}
${my-x}
"quoted"
${{$mydomain}=={example.com}?yes:no}
${{a}=={a}?{b}} x
${{2}<={2}?{y}:{n}} ${{2}>{2}?{y}:{n}} ${{3}>{2}?{y}:{n}}
${{3}<=level{3}?{y}:{n}} ${{3.1}>=level{3.2}?{y}:{n}} ${{3}==level{3}?{y}:{n}} ${{3}!=level{3}?{y}:{n}}
mail.example.com # no remark
""".strip("\n").splitlines()

NAMES = ["inet_protocols", "smtp_address_preference", "smtp_bind_address", "smtp_bind_address6", "smtp_bind_address_enforce", "smtp_helo_name",
         "myhostname", "mydomain", "myorigin", "relayhost", "relay_transport", "default_transport", "local_transport", "transport_maps",
         "sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps", "mydestination", "relay_domains", "inet_interfaces",
         "maillog_file", "syslog_name", "multi_instance_name", "multi_instance_directories", "multi_instance_enable", "smtp_fallback_relay",
         "smtp_mx_address_limit", "smtp_mx_session_limit", "smtp_randomize_addresses", "smtp_host_lookup", "smtp_dns_support_level",
         "smtp_balance_inet_protocols", "smtp_skip_5xx_greeting", "compatibility_level", "virtual_transport", "parent_domain_matches_subdomains",
         "virtual_mailbox_domains", "virtual_alias_domains", "queue_directory", "smtp_generic_maps"]

SERVICES = """\
smtp      unix  -       -       y       -       -       smtp
relay     unix  -       -       y       -       -       smtp
        -o syslog_name=${multi_instance_name?{$multi_instance_name}:{postfix}}/$service_name
"""

# main.cf, master.cf: whole files. Every parameter of NAMES and each service's own are compared.
FILES = [
    ("", SERVICES),
    ("# Debian's\nmyhostname = mail.example.com\nmydestination = $myhostname, localhost.$mydomain, , localhost\nrelayhost = \ninet_protocols = all\n", SERVICES),
    ("myhostname=mail.example.com\n  \n# remark\nmydestination =\n  $myhostname\n# between\n\n   localhost,\n\t$mydomain\nrelayhost=[r.example.net]:587\n", SERVICES),
    ("smtp_bind_address = 192.0.2.1\nsmtp_bind_address=192.0.2.2\nsmtp_bind_address =192.0.2.3\n", SERVICES),
    ("myhostname = mail.example.com\r\ninet_protocols = ipv4\r\n", SERVICES),
    ("mydomain = example.org\nmyorigin = $mydomain\nsmtp_helo_name = out.$mydomain\n", SERVICES),
    ("multi_instance_name = postfix-out\nmulti_instance_enable = yes\n", SERVICES),
    ("   myhostname = indented.example.com\nsmtp_helo_name = a.example.com\n", SERVICES),
    ("# only\n\t# remarks\n\ninet_protocols = ipv6, ipv4", SERVICES),
    ("compatibility_level = 3.6\nrelay_domains = example.net\n  example.org\n", SERVICES),
    ("fallback_relay = [f.example.net]\ntransport_maps = inline:{ {a = b:}, c=d }, static:{x y}\n", SERVICES),
    ("own_name = out.example.com\nsmtp_helo_name = $own_name\nsmtp_bind_address = ${own_name?192.0.2.9}\n", SERVICES),
    ("smtp_helo_name = first.example.com\n#smtp_helo_name = second.example.com\nsmtp_helo_name = \n third.example.com", SERVICES),
    ("", SERVICES + "  -o inet_protocols=ipv4\n# -o inet_protocols=ipv6\n  -o smtp_helo_name=relay.example.com -o { smtp_generic_maps = hash:/a b }\n"),
    ("", SERVICES + "smtp2 unix - - n - - smtp -o smtp_bind_address=192.0.2.7 -o\n smtp_bind_address6=2001:db8::7 -v\n -o {inet_protocols=ipv6}\n"),
    ("", "# x\n\n  # y\nsmtp unix - - n - - smtp\n-o unix - - n - - smtp\n out.1 unix - - n - - smtp\n"),
    ("", SERVICES + "slow unix - - n - 1 smtp\n   -o smtp_helo_name=$myhostname\n\n   -o smtp_bind_address=${nosuch?x}\n#\n   -o syslog_name=postfix/slow\n"),
    ("", SERVICES + "[::1]:10025 inet n - n - - smtpd -o content_filter=\n127.0.0.1:10026 inet n - n - - smtpd\ndovecot unix - n n - - pipe\n  flags=DRhu user=v:v argv=/bin/x -o ${sender}\n"),
    ("", SERVICES + "smtp unix - - n - - smtp -o inet_protocols=ipv4\n"),
    ("", SERVICES + "out unix - - n - - smtp -o smtp_helo_name={ a } -o smtp_generic_maps=inline:{{a=b},{c=d}} -o smtp_bind_address=\n"),
    ("inet_protocols = ipv4\nsmtp_address_preference = ipv6\n", SERVICES + "out unix - - n - - smtp -o inet_protocols=all\n"),
    ("a = b\nc\nmyhostname = mail.example.com\n", SERVICES),
    ("", SERVICES + "broken unix - - n smtp\n"),
    ("", SERVICES + "broken carrier - - n - - smtp\n"),
]

# main.cf for trivial-rewrite; {D} is its folder, with the tables below.
TABLES = {
    "transport": "# remark\nExample.NET  smtp:[a.example]:26\n.example.net :[b.example]\nnoop.example :\nerr.example error:no such\n"
                 "slow.example slow:\nreset.example smtp:\nuser@one.example slow:[u.example]\n"
                 "novalue.example\nlong.example smtp:\n  [c.example]\nport.example smtp:p.example:submission\n",
    "wild": "* slow:[w.example]\nexample.net :\n",
    "senders": "u@one.example [s1.example]\n@two.example [s2.example]:587\nd@two.example DUNNO\n",
    "services": "u@one.example slow:\n@three.example slow:[t.example]\n@two.example DUNNO\n",
    "rules": "/@rule\\.example$/ smtp:[r1.example]\n/@(.*\\.)?deep\\.example$/ slow:[r2.example]\n/^only@one\\.example$/ smtp:[r3.example]\n/.*@last\\.example$/i :[r4.example]\n",
    "domains": "listed.example\nother.example\n",
}
ROUTES = [
    "",
    "relayhost = [relay.example]\n",
    "relayhost = relay.example:587\n",
    "relayhost = [2001:db8::25]:26\n",
    "relayhost = [relay.example], [second.example]\n",
    "default_transport = slow\nrelayhost = [relay.example]\n",
    "default_transport = slow:[d.example]\nrelayhost = [relay.example]\n",
    "default_transport = error:no mail leaves\n",
    "transport_maps = texthash:{D}/transport\n",
    "transport_maps = texthash:{D}/transport\nrelayhost = [relay.example]\n",
    "transport_maps = texthash:{D}/wild, texthash:{D}/transport\nrelayhost = relay.example\n",
    "transport_maps = texthash:{D}/transport texthash:{D}/wild\n",
    "transport_maps = texthash:{D}/transport\nparent_domain_matches_subdomains = transport_maps\n",
    "transport_maps = regexp:{D}/rules, texthash:{D}/transport\n",
    "transport_maps = texthash:{D}/transport, regexp:{D}/rules\nrelayhost = [relay.example]\n",
    "transport_maps = static:smtp:[all.example]\n",
    "transport_maps = inline:{ {example.net = smtp:[i.example]}, {.example.org=slow:} }\n",
    "sender_dependent_relayhost_maps = texthash:{D}/senders\n",
    "sender_dependent_relayhost_maps = texthash:{D}/senders\nrelayhost = [relay.example]\n",
    "sender_dependent_default_transport_maps = texthash:{D}/services\n",
    "sender_dependent_default_transport_maps = texthash:{D}/services\nrelayhost = [relay.example]\n",
    "sender_dependent_default_transport_maps = texthash:{D}/services\nsender_dependent_relayhost_maps = texthash:{D}/senders\nrelayhost = [relay.example]\n",
    "sender_dependent_relayhost_maps = regexp:{D}/../sender_rules\n",
    "mydestination = example.net, listed.example\n",
    "mydestination = {D}/domains\ntransport_maps = texthash:{D}/transport\n",
    "relay_domains = example.net\nrelayhost = [relay.example]\nrelay_transport = slow\n",
    "relay_domains = !a.example.net, example.net, inline:{other.example=x}\nrelay_transport = relay:[inside.example]\n",
    "virtual_mailbox_domains = listed.example, example.net\nvirtual_transport = lmtp:unix:private/dovecot\n",
    "virtual_alias_domains = listed.example\nvirtual_alias_maps = inline:{a@listed.example=b@gmail.example}\ntransport_maps = static:slow:\n",
    "virtual_alias_maps = inline:{{listed.example = anything},{a@example.net = b}}\n",
    "local_transport = error:nothing is local\nmydestination = example.net\n",
    "mydestination = example.net\nlocal_transport = smtp:[inside.example]\n",
]
RECIPIENTS = ["gmail.example", "example.net", "a.example.net", "x.a.example.net", "noop.example", "err.example", "slow.example", "reset.example",
              "novalue.example", "long.example", "port.example", "rule.example", "deep.example", "a.deep.example", "last.example", "listed.example",
              "other.example", "a.example.org", "mail.example.com"]
SENDERS = ["x@plain.example", "u@one.example", "v@one.example", "a@two.example", "d@two.example", "a@three.example"]
SENDER_RULES = "/@two\\.example$/ [rule2.example]\n/@.*\\.one\\.example$/ [rule1.example]\n"
