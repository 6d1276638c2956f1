"""Starts the real servers: NSD, Knot and BIND with the zones, Unbound and BIND as validating resolvers."""

import os
import socket
import struct
import subprocess
import time

from responder import Responder, wire_name

UNBOUND, BIND = "192.0.2.53", "192.0.2.54"

# Resolvers answer these reverse zones by themselves (RFC 6303, RFC 9637), but here they are delegated.
DOCUMENTATION_ZONES = ["2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.", "113.0.203.in-addr.arpa.",
                       "8.b.d.0.1.0.0.2.ip6.arpa."]


def nsd(folder, addresses, zones):
    lines = ["server:", '  username: ""', '  database: ""', '  pidfile: ""', "  server-count: 1", "  rrl-ratelimit: 0",
             f'  zonesdir: "{folder}"', f'  xfrdir: "{folder}"', f'  xfrdfile: "{folder}/xfrd.state"',
             f'  zonelistfile: "{folder}/zone.list"', *(f"  ip-address: {address}" for address in addresses),
             "remote-control:", "  control-enable: no"]
    for apex, file in zones:
        lines += ["zone:", f'  name: "{apex}"', f'  zonefile: "{file}"']
    return ["nsd", "-d", "-c"], lines


def knot(folder, addresses, zones):
    lines = ["server:", f'  rundir: "{folder}"', f"  listen: [ {', '.join(addresses)} ]", "  udp-workers: 1",
             "  tcp-workers: 1", "  background-workers: 1",
             "log:", "  - target: stderr", "    any: warning",
             "database:", f'  storage: "{folder}/db"',
             "template:", "  - id: default", "    semantic-checks: off", "    journal-content: none", "zone:"]
    for apex, file in zones:
        lines += [f'  - domain: "{apex}"', f'    file: "{file}"']
    return ["knotd", "-c"], lines


def bind_options(folder, addresses):
    v4 = " ".join(f"{address};" for address in addresses if ":" not in address) or "none;"
    v6 = " ".join(f"{address};" for address in addresses if ":" in address) or "none;"
    return ["controls { };", "options {", f'  directory "{folder}";', "  pid-file none;", "  lock-file none;",
            "  session-keyfile none;", f"  listen-on {{ {v4} }};", f"  listen-on-v6 {{ {v6} }};",
            "  empty-zones-enable no;", "  notify no;"]


def bind(folder, addresses, zones):
    lines = [*bind_options(folder, addresses), "  recursion no;", "  dnssec-validation no;",
             "  check-names primary ignore;", "};"]
    for apex, file in zones:
        lines.append(f'zone "{apex}" {{ type primary; file "{file}"; }};')
    return ["named", "-g", "-n", "1", "-c"], lines


def bind_resolver(folder, anchor):
    with open(anchor, encoding="ascii") as source:
        _, _, _, flags, protocol, algorithm, *key = source.read().split()
    lines = [*bind_options(folder, [BIND]), "  recursion yes;", "  allow-recursion { any; };",
             "  dnssec-validation yes;", "};", "trust-anchors {",
             f'  . static-key {flags} {protocol} {algorithm} "{"".join(key)}";', "};"]
    return ["named", "-g", "-n", "1", "-c"], lines


def unbound_resolver(folder, anchor):
    lines = ["server:", '  chroot: ""', '  username: ""', '  pidfile: ""', f'  directory: "{folder}"',
             "  use-syslog: no", "  do-daemonize: no", f"  interface: {UNBOUND}", "  access-control: 0.0.0.0/0 allow",
             f'  trust-anchor-file: "{anchor}"', *(f'  local-zone: "{zone}" nodefault' for zone in DOCUMENTATION_ZONES),
             "remote-control:", "  control-enable: no"]
    return ["unbound", "-d", "-c"], lines


CONFIGURE = {"nsd": nsd, "knot": knot, "bind": bind}


RD, AD, CD = 0x0100, 0x0020, 0x0010


def ask(server, name, kind, flags):
    """(flags, RCODE, answer count) of one UDP reply, or None within half a second."""
    query = struct.pack("!HHHHHH", 0x4242, flags, 1, 0, 0, 1) + wire_name(name) + struct.pack("!HH", kind, 1)
    query += b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, 0)  # EDNS with DO
    with socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM) as handle:
        handle.settimeout(0.5)
        try:
            handle.connect((server, 53))
            handle.send(query)
            reply = handle.recv(4096)
        except OSError:
            return None
    bits, _, answers = struct.unpack_from("!HHH", reply, 2)
    return bits, bits & 15, answers


class Servers:
    def __init__(self, internet, anchor, folder, programs):
        self.folder, self.programs, self.started = folder, programs, {}
        for server in internet.servers.values():
            if server.software in CONFIGURE:
                held = [(zone.apex, zone.file) for zone in server.zones if zone.has_file]
                self.start(server.name, lambda home, s=server, z=held: CONFIGURE[s.software](home, s.addresses, z))
        misbehaving = [(server.software, address, [zone.apex for zone in server.zones], server.host)
                       for server in internet.servers.values()
                       if server.software not in (*CONFIGURE, "dead", "nowhere") for address in server.addresses]
        Responder(misbehaving).start()
        self.await_authorities(internet)
        self.start("resolver-unbound", lambda home: unbound_resolver(home, anchor))
        self.start("resolver-bind", lambda home: bind_resolver(home, anchor))
        for resolver in (UNBOUND, BIND):
            self.await_validation(resolver)

    def start(self, name, configure):
        home = os.path.join(self.folder, name)
        os.makedirs(os.path.join(home, "db"))
        (program, *options), lines = configure(home)
        config = os.path.join(home, "conf")
        with open(config, "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")
        with open(os.path.join(home, "log"), "wb") as log:
            command = [self.programs.path(program), *options, config]
            self.started[name] = subprocess.Popen(command, cwd=home, env=self.programs.env, stdin=subprocess.DEVNULL,
                                                  stdout=log, stderr=log)

    def await_authorities(self, internet):
        """Until each server answers with authority, over each address, for each zone that it can load."""
        for server in internet.servers.values():
            for zone in server.zones if server.software in CONFIGURE else []:
                wanted = {"absent": 5, "unloaded": 2}.get(zone.state, 0)
                for address in server.addresses:
                    self.await_reply(address, zone.apex, 6, lambda reply, w=wanted: reply[1] == w)

    def await_validation(self, resolver):
        """Until a signed name comes with AD, a badly signed one fails, and does not when checking is disabled."""
        self.await_reply(resolver, "mail.example.com.", 1, lambda reply: reply[0] & AD and reply[1] == 0)
        self.await_reply(resolver, "5.5.20.120.in-addr.arpa.", 12, lambda reply: reply[1] == 2)
        self.await_reply(resolver, "5.5.20.120.in-addr.arpa.", 12, lambda reply: reply[1] == 0, RD | CD)

    def await_reply(self, address, name, kind, right, flags=RD):
        deadline, reply = time.monotonic() + 15, None
        while time.monotonic() < deadline:
            reply = ask(address, name, kind, flags)
            if reply is not None and right(reply):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{address} does not answer as it should for {name}: {reply}\n{self.logs()}")

    def logs(self):
        parts = []
        for name, process in self.started.items():
            with open(os.path.join(self.folder, name, "log"), encoding="utf-8", errors="replace") as log:
                tail = log.read().splitlines()[-15:]
            parts.append(f"--- {name} (exit {process.poll()})\n" + "\n".join(tail))
        return "\n".join(parts)
