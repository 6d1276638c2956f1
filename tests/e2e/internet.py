"""Reads internet.zones and writes it out as signed and unsigned master files (RFC 1035 5, RFC 4034, RFC 5155)."""

import dataclasses
import ipaddress
import os
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

REAL_SOFTWARE = ("nsd", "knot", "bind")
SIGNED_STATES = ("signed", "nsec3", "wrong_ds", "expired", "tampered")


@dataclasses.dataclass
class Server:
    name: str
    software: str
    addresses: list
    zones: list = dataclasses.field(default_factory=list)

    @property
    def host(self):
        return f"{self.name}.servers.net."


@dataclasses.dataclass
class Zone:
    apex: str
    servers: list
    state: str
    records: list = dataclasses.field(default_factory=list)
    file: str = ""

    @property
    def signed(self):
        return self.state in SIGNED_STATES

    @property
    def has_file(self):
        return self.state != "absent" and any(server.software in REAL_SOFTWARE for server in self.servers)


def reverse_name(bracketed):
    """[203.0.113.0/24] -> 113.0.203.in-addr.arpa., [2001:db8::1] -> its 32 nibbles."""
    text = bracketed.strip("[]")
    network = ipaddress.ip_network(text)
    labels = network.network_address.reverse_pointer.split(".")
    bits = 8 if network.version == 4 else 4
    return ".".join(labels[(network.max_prefixlen - network.prefixlen) // bits:]) + "."


def within(name, apex):
    return apex == "." or name == apex or name.endswith("." + apex)


def each(first, last, record):
    for number in range(first, last + 1):
        line = re.sub(r"\{\+(\d+)\}", lambda match, n=number: str(n + int(match[1])), record)
        yield line.replace("$", str(number))


class Internet:
    def __init__(self, path):
        roots = [address for addresses in ROOT_SERVERS.values() for address in addresses]
        self.servers = {"root": Server("root", "nsd", roots + FORMER_ROOT_ADDRESSES)}
        self.zones = []
        with open(path, encoding="ascii") as lines:
            for number, line in enumerate(lines, start=1):
                line = line.rstrip("\n")
                if line.strip() and not line.startswith(";"):
                    try:
                        self.read(line.split())
                    except (KeyError, ValueError, IndexError) as error:
                        raise SystemExit(f"{path}:{number}: {error!r}") from error

    def read(self, words):
        if words[0] == "$SERVER":
            self.servers[words[1]] = Server(words[1], words[2], words[3:])
        elif words[0] == "$ZONE":
            apex = reverse_name(words[1]) if words[1].startswith("[") else words[1]
            listed = words[2].split(",")
            zone = Zone(apex, [self.servers[name.lstrip("-")] for name in listed], words[3])
            self.zones.append(zone)
            for name in listed:
                if not name.startswith("-"):
                    self.servers[name].zones.append(zone)
        elif words[0] == "$EACH":
            self.zones[-1].records += each(int(words[1]), int(words[2]), " ".join(words[3:]))
        else:
            owner = reverse_name(words[0]) if words[0].startswith("[") else words[0]
            self.zones[-1].records.append(" ".join([owner, *words[1:]]))

    def parent(self, zone):
        above = [other for other in self.zones if other is not zone and within(zone.apex, other.apex)]
        return max(above, key=lambda other: 0 if other.apex == "." else other.apex.count("."), default=None)

    def children(self, zone):
        return [other for other in self.zones if self.parent(other) is zone]

    # ---- records that follow from the servers and the delegations

    def name_servers(self, zone):
        if zone.apex == ".":
            return [f"{letter}.root-servers.net." for letter in ROOT_SERVERS]
        return [server.host for server in zone.servers]

    def host_records(self):
        """The addresses of every name server."""
        hosts = {f"{letter}.root-servers.net.": addresses for letter, addresses in ROOT_SERVERS.items()}
        hosts |= {server.host: server.addresses for server in self.servers.values() if server.name != "root"}
        for host, addresses in hosts.items():
            for address in addresses:
                yield host, f"{host} {'AAAA' if ':' in address else 'A'} {address}"

    def apex_records(self, zone):
        first = self.name_servers(zone)[0]
        yield f"{zone.apex} SOA {first} hostmaster.servers.net. 2026010101 7200 3600 1209600 300"
        for name in self.name_servers(zone):
            yield f"{zone.apex} NS {name}"

    def delegations(self, zone):
        for child in self.children(zone):
            for name in self.name_servers(child):
                yield f"{child.apex} NS {name}"
            if zone.signed and child.signed:
                yield from child.ds

    def addresses_in(self, zone):
        """Every name server lives in servers.net or, the root's, in net; above that, the same records are glue."""
        if zone.apex in (".", "net.", "servers.net."):
            yield from (record for host, record in self.host_records() if within(host, zone.apex))

    # ---- master files

    def write(self, folder, programs):
        """Children first, for the parent's DS needs the child's key."""
        for zone in sorted(self.zones, key=lambda z: z.apex.count(".") if z.apex != "." else 0, reverse=True):
            zone.ds = []
            if not zone.has_file:
                continue
            base = zone.apex.rstrip(".") or "root"
            zone.file = os.path.join(folder, base + ".zone")
            with open(zone.file, "w", encoding="ascii") as out:
                if zone.state == "unloaded":
                    out.write("this is not a master file\n")
                    continue
                out.write(f"$ORIGIN {zone.apex}\n$TTL 3600\n")
                for record in dict.fromkeys([*self.apex_records(zone), *self.delegations(zone),
                                             *self.addresses_in(zone), *zone.records]):
                    out.write(record + "\n")
            if zone.signed:
                self.sign(zone, folder, programs)
        root = next(zone for zone in self.zones if zone.apex == ".")
        anchor = os.path.join(folder, "trust-anchor")
        with open(anchor, "w", encoding="ascii") as out:
            out.write(root.key)
        return anchor

    @staticmethod
    def sign(zone, folder, programs):
        key = programs.run("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", folder, zone.apex,
                           cwd=folder).strip()
        with open(os.path.join(folder, key + ".key"), encoding="ascii") as lines:
            zone.key = "".join(line for line in lines if not line.startswith(";"))
        zone.ds = programs.run("dnssec-dsfromkey", "-2", key + ".key", cwd=folder).splitlines()
        if zone.state == "wrong_ds":
            zone.ds = [re.sub(r"[0-9A-F]{16}$", "0123456789ABCDEF", line) for line in zone.ds]
        times = ["-s", "20200101000000", "-e", "20200201000000"] if zone.state == "expired" else ["-e", "now+30d"]
        denial = ["-3", "-", "-H", "0"] if zone.state == "nsec3" else []
        signed = zone.file + ".signed"
        programs.run("dnssec-signzone", "-q", "-P", "-z", "-S", "-K", folder, "-d", folder, *times, *denial,
                     "-o", zone.apex, "-f", signed, zone.file, cwd=folder)
        zone.file = signed
        if zone.state == "tampered":
            with open(signed, encoding="ascii") as source:
                text = source.read()
            with open(signed, "w", encoding="ascii") as out:
                out.write(re.sub(r"(\sA\s+)\d+\.\d+\.\d+\.\d+$", r"\g<1>192.0.2.99", text, flags=re.MULTILINE))
