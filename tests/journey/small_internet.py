"""The small internet of the journey: signed above, and below it a reverse zone of each family and a domain that a BIND
changes on request (RFC 2136, RFC 8945), with a secondary that comes to look only every few seconds."""

import os
import re
import threading
import time

import internet
import servers
import stage
from dns_wire import A, AAAA, AD, PTR, RD, SOA, ask

NEGATIVE = 20  # seconds that a cache holds an absence, and an old PTR
LAG = 4        # seconds between two looks of the secondary at its primary
KEY = internet.TsigKey("journey", "c2l4dGVlbiBvY3RldHMgYW5kIG1vcmUgb2YgdGhlbSAuLi4=")
PRIMARY, SECONDARY = "192.0.2.4", "192.0.2.3"
OLD = "old.example.com."  # the name of an earlier server, which is elsewhere now
UNBOUND, BIND = servers.UNBOUND, servers.BIND  # the caches of two receivers

NUMBERS = f"unsigned negative={NEGATIVE} soa_ttl=3600 refresh={LAG} retry=2 expire=1000"
LINES = f"""\
$SERVER registry knot 192.0.2.1 2001:db8:53::1
$SERVER names nsd 192.0.2.2 2001:db8:53::2
$SERVER primary bind {PRIMARY} 2001:db8:53::4
$SERVER secondary nsd {SECONDARY} 2001:db8:53::3
$ZONE . root signed
$ZONE arpa. registry signed
$ZONE in-addr.arpa. registry signed
$ZONE ip6.arpa. registry nsec3
$ZONE com. registry nsec3
$ZONE net. registry signed
$ZONE servers.net. names signed
$ZONE example.com. primary,secondary<primary {NUMBERS}
{OLD} A 192.0.2.250
{OLD} AAAA 2001:db8::250
$ZONE [203.0.113.0/24] primary,secondary<primary {NUMBERS}
$ZONE [2001:db8:113::/48] primary,secondary<primary {NUMBERS}
"""
CHANGING = ("example.com.", "113.0.203.in-addr.arpa.", "3.1.1.0.8.b.d.0.1.0.0.2.ip6.arpa.")
READY = [(".", SOA, RD, lambda reply: reply.flags & AD and reply.rcode == 0),
         *((apex, SOA, RD, lambda reply: reply.rcode == 0 and reply.answer_count) for apex in CHANGING)]


class SmallInternet(stage.Stage):
    def __init__(self, root, folder, beside):
        world = internet.Internet("journey", LINES.splitlines())
        for zone in world.zones:
            if zone.apex in CHANGING:
                zone.update_key = KEY
        # One cache may be looked into without making it ask; the other one hears everything from the secondary, that is, late.
        super().__init__(world, root, folder, READY, beside, unbound_access="allow_snoop",
                         bind_never_asks=world.servers["primary"].addresses)
        self.key = os.path.join(folder, "key")
        with open(os.open(self.key, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as out:
            out.write(KEY.clause() + "\n")

    def change(self, *lines):
        """As an operator does it by hand, with nsupdate; one update for each zone."""
        file = os.path.join(self.folder, f"update-{time.monotonic_ns()}")
        with open(file, "w", encoding="ascii") as out:
            out.write("\n".join([f"server {PRIMARY}", *(f"{line}\nsend" for line in lines)]) + "\n")
        self.programs.run("nsupdate", "-k", self.key, file, cwd=self.folder)

    def log(self, server):
        with open(os.path.join(self.folder, server, "log"), encoding="utf-8", errors="replace") as source:
            return source.read()

    def added(self, way):
        """The types of the records that updates brought for that host, in their order, as the primary logs them."""
        names = "|".join(re.escape(name.rstrip(".")) for name in (way.name, way.reverse_name))
        return re.findall(rf"updating zone '\S+': adding an RR at '(?:{names})' (\w+)", self.log("primary"))

    @staticmethod
    def serials():
        """By zone: each update that changes something makes the primary count one up."""
        return {apex: ask(PRIMARY, apex, SOA, 0).records[0][2] for apex in CHANGING}


class Way:
    """One way out for mail: an address, and the name that is to be its."""

    def __init__(self, address, name):
        self.address, self.name = address, name
        self.reverse_name = internet.reverse_name(f"[{address}]")
        self.family = 6 if ":" in address else 4

    @property
    def questions(self):
        """name, type, and what the answer is to hold; forward before reverse"""
        return [(self.name, AAAA if self.family == 6 else A, self.address), (self.reverse_name, PTR, self.name)]

    @property
    def types(self):
        return ["AAAA" if self.family == 6 else "A", "PTR"]

    @property
    def additions(self):
        """The lines for nsupdate."""
        return [f"update add {name} 60 {kind} {data}" for (name, _, data), kind in zip(self.questions, self.types)]


def shows(server, question):
    """Whether the server says it by itself, without asking others; a cache: whether it holds it."""
    name, kind, wanted = question
    reply = ask(server, name, kind, 0)
    return reply is not None and reply.rcode == 0 and any(data == wanted for found, _, data in reply.records if found == kind)


def held(cache, question):
    """What a cache holds, in a word ("-": nothing); asked without recursion, which plants nothing."""
    name, kind, wanted = question
    reply = ask(cache, name, kind, 0)
    if reply is None or reply.rcode not in (0, 3):
        return "-"
    told = [data for found, _, data in reply.records if found == kind]
    return "right" if wanted in told else "another" if told else "NXDOMAIN" if reply.rcode == 3 else "-"


def await_shown(question):
    """Until both servers show it."""
    deadline = time.time() + 30
    while not all(shows(server, question) for server in (PRIMARY, SECONDARY)):
        if time.time() > deadline:
            raise RuntimeError(f"not on both servers in 30 s: {question}")
        time.sleep(0.1)


class Watch(threading.Thread):
    """When each server showed each record first, seen from outside."""

    def __init__(self, way):
        super().__init__(daemon=True)
        self.way, self.since, self.complete = way, {}, threading.Event()
        self.start()

    def run(self):
        wanted = [(server, question) for question in self.way.questions for server in (PRIMARY, SECONDARY)]
        while wanted:
            for server, question in list(wanted):
                if shows(server, question):
                    self.since[server, question[1]] = time.time()
                    wanted.remove((server, question))
            time.sleep(0.04)
        self.complete.set()

    @property
    def everywhere(self):
        return max(self.since.values()) if self.complete.is_set() else None
