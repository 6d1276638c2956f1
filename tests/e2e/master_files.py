"""Writes an Internet out as signed and unsigned master files (RFC 1035 5, RFC 4034, RFC 5155)."""

import dataclasses
import os
import re
import shutil

import internet

REAL_SOFTWARE = ("nsd", "knot", "bind")
NOT_A_MASTER_FILE = "this is not a master file\n"
LONG_AGO = 1577836800  # 2020-01-01: when an expired secondary heard of its primary last


@dataclasses.dataclass
class Holding:
    """A zone as one server has it: from a file, from a primary, or a file that the primary renews."""
    zone: internet.Zone
    file: str
    primary: str = ""  # its address
    answers: int = 0   # the RCODE that questions for the zone get

    @property
    def apex(self):
        return self.zone.apex


def write(world, folder, programs):
    """Children first, for the parent's DS needs the child's key. Returns the file of the root's trust anchor."""
    for number, zone in enumerate(sorted(world.zones, key=internet.depth, reverse=True)):
        base = os.path.join(folder, f"{zone.apex.replace('/', '_').rstrip('.') or 'root'}-{number}")
        common = None
        for listed in zone.listed:
            if not listed.holds or listed.server.software not in REAL_SOFTWARE:
                continue
            if listed.server.name in zone.copies:
                file = put(f"{base}-{listed.server.name}.zone", world.text(zone, listed.server.name))
            else:
                common = common or write_common(world, zone, base + ".zone", folder, programs)
                file = common
            listed.server.holdings.append(holding(zone, listed, file))
    root = next(zone for zone in world.zones if zone.apex == ".")
    return put(os.path.join(folder, "trust-anchor"), root.key)


def put(file, text):
    with open(file, "w", encoding="ascii") as out:
        out.write(text)
    return file


def write_common(world, zone, file, folder, programs):
    if zone.state == "unloaded":
        return put(file, NOT_A_MASTER_FILE)
    put(file, world.text(zone))
    return sign(zone, file, folder, programs) if zone.signed else file


def holding(zone, listed, file):
    if listed.expired:
        with open(file, encoding="ascii") as source:
            file = put(f"{file}-{listed.server.name}-expired", source.read())
        os.utime(file, (LONG_AGO, LONG_AGO))
        return Holding(zone, file, primary="192.0.2.11", answers=2)
    if listed.primary:  # it begins with the copy that its primary has at first
        return Holding(zone, shutil.copy(file, f"{file}-{listed.server.name}"), listed.primary.addresses[0])
    return Holding(zone, file, answers=2 if zone.state == "unloaded" else 0)


def sign(zone, file, folder, programs):
    """Signs the file, with the parent's DS left in the zone; returns the signed file."""
    if not zone.key:
        key = programs.run("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", folder, zone.apex,
                           cwd=folder).strip()
        with open(os.path.join(folder, key + ".key"), encoding="ascii") as lines:
            zone.key = "".join(line for line in lines if not line.startswith(";"))
        zone.ds = programs.run("dnssec-dsfromkey", "-2", key + ".key", cwd=folder).splitlines()
        if zone.state == "wrong_ds":
            zone.ds = [re.sub(r"[0-9A-F]{16}$", "0123456789ABCDEF", line) for line in zone.ds]
    times = ["-s", "20200101000000", "-e", "20200201000000"] if zone.state == "expired" else ["-e", "now+30d"]
    denial = ["-3", "-", "-H", "0"] if zone.state == "nsec3" else []
    signed = file + ".signed"
    programs.run("dnssec-signzone", "-q", "-P", "-z", "-S", "-K", folder, "-d", folder, *times, *denial,
                 "-o", zone.apex, "-f", signed, file, cwd=folder)
    if zone.state == "tampered":
        with open(signed, encoding="ascii") as source:
            text = source.read()
        put(signed, re.sub(r"(\sA\s+)\d+\.\d+\.\d+\.\d+$", r"\g<1>192.0.2.99", text, flags=re.MULTILINE))
    return signed
