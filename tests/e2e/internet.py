"""Reads internet.zones: who serves what, what is in it, and the records that follow from the delegations."""

import dataclasses
import ipaddress
import re

# IANA's root servers. b.root moved in 2023; both of its addresses answer, for programs with older hints.
ROOT_SERVERS = {
    "a": ["198.41.0.4", "2001:503:ba3e::2:30"], "b": ["170.247.170.2", "2801:1b8:10::b"],
    "c": ["192.33.4.12", "2001:500:2::c"], "d": ["199.7.91.13", "2001:500:2d::d"],
    "e": ["192.203.230.10", "2001:500:a8::e"], "f": ["192.5.5.241", "2001:500:2f::f"],
    "g": ["192.112.36.4", "2001:500:12::d0d"], "h": ["198.97.190.53", "2001:500:1::53"],
    "i": ["192.36.148.17", "2001:7fe::53"], "j": ["192.58.128.30", "2001:503:c27::2:30"],
    "k": ["193.0.14.129", "2001:7fd::1"], "l": ["199.7.83.42", "2001:500:9f::42"],
    "m": ["202.12.27.33", "2001:dc3::35"],
}
FORMER_ROOT_ADDRESSES = ["199.9.14.201", "2001:500:200::b"]

SIGNED_STATES = ("signed", "nsec3", "wrong_ds", "expired", "tampered")
SERIAL = 2026010101


@dataclasses.dataclass
class Server:
    name: str
    software: str
    addresses: list
    host: str
    zones: list = dataclasses.field(default_factory=list)     # those it is meant to answer for
    holdings: list = dataclasses.field(default_factory=list)  # those it has, once the files are written


@dataclasses.dataclass
class Listed:
    """A server of a zone, as the $ZONE line has it."""
    server: Server
    delegated: bool = True
    holds: bool = True
    primary: Server = None  # whom it transfers the zone from
    expired: bool = False   # it has, but its primary was gone for longer than the SOA's EXPIRE


@dataclasses.dataclass
class TsigKey:
    name: str
    secret: str  # base64; hmac-sha256

    def clause(self):
        return f'key "{self.name}" {{ algorithm hmac-sha256; secret "{self.secret}"; }};'


@dataclasses.dataclass
class Zone:
    apex: str
    listed: list
    state: str
    negative: int = 300  # SOA MINIMUM
    soa_ttl: int = 3600
    refresh: int = 7200
    retry: int = 3600
    expire: int = 1209600
    records: list = dataclasses.field(default_factory=list)
    copies: dict = dataclasses.field(default_factory=dict)  # server's name -> (serial, its own records)
    ds: list = dataclasses.field(default_factory=list)
    key: str = ""
    update_key: TsigKey = None  # who may change it (RFC 2136) on a primary that is a BIND

    @property
    def signed(self):
        return self.state in SIGNED_STATES

    @property
    def servers(self):
        return [listed.server for listed in self.listed if listed.delegated]


def reverse_name(bracketed):
    """[203.0.113.0/24] -> 113.0.203.in-addr.arpa., [2001:db8::1] -> its 32 nibbles."""
    text = bracketed.strip("[]")
    network = ipaddress.ip_network(text)
    labels = network.network_address.reverse_pointer.split(".")
    bits = 8 if network.version == 4 else 4
    return ".".join(labels[(network.max_prefixlen - network.prefixlen) // bits:]) + "."


def within(name, apex):
    return apex == "." or name == apex or name.endswith("." + apex)


def depth(zone):
    return 0 if zone.apex == "." else zone.apex.count(".")


def each(first, last, record):
    for number in range(first, last + 1):
        line = re.sub(r"\{\+(\d+)\}", lambda match, n=number: str(n + int(match[1])), record)
        yield line.replace("$", str(number))


class Internet:
    """`lines` as in internet.zones; `name` stands before complaints about them."""

    def __init__(self, name, lines):
        roots = [address for addresses in ROOT_SERVERS.values() for address in addresses]
        self.servers = {"root": Server("root", "nsd", roots + FORMER_ROOT_ADDRESSES, "root.servers.net.")}
        self.zones = []
        self.into = None  # the list that records are read into
        for number, line in enumerate(lines, start=1):
            line = line.rstrip("\n")
            if line.strip() and not line.startswith(";"):
                try:
                    self.read(line.split())
                except (KeyError, ValueError, IndexError, TypeError) as error:
                    raise SystemExit(f"{name}:{number}: {error!r}") from error

    @staticmethod
    def from_file(path):
        with open(path, encoding="ascii") as lines:
            return Internet(path, lines)

    def read(self, words):
        if words[0] == "$SERVER":
            name, software, *addresses = words[1:]
            host = f"{name}.servers.net."
            if addresses and addresses[-1].startswith("as="):
                host = addresses.pop()[3:]
            self.servers[name] = Server(name, software, addresses, host)
        elif words[0] == "$ZONE":
            self.read_zone(*words[1:])
        elif words[0] == "$COPY":
            self.into = []
            self.zones[-1].copies[words[1]] = (int(words[2]), self.into)
        elif words[0] == "$EACH":
            self.into += each(int(words[1]), int(words[2]), " ".join(words[3:]))
        else:
            owner = reverse_name(words[0]) if words[0].startswith("[") else words[0]
            self.into.append(" ".join([owner, *words[1:]]))

    def read_zone(self, apex, servers, state, *numbers):
        numbers = {key: int(value) for key, value in (word.split("=") for word in numbers)}
        zone = Zone(reverse_name(apex) if apex.startswith("[") else apex, [], state, **numbers)
        for word in servers.split(","):
            name, _, primary = word.lstrip("-+~").partition("<")
            listed = Listed(self.servers[name], delegated=word[0] != "+", holds=word[0] != "-",
                            primary=self.servers[primary] if primary else None, expired=word[0] == "~")
            zone.listed.append(listed)
            if listed.holds:
                listed.server.zones.append(zone)
        self.zones.append(zone)
        self.into = zone.records

    def parent(self, zone):
        """The delegated zone with the longest suffix of the apex."""
        above = [other for other in self.zones
                 if other is not zone and other.servers and other.apex != zone.apex and within(zone.apex, other.apex)]
        return max(above, key=depth, default=None)

    def children(self, zone):
        return [other for other in self.zones if other.servers and self.parent(other) is zone]

    # ---- records that follow from the servers and the delegations

    @staticmethod
    def name_servers(zone):
        if zone.apex == ".":
            return [f"{letter}.root-servers.net." for letter in ROOT_SERVERS]
        return [server.host for server in zone.servers or [listed.server for listed in zone.listed]]

    def host_records(self):
        """The addresses of every name server."""
        hosts = {f"{letter}.root-servers.net.": addresses for letter, addresses in ROOT_SERVERS.items()}
        hosts |= {server.host: server.addresses for server in self.servers.values() if server.name != "root"}
        for host, addresses in hosts.items():
            for address in addresses:
                yield host, f"{host} {'AAAA' if ':' in address else 'A'} {address}"

    def apex_records(self, zone, serial=SERIAL):
        names = self.name_servers(zone)
        yield (f"{zone.apex} {zone.soa_ttl} SOA {names[0]} hostmaster.servers.net. {serial} {zone.refresh} {zone.retry} "
               f"{zone.expire} {zone.negative}")
        for name in names:
            yield f"{zone.apex} NS {name}"

    def delegations(self, zone):
        for child in self.children(zone) if zone.servers else []:
            for name in self.name_servers(child):
                yield f"{child.apex} NS {name}"
            if zone.signed and child.signed:
                yield from child.ds

    def addresses_in(self, zone):
        """Of every name server: its own record in the zone it lives in, glue in those above."""
        yield from (record for host, record in self.host_records() if within(host, zone.apex))

    def text(self, zone, server=None, serial=SERIAL):
        """The master file; a server with a copy of its own has its own."""
        records = zone.records
        if server in zone.copies:
            serial, own = zone.copies[server]
            records = own or records
        lines = [*self.apex_records(zone, serial), *self.delegations(zone), *self.addresses_in(zone), *records]
        return "\n".join([f"$ORIGIN {zone.apex}", "$TTL 3600", *dict.fromkeys(lines)]) + "\n"
