#!/usr/bin/env python3
"""Writes rows.tsv: names with the reason the classifier should give, "custom" where it should give none.

    tests/generic/make_rows.py > tests/generic/rows.tsv        (fixed seed: the same rows every time)

The rows come from documented default names and encodings, filled with random addresses, and from lists of names
written by hand; never from what the classifier says. `source` names where the form is documented:

    provider:ID       the default name of data/providers/ID.json, spelt out here again by hand
    seen:ID           the same kind of name under another domain, as resellers give it
    draft-msullivan   draft-msullivan-dnsop-generic-naming-schemes: address and kind of line in the name
    bind-generate     BIND's $GENERATE: $, ${0,3,d}, ${0,2,x}
    knot-synthrecord  Knot DNS, mod-synthrecord: address with dashes behind a prefix, IPv6 too
    powerdns-lua      PowerDNS, LUA records: createReverse (%1%..%6%), createReverse6
    dnsmasq-synth     dnsmasq, synth-domain
    rfc5952, rfc4291, rfc3596   IPv6 text and nibbles
    dynrdns           kinds of access names that SpamAssassin's rules for dynamic reverse names know
    received          Received header of a public mail archive
    sender            name of a big sender, as in data/generic/senders.txt, around a random address
    hand              written by hand for this test
"""
import ipaddress
import random
import uuid

RANDOM = random.Random(20261121)
ISPS = ["isp.example", "telco.example.net", "access.example.com", "net.example.co.uk", "carrier.example.org", "fastline.example"]
CITIES = ["ams", "fra02", "lsan03", "nyc", "dublin", "osaka", "sao"]
WORDS = ["arrow", "birch", "comet", "delta", "ember", "falcon", "gamma", "harbor", "indigo", "juniper", "kepler", "lotus", "maple",
         "nimbus", "orchid", "pepper", "quartz", "raven", "saffron", "tango", "umbra", "violet", "walnut", "xenon", "yarrow", "zephyr"]
COMPANIES = ["example.com", "example.org", "acme.example", "widgets.example.net", "hospital.example", "uni.example.edu",
             "verlag.example.de", "shop.example.co.uk", "bank.example"]


def v4():
    while True:
        address = ipaddress.IPv4Address(RANDOM.getrandbits(32))
        if address.is_global and not address.is_multicast:
            return address


def v6():
    """Random interface identifiers, as of SLAAC, and low ones, as of servers."""
    prefix = 0x2000 << 112 | RANDOM.getrandbits(61) << 64
    return ipaddress.IPv6Address(prefix | (RANDOM.getrandbits(64) if RANDOM.random() < 0.7 else RANDOM.randrange(1, 4096)))


def hex_of(length):
    """Hexadecimal digits with at least two decimal ones and a letter: else it is a word or a number."""
    while True:
        text = "".join(RANDOM.choice("0123456789abcdef") for _ in range(length))
        if sum(c.isdigit() for c in text) >= 2 and not text.isdigit():
            return text


def number(digits):
    return str(RANDOM.randrange(10 ** (digits - 1), 10 ** digits))


def parts(address):
    a, b, c, d = address.packed
    return {"a": a, "b": b, "c": c, "d": d, "A": f"{a:03}", "B": f"{b:03}", "C": f"{c:03}", "D": f"{d:03}",
            "w": f"{a:02x}", "x": f"{b:02x}", "y": f"{c:02x}", "z": f"{d:02x}", "int": int(address),
            "n": number(2), "nn": number(3), "city": RANDOM.choice(CITIES)}


def fill(template, address):
    out = template
    for key, value in parts(address).items():
        out = out.replace("{" + key + "}", str(value))
    return out.replace("{isp}", RANDOM.choice(ISPS))


ROWS = []


def row(name, address, expected, source, shared=0):
    ROWS.append((name, str(address), expected, source, str(shared)))


V4_NAMES = [  # template, source
    ("{a}-{b}-{c}-{d}.{isp}", "bind-generate"), ("ip-{a}-{b}-{c}-{d}.{isp}", "powerdns-lua %5%"),
    ("{a}.{b}.{c}.{d}.{isp}", "powerdns-lua %1% to %4%"), ("{d}.{c}.{b}.{a}.{isp}", "provider:gcp, other domain"),
    ("{d}-{c}-{b}-{a}.{isp}", "provider:scaleway-instances, other domain"), ("h{a}-{b}-{c}-{d}.{city}.{isp}", "draft-msullivan"),
    ("host-{A}-{B}-{C}-{D}.{isp}", "bind-generate ${0,3,d}"), ("host{A}{B}{C}{D}.{isp}", "bind-generate ${0,3,d}"),
    ("ip{w}{x}{y}{z}.{isp}", "powerdns-lua %6%"), ("{w}-{x}-{y}-{z}.{isp}", "bind-generate ${0,2,x}"),
    ("x{z}{y}{x}{w}.{isp}", "provider:dtag, octets reversed"), ("p{w}{x}{y}{z}.{city}.{isp}", "provider:dtag, other domain"),
    ("{int}.{isp}", "dynrdns (address as one number)"), ("{d}.red-{a}-{b}-{c}.{isp}", "received (rima-tde.net)"),
    ("ip{d}.ip-{a}-{b}-{c}.{isp}", "provider:ovh, other domain"), ("net-{b}-{c}-{d}.{city}.{isp}", "received (rdu25-28-106)"),
    ("a{a}b{b}c{c}d{d}.{isp}", "hand"), ("{a}_{b}_{c}_{d}.{isp}", "hand"), ("dyn-{a}-{b}-{c}-{d}.{isp}", "draft-msullivan"),
    ("{a}-{b}-{c}-{d}.static.dsl.{isp}", "draft-msullivan"), ("synth-{a}-{b}-{c}-{d}.{isp}", "knot-synthrecord"),
    ("internal-{a}-{b}-{c}-{d}.{isp}", "dnsmasq-synth"), ("mail-{a}-{b}-{c}-{d}.{isp}", "hand"),
    ("c{A}-{B}-{C}-{D}.{city}.{isp}", "received (alltel.net)"), ("z{C}{D}.{city}.{isp}", "received (veloxzone)"),
    ("k{c}-{d}.{city}.{isp}", "received (eircom.net)"),
]
V6_NAMES = [
    (lambda a: a.exploded.replace(":", "-"), "dnsmasq-synth"),
    (lambda a: "dyn-" + a.exploded.replace(":", "-"), "knot-synthrecord"),
    (lambda a: a.exploded.replace(":", ""), "powerdns-lua createReverse6"),
    (lambda a: ".".join(a.exploded.replace(":", "")), "rfc3596 nibbles forward"),
    (lambda a: ".".join(reversed(a.exploded.replace(":", ""))), "rfc3596 nibbles backward"),
    (lambda a: "ip6-" + a.exploded.replace(":", "")[16:], "provider:upcloud, other domain"),
    (lambda a: "-".join(f"{int(g, 16):x}" for g in a.exploded.split(":")), "rfc4291"),
]


def ip_in_name():
    for template, source in V4_NAMES:
        for _ in range(12):
            address = v4()
            row(fill(template, address), address, "ip_in_name", source)
    for make, source in V6_NAMES:
        for _ in range(12):
            address = v6()
            row(f"{make(address)}.{RANDOM.choice(ISPS)}", address, "ip_in_name", source)
    for _ in range(12):
        address = v6()  # the first zeros stay, as a label may not end in a dash
        row(f"ip-{address.compressed.replace(':', '-')}.{RANDOM.choice(ISPS)}", address, "ip_in_name", "rfc5952, powerdns-lua createReverse6")


DEFAULTS = {
    "aws-ec2": ["ec2-{a}-{b}-{c}-{d}.eu-west-1.compute.amazonaws.com", "ec2-{a}-{b}-{c}-{d}.compute-1.amazonaws.com"],
    "gcp": ["{d}.{c}.{b}.{a}.bc.googleusercontent.com"],
    "azure": ["{word}{nn}.westeurope.cloudapp.azure.com"],
    "huawei": ["ecs-{a}-{b}-{c}-{d}.compute.hwclouds-dns.com"],
    "linode": ["{a}-{b}-{c}-{d}.ip.linodeusercontent.com", "li{nn}-{d}.members.linode.com"],
    "vultr": ["{a}.{b}.{c}.{d}.vultrusercontent.com", "{a}.{b}.{c}.{d}.vultr.com"],
    "hetzner-cloud": ["static.{d}.{c}.{b}.{a}.clients.your-server.de"],
    "ovh": ["ip{d}.ip-{a}-{b}-{c}.eu", "ns3{nn}{nn}.ip-{a}-{b}-{c}.net", "vps-{hex8}.vps.ovh.net"],
    "ovh-eco": ["ks3{nn}{nn}.kimsufi.com"],
    "scaleway-instances": ["{d}-{c}-{b}-{a}.instances.scw.cloud", "{uuid}.pub.instances.scw.cloud"],
    "scaleway-metal": ["{a}-{b}-{c}-{d}.rev.poneytelecom.eu"],
    "contabo": ["vmi{nn}{nn}.contaboserver.net", "vmd{nn}{nn}.contaboserver.net"],
    "netcup": ["v22017{n}{nn}{nn}{nn}.goodsrv.de", "ptr.{d}.{c}.{b}.{a}.static.yourvserver.net"],
    "strato": ["h2{nn}{nn}.stratoserver.net"],
    "upcloud": ["{a}-{b}-{c}-{d}.nl-ams1.upcloud.host", "{a}-{b}-{c}-{d}.v6.de-fra1.upcloud.host"],
    "hostinger": ["srv{nn}{nn}.hstgr.cloud"],
    "godaddy": ["{d}.{c}.{b}.{a}.host.secureserver.net"],
    "namecheap": ["{word}-{word}.vpsrdns.web-hosting.com"],
    "rackspace": ["{a}-{b}-{c}-{d}.static.cloud-ips.com"],
    "leaseweb": ["hosted-by.leaseweb.com"],
    "hostwinds": ["hwsrv-{nn}{nn}.hostwindsdns.com", "client-{a}-{b}-{c}-{d}.hostwindsdns.com"],
    "transip": ["{a}-{b}-{c}-{d}.colo.transip.net", "{a}-{b}-{c}-{d}.static.transip.net"],
    "sakura": ["ik1-{nn}-{nn}{n}.vs.sakura.ne.jp", "os3-{nn}-{nn}{n}.vs.sakura.ne.jp"],
    "limacity": ["{nn}{n}.trafficplex.cloud"],
    "comcast": ["c-{a}-{b}-{c}-{d}.hsd1.ca.comcast.net", "{a}-{b}-{c}-{d}-static.hfc.comcastbusiness.net"],
    "spectrum": ["syn-{A}-{B}-{C}-{D}.res.spectrum.com", "{A}-{B}-{C}-{D}.biz.spectrum.com"],
    "att": ["{a}-{b}-{c}-{d}.lightspeed.wepbfl.sbcglobal.net"],
    "verizon": ["pool-{a}-{b}-{c}-{d}.nwrknj.fios.verizon.net"],
    "dtag": ["p{w}{x}{y}{z}.dip0.t-ipconnect.de", "p{w}{x}{y}{z}.dip.t-dialin.net"],
    "vodafone": ["net-{a}-{b}-{c}-{d}.cust.vodafonedsl.it"],
    "bt": ["host{a}-{b}-{c}-{d}.range{a}-{b}.btcentralplus.com"],
    "orange-fr": ["arennes-258-1-{c}-{d}.w{a}-{b}.abo.wanadoo.fr"],
    "zen": ["{a}-{b}-{c}-{d}.dsl.in-addr.zen.co.uk"],
}


def provider_default():
    for provider, templates in DEFAULTS.items():
        for template in templates:
            for _ in range(8 if len(templates) == 1 else 4):
                address = v4()
                name = template
                while "{word}" in name:
                    name = name.replace("{word}", RANDOM.choice(WORDS), 1)
                while "{nn}" in name:
                    name = name.replace("{nn}", number(3), 1)
                name = name.replace("{hex8}", hex_of(8)).replace("{uuid}", str(uuid.UUID(int=RANDOM.getrandbits(128))))
                row(fill(name, address), address, "provider_default", f"provider:{provider}")


SERVERS = [
    (lambda: "vmi" + number(6), "seen:contabo"), (lambda: "vmd" + number(5), "seen:contabo"),
    (lambda: "vps-" + hex_of(8), "seen:ovh"), (lambda: "vps" + number(6), "seen:ovh"), (lambda: "ns3" + number(6), "seen:ovh"),
    (lambda: "ks3" + number(6), "seen:ovh-eco"), (lambda: "srv" + number(6), "seen:hostinger"),
    (lambda: "srv-" + hex_of(6), "hand"), (lambda: "h2" + number(6), "seen:strato"),
    (lambda: "v22017" + number(11), "seen:netcup"), (lambda: "hwsrv-" + number(6), "seen:hostwinds"),
    (lambda: "sd-" + number(5), "hand (dedicated servers)"), (lambda: "i-" + "0" + hex_of(16), "hand (instance id)"),
    (lambda: "vm-" + hex_of(5), "hand"), (lambda: "server-" + number(5), "hand"), (lambda: "c" + number(5), "received (optusnet)"),
    (lambda: "cs" + number(6), "received (htv.fi)"), (lambda: "h00" + hex_of(10), "received (attbi, MAC address)"),
    (lambda: str(uuid.UUID(int=RANDOM.getrandbits(128))), "provider:scaleway-instances, other domain"),
    (lambda: "instance-" + number(7), "hand"), (lambda: "node" + number(5), "hand"), (lambda: "kvm" + number(5), "hand"),
]


def server_id():
    for make, source in SERVERS:
        for _ in range(10):
            row(f"{make()}.{RANDOM.choice(ISPS)}", v4() if RANDOM.random() < 0.8 else v6(), "server_id", source)


ACCESS = [
    ("dhcp-{n}-{n}.{isp}", "dynrdns DHCP"), ("dhcp{nn}.{city}.{isp}", "dynrdns DHCP"), ("dsl{nn}-{n}.{isp}", "draft-msullivan"),
    ("adsl-{nn}.{city}.{isp}", "draft-msullivan"), ("vdsl{n}.{isp}", "draft-msullivan"), ("{word}.adsl.{isp}", "draft-msullivan"),
    ("{word}.dyn.{isp}", "draft-msullivan"), ("{word}.dynamic.{isp}", "draft-msullivan"), ("dynamic.{isp}", "draft-msullivan"),
    ("ppp{nn}.{city}.{isp}", "dynrdns DIALUP"), ("pppoe-{nn}.{isp}", "dynrdns"), ("dialup{nn}.{isp}", "dynrdns DIALUP"),
    ("{word}{n}.dial.{isp}", "dynrdns DIALUP"), ("modem-{nn}.{city}.{isp}", "dynrdns DIALUP"), ("pool-{nn}.{city}.{isp}", "dynrdns"),
    ("p{n}.pool{n}.{isp}", "received (interbusiness)"), ("cable-{n}.{city}.{isp}", "received (sigecom)"),
    ("cpe-{nn}.{city}.{isp}", "dynrdns"), ("{word}.cpe.{isp}", "dynrdns"), ("client-{nn}.{isp}", "dynrdns"),
    ("customer{nn}.{isp}", "dynrdns"), ("user{nn}.{isp}", "dynrdns"), ("host-{D}.{isp}", "draft-msullivan, last octet"),
    ("pm{n}-{n}.{city}.{isp}", "received (PortMaster)"), ("{word}{nn}.customer.{isp}", "hand"), ("ftth-{nn}.{isp}", "hand"),
    ("{word}-{nn}.broadband.{isp}", "hand"), ("isdn{n}-{n}.{isp}", "dynrdns DIALUP"),
]


def access_word():
    for template, source in ACCESS:
        for _ in range(9):
            address = v4()
            name = template.replace("{word}", RANDOM.choice(WORDS))
            while "{nn}" in name:
                name = name.replace("{nn}", number(3), 1)
            while "{n}" in name:
                name = name.replace("{n}", number(2), 1)
            row(fill(name, address), address, "access_word", source)


def shared_name():
    """The same names as custom when nobody shares them; a sender's are custom even so."""
    for word in WORDS:
        for company in COMPANIES:
            address = v4()
            name = f"{RANDOM.choice(['host', 'hosted-by', 'server', 'static', word])}.{word}.{company}"
            row(name, address, "shared_name", "hand", shared=1)
            row(name, address, "custom", "hand")


ROLES = ["mail", "mx", "smtp", "relay", "mta", "out", "smtp-out", "mailout", "mx-out", "outbound", "ns", "www", "web", "imap", "gw",
         "app", "db", "git", "lists", "bounce", "k8s-worker", "node", "host", "srv", "server", "vpn", "edge", "proxy"]


def roles():
    """What people call servers: a role, a small number or two, a site."""
    for role in ROLES:
        for form in ["{r}{i}.{c}", "{r}0{i}.{s}.{c}", "{r}-{i}.{c}", "{r}{i}-{s}.{c}", "{r}-{s}-0{i}.{c}", "{r}{k}.{c}"]:
            name = form.format(r=role, i=RANDOM.randrange(1, 10), k=RANDOM.randrange(10, 100), s=RANDOM.choice(CITIES), c=RANDOM.choice(COMPANIES))
            row(name, away_from(name), "custom", "hand (role and number)")
    for word in WORDS:
        for company in RANDOM.sample(COMPANIES, 4):
            row(f"{word}.{company}", v4(), "custom", "hand")
            row(f"{word}{RANDOM.randrange(1, 100)}.{company}", v4(), "custom", "hand")
            name = f"{word}.{company}"
            row(name, v6(), "custom", "hand")


def away_from(name):
    """An address none of whose octets stands in the name: a number in it is then not of the address."""
    while True:
        address = v4()
        if not any(str(octet) in name for octet in address.packed):
            return address


HARD = """mail3.example.com mx01.ams.example.net cable-one.example www.cable-one.example mail.cable-one.example ip-tools.example.com
tools.ip-tools.example v4.example v6.example.org 2001.example.org mail.2001.example.org smtp-out-12.example smtp-out-12.example.com
mx.dslreports.example mail.dsl-shop.example dynamics.example.com mail.dynamics.example mail.generaldynamics.example poolparty.example.org
mail.poolparty.example swimmingpool.example.com hostpoint.example.ch mail.hostpoint.example clientele.example.com userlane.example.com
staticfiles.example.com static.example.com cable.example.com dhcp.example.com dhcp1.example.com pool.example.org dsl.example.com ip.example.com
host.example.com host2.example.com client.example.com user.example.com customer.example.com ppp.example.com dial.example.com cpe.example.com
dialogue.example.com mail.dial4light.example news-2024-07.example.com newsletter202401.example.com backup20240131.example.com srv2019.example.com
win2016.example.com vm12.example.com vps1.example.com vps.example.com node7.example.com web20802.mail.example.com mail213.mail.example.com
s1.example.com s4.smtp.example.net ip4.example.com ipv6.example.com ip6-gw.example.com mail-ipv4.example.com 4ward.example.com 3com.example
mail.1und1.example 1and1.example.com mx.365.example.com office365.example.com smtp.24seven.example b2b-mail.example.com web2.example.com
mail.world4you.example smtp.4d.example.com rs6000.example.net as400.example.com vax780.example.org sun4.example.edu alpha21164.cs.example.edu
deadbeef.example.com cafe.example.com facade.example.org decade.example.com mail.c0ffee.example feedbeef.example.net beef.cafe.example.com
mail-de-be-fra.example.com a1.example.com b52.example.com f16.example.mil r2d2.example.org c3po.example.org hal9000.example.com u2.example.com
route66.example.com area51.example.com studio54.example.com sector7g.example.com room101.example.com agent007.example.com level42.example.com
mta-sts.example.com autodiscover.example.com exchange2016.example.com ex01.example.local.example.com dc01.example.com rdns.example.com
nat.example.com ar1-nat-sp.example.net slim-eth0.example.net fw2.ctsg.example.com pimout1-ext.example.net sccrmhc01.example.com
wstutil12a-v.example.com out001pub.example.net pcow058o.example.co.uk nycsmtp3out.rdc-nyc.example.com fep02-0.example.fi iulus.ip4.example.org
static1.example.com staticcdn.example.com broadbandreports.example mail.broadband-forum.example fiberglass.example.com resonance.example.com
mail.ftth-council.example userpool.example.com customers.example.com my-customer.example.com residential-care.example.org home.example.com
mobile.example.com lte.example.com mail.gprs.example wimax.example.org isdn.example.org modem.example.com dip.example.org
mail.pool.example.com mx1.dyn.example.com smtp.dsl.example.net mail.cable.example.com relay3.cust.example.net ns1.dynamic.example.org
host1.example.com host12.example.com client7.example.com user3.example.com cust5.example.com cpe1.example.com pool2.example.com
serverfarm.example.com server1.example.com server-a.example.com server.example.com vm-web01.example.com vm-mail.example.com vps-mail1.example.com
node-exporter.example.com cloud.example.com cloud9.example.com instance.example.com container-ship.example.com droplet.example.com
kvm-host1.example.com srv-cafe.example.com srv-a.example.com srv01.example.com sd-card.example.com sd-wan1.example.com
box.example.com www.example.com example.com example.net mail.example.co.uk mx.example.com.au mail.xn--bcher-kva.example xn--mnchen-3ya.example
smtp-20.example.com gateway-1-2.example.com rack4-u12.example.com sw1-2-3.example.com ge-0-0-1.core1.example.net ae1-100.cr2.example.net
xe-1-2-0.edge3.example.net te0-1-0-3.rcr21.example.net vlan100.sw1.example.com lo0.r1.example.net po1.bb1.example.net bb1.ams.example.net""".split()

RECEIVED = [  # names of senders, most of them big, as seen in public mail archives
    ("mail-northcentralusazon11012028.outbound.protection.outlook.com", "40.107.200.28"), ("mail-bn8nam12on2050.outbound.protection.outlook.com", "40.107.237.50"),
    ("mail-db3eur04on2062.outbound.protection.outlook.com", "40.107.6.62"), ("mail-eopbgr690081.outbound.protection.outlook.com", "40.107.69.81"),
    ("mail-am6eur05on2075.outbound.protection.outlook.com", "40.107.22.75"), ("mail180-16.suw31.mandrillapp.com", "198.2.180.16"),
    ("mail177-1.suw61.mandrillapp.com", "198.2.177.1"), ("mail128-19.atl41.mandrillapp.com", "198.2.128.19"),
    ("m43-7.mailgun.net", "69.72.43.7"), ("so254-9.mailgun.net", "198.61.254.9"), ("mail136-64.atl31.rsgsv.net", "198.2.136.64"),
    ("mail82.sea91.rsgsv.net", "148.105.15.82"), ("mta-174-81-118.atlassian.net.sparkpostmail.com", "192.174.81.118"),
    ("sonic314-20.consmr.mail.ne1.yahoo.com", "66.163.189.146"), ("sonic309-27.consmr.mail.ne1.yahoo.com", "66.163.184.153"),
    ("out-25.smtp.github.com", "192.30.252.208"), ("mta202a-ord.mtasv.net", "104.245.209.202"), ("sc-ord-mta120.mtasv.net", "50.31.156.120"),
    ("o84.p38.mailjet.com", "185.250.237.84"), ("o128.p8.mailjet.com", "87.253.233.128"), ("o1678993x53.outbound-mail.sendgrid.net", "167.89.93.53"),
    ("xtrwsrhn.outbound-mail.sendgrid.net", "167.89.101.2"), ("66-220-155-156.mail-mail.facebook.com", "66.220.155.156"),
    ("69-171-232-143.mail-mail.facebook.com", "69.171.232.143"), ("bi.d.mailin.fr", "185.41.28.109"),
    ("mout-p-201.mailbox.org", "80.241.56.171"), ("mo4-p01-ob.smtp.rzone.de", "85.215.255.51"), ("smtp-vbr7.xs4all.nl", "194.109.24.27"),
    ("smtp-8fad.mail.infomaniak.ch", "83.166.143.173"), ("mail-1y.bbox.fr", "194.158.98.14"), ("srv125.tophost.ch", "194.150.248.5"),
    ("mga06.intel.com", "134.134.136.31"), ("relay.smtp-ext.broadcom.com", "192.19.144.207"),
    ("smtp-relay-internal-0.canonical.com", "185.125.188.122"), ("mail-wm1-x344.google.com", "2a00:1450:4864:20::344"),
    ("lists.gnu.org", "209.51.188.17"), ("smtp-out1.suse.de", "195.135.220.28"), ("mout.gmx.net", "212.227.17.21"),
]
SENDERS = ["a{c}-{d}.smtp-out.amazonses.com", "a{c}-{d}.smtp-out.eu-west-1.amazonses.com", "o{a}-{b}-{c}-{d}.outbound-mail.sendgrid.net",
           "mail-qt1-f{d}.google.com", "{city}s11-in-f{d}.1e100.net", "m{c}-{d}.mailgun.net", "{a}-{b}-{c}-{d}.mail-mail.facebook.com"]


def custom():
    roles()
    for name in HARD:
        row(name, away_from(name), "custom", "hand (hard)")
    for name, address in RECEIVED:
        row(name, address, "custom", "received")
    for template in SENDERS:
        for _ in range(6):
            address = v4()
            row(fill(template, address), address, "custom", "sender", shared=RANDOM.randrange(2))
    for _ in range(120):  # numbers, but not the address's
        other, form = v4(), RANDOM.choice(["mail.{a}-{b}.{company}", "www.{b}{c}.{company}", "release-{n}.{n}.{company}", "mx{n}-{nn}.{company}", "build.{nn}.{company}"])
        name = fill(form.replace("{company}", RANDOM.choice(COMPANIES)), other)
        row(name, away_from(name), "custom", "hand (numbers of another address)")


def main():
    for part in (ip_in_name, provider_default, server_id, access_word, shared_name, custom):
        part()
    print("name\taddress\texpected\tsource\tshared")
    for cells in ROWS:
        print("\t".join(cells))


if __name__ == "__main__":
    main()
