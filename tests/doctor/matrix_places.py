"""Where things are in the matrix: a mail host with two addresses per family, receivers that take or refuse, and a DNS for them.

The mail host's network is that of `fcrdns lab`; the receivers have one of their own, at the other end of a cable (veth):
so the kernel chooses a source as it does towards the internet.
"""

import os
import subprocess

HOST = "out.example.org"
CLIENT = {4: ["203.0.113.5", "203.0.113.9"], 6: ["2001:db8:12:34::1", "2001:db8:12:34::2"]}  # the mail host's own
ABSENT = {4: "203.0.113.77", 6: "2001:db8:12:34::77"}
ROUTER = {4: "203.0.113.1", 6: "2001:db8:12:34::ffff"}
SERVERS = ["postfix", "exim", "opensmtpd", "sendmail"]

DEFER = "450 4.7.25 Client host rejected: cannot find your hostname"
OK = "250 2.1.5 OK"
# What a receiver answers to RCPT, by family (None: nobody listens; 421: said in place of the greeting).
RECEIVERS = {"takes": {4: OK, 6: OK}, "defers": {4: DEFER, 6: DEFER}, "deaf4": {4: None, 6: OK}, "deaf6": {4: OK, 6: None},
             "relay": {4: OK, 6: OK}, "defers4": {4: DEFER, 6: OK},
             "closes": {4: "421 4.7.0 Refused", 6: "421 4.7.0 Refused"}}
# Of each as many as get a mail, at addresses of their own: nothing that a server remembers of one tells on the next.
MANY = dict.fromkeys(RECEIVERS, 1) | {"defers": 3, "deaf4": 2, "deaf6": 2}
TAKES = {"postfix": 20, "opensmtpd": 16}  # enough to tell chance from a rule
HALF_FIX = {"postfix": 20}  # put off over IPv4 only
EACH = [(server, receiver, number) for server in SERVERS for receiver in RECEIVERS for number in range(
        {"takes": TAKES.get(server, 6), "defers4": HALF_FIX.get(server, 0)}.get(receiver, MANY[receiver]))]


def all_of(server, receiver):
    return [one for one in EACH if one[:2] == (server, receiver)]


def address(server, receiver, number, family):
    last = 10 + EACH.index((server, receiver, number))
    return f"198.51.100.{last}" if family == 4 else f"2001:db8:51::{last:x}"


def host(server, receiver, number=0):
    return f"mx.{domain(server, receiver, number)}"


def domain(server, receiver, number=0):
    return f"{receiver}{number}.{server}.example"


def world():
    """The DNS, as `fcrdns lab --world` reads it. IPv4 has its PTR, IPv6 has none."""
    letters = {"a": "198.41.0.4 2001:503:ba3e::2:30", "b": "170.247.170.2 2801:1b8:10::b 199.9.14.201 2001:500:200::b",
               "c": "192.33.4.12 2001:500:2::c", "d": "199.7.91.13 2001:500:2d::d", "e": "192.203.230.10 2001:500:a8::e",
               "f": "192.5.5.241 2001:500:2f::f", "g": "192.112.36.4 2001:500:12::d0d", "h": "198.97.190.53 2001:500:1::53",
               "i": "192.36.148.17 2001:7fe::53", "j": "192.58.128.30 2001:503:c27::2:30", "k": "193.0.14.129 2001:7fd::1",
               "l": "199.7.83.42 2001:500:9f::42", "m": "202.12.27.33 2001:dc3::35"}
    roots = " ".join(f"{letter}.root-servers.net." for letter in letters)
    lines = [*(f"$SERVER {letter}.root-servers.net. {addresses}" for letter, addresses in letters.items()),
             "$SERVER ns1.dns.net. 192.0.2.1 2001:db8:53:1::1",
             f"$ZONE . {roots} signed", f"$ZONE root-servers.net. {roots}",
             *(f"$ZONE {zone} ns1.dns.net. signed" for zone in ("arpa.", "com.", "net.", "org.")), "$ZONE dns.net. ns1.dns.net.",
             "$ZONE example.org. ns1.dns.net.", f"{HOST}. TXT \"v=spf1 ip4:203.0.113.0/28 -all\"",
             *(f"{HOST}. {'A' if family == 4 else 'AAAA'} {own}" for family in CLIENT for own in CLIENT[family]),
             "$ZONE [203.0.113.0/24] ns1.dns.net.", *(f"[{own}] PTR {HOST}." for own in CLIENT[4]),
             "$ZONE [2001:db8:12::/48] ns1.dns.net.", "$ZONE example. ns1.dns.net."]
    for one in EACH:
        lines.append(f"{domain(*one)}. MX 10 {host(*one)}.")
        for family in RECEIVERS[one[1]]:
            lines.append(f"{host(*one)}. {'A' if family == 4 else 'AAAA'} {address(*one, family)}")
    return "\n".join(lines) + "\n"


def ip(lines, inside=None):
    """ip(8), in the network of the process `inside`."""
    enter = ["nsenter", f"--net=/proc/{inside}/ns/net"] if inside else []
    subprocess.run([*enter, "ip", "-batch", "-"], input="\n".join(lines) + "\n", check=True, capture_output=True, text=True, timeout=30)


def add(address, length, device):
    return f"address add {address}/{length} dev {device}" + (" nodad" if ":" in address else "")


def lay_cable(outside):
    """From here to the network of the process `outside`, which gets the receivers' addresses."""
    ip([f"link add eth0 type veth peer name eth0 netns {outside}"])
    length = {4: 24, 6: 64}
    ip(["link set lo up", "link set eth0 up", *(add(ROUTER[family], length[family], "eth0") for family in ROUTER),
        *(add(address(*one, family), 32 if family == 4 else 128, "lo") for one in EACH for family in (4, 6))], inside=outside)
    ip(["link set eth0 up", *(add(own, length[family], "eth0") for family in CLIENT for own in CLIENT[family]),
        *(f"route add default via {ROUTER[family]}" for family in ROUTER)])


def write_world(folder):
    path = os.path.join(folder, "matrix.world")
    with open(path, "w", encoding="ascii") as out:
        out.write(world())
    return path
