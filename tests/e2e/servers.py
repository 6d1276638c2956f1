"""Starts the real servers: NSD, Knot and BIND with the zones, Unbound and BIND as validating resolvers."""

import os
import subprocess
import time

from dns_wire import A, AD, CD, PTR, RD, SOA, ask
from responder import Responder

UNBOUND, BIND = "192.0.2.53", "192.0.2.54"

# Resolvers answer these reverse zones by themselves (RFC 6303, RFC 9637), but here they are delegated.
DOCUMENTATION_ZONES = ["2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.", "113.0.203.in-addr.arpa.",
                       "8.b.d.0.1.0.0.2.ip6.arpa."]


def nsd(folder, server):
    lines = ["server:", '  username: ""', '  database: ""', '  pidfile: ""', "  server-count: 1", "  rrl-ratelimit: 0",
             f'  zonesdir: "{folder}"', f'  xfrdir: "{folder}"', f'  xfrdfile: "{folder}/xfrd.state"',
             f'  zonelistfile: "{folder}/zone.list"', "  xfrd-reload-timeout: 0",
             *(f"  ip-address: {address}" for address in server.addresses),
             "remote-control:", "  control-enable: no"]
    for held in server.holdings:
        lines += ["zone:", f'  name: "{held.apex}"', f'  zonefile: "{held.file}"', "  provide-xfr: 0.0.0.0/0 NOKEY"]
        if held.primary:
            lines.append(f"  request-xfr: AXFR {held.primary} NOKEY")
    return ["nsd", "-d", "-c"], lines


def knot(folder, server):
    primaries = sorted({held.primary for held in server.holdings if held.primary})
    lines = ["server:", f'  rundir: "{folder}"', f"  listen: [ {', '.join(server.addresses)} ]", "  udp-workers: 1",
             "  tcp-workers: 1", "  background-workers: 1",
             "log:", "  - target: stderr", "    any: warning",
             "database:", f'  storage: "{folder}/db"',
             *(["remote:"] if primaries else []),
             *(line for primary in primaries for line in (f'  - id: "{primary}"', f"    address: {primary}")),
             "acl:", "  - id: transfer", "    action: transfer",
             "template:", "  - id: default", "    semantic-checks: off", "    journal-content: none", "    acl: transfer",
             "zone:"]
    for held in server.holdings:
        lines += [f'  - domain: "{held.apex}"', f'    file: "{held.file}"']
        if held.primary:
            lines += [f'    master: "{held.primary}"', "    zonefile-sync: -1"]
    return ["knotd", "-c"], lines


def bind_options(folder, addresses):
    v4 = " ".join(f"{address};" for address in addresses if ":" not in address) or "none;"
    v6 = " ".join(f"{address};" for address in addresses if ":" in address) or "none;"
    return ["controls { };", "options {", f'  directory "{folder}";', "  pid-file none;", "  lock-file none;",
            "  session-keyfile none;", f"  listen-on {{ {v4} }};", f"  listen-on-v6 {{ {v6} }};",
            "  empty-zones-enable no;", "  notify no;"]


BIND_COMMAND = ["named", "-g", "-n", "1", "-c"]


def bind(folder, server):
    lines = [*bind_options(folder, server.addresses), "  recursion no;", "  dnssec-validation no;",
             "  check-names primary ignore;", "", "  min-refresh-time 1;",
             "  min-retry-time 1;", "  masterfile-format text;", "};"]
    for clause in dict.fromkeys(held.zone.update_key.clause() for held in server.holdings if held.zone.update_key):
        lines.append(clause)
    for held in server.holdings:
        kind = f"secondary; primaries {{ {held.primary}; }}" if held.primary else "primary"
        key = held.zone.update_key
        update = f' allow-update {{ key "{key.name}"; }};' if key and not held.primary else ""
        lines.append(f'zone "{held.apex}" {{ type {kind}; file "{held.file}";{update} }};')
    return BIND_COMMAND, lines


def bind_recursive(folder, server):
    """A resolver that somebody delegated zones to. What it has comes from their hidden primary, without authority."""
    lines = [*bind_options(folder, server.addresses), "  recursion yes;", "  allow-recursion { any; };",
             "  allow-query-cache { any; };", "  dnssec-validation no;", "};"]
    for zone in server.zones:
        primary = next(listed.server for listed in zone.listed if listed.server is not server)
        lines.append(f'zone "{zone.apex}" {{ type forward; forward only; forwarders {{ {primary.addresses[0]}; }}; }};')
    return BIND_COMMAND, lines


def bind_upward(folder, server):
    """No zone and no recursion, but it tells everybody what it knows: the root's servers."""
    return BIND_COMMAND, [*bind_options(folder, server.addresses), "  recursion yes;", "  allow-recursion { none; };",
                          "  allow-query-cache { any; };", "  dnssec-validation no;", "};"]


def bind_resolver(folder, anchor, never_asks=()):
    with open(anchor, encoding="ascii") as source:
        _, _, _, flags, protocol, algorithm, *key = source.read().split()
    lines = [*bind_options(folder, [BIND]), "  recursion yes;", "  allow-recursion { any; };",
             "  dnssec-validation yes;", "};", "trust-anchors {",
             f'  . static-key {flags} {protocol} {algorithm} "{"".join(key)}";', "};",
             *(f"server {address} {{ bogus yes; }};" for address in never_asks)]
    return BIND_COMMAND, lines


def unbound_resolver(folder, anchor, access="allow"):
    lines = ["server:", '  chroot: ""', '  username: ""', '  pidfile: ""', f'  directory: "{folder}"',
             "  use-syslog: no", "  do-daemonize: no", f"  interface: {UNBOUND}", f"  access-control: 0.0.0.0/0 {access}",
             f'  trust-anchor-file: "{anchor}"', *(f'  local-zone: "{zone}" nodefault' for zone in DOCUMENTATION_ZONES),
             "remote-control:", "  control-enable: no"]
    return ["unbound", "-d", "-c"], lines


CONFIGURE = {"nsd": nsd, "knot": knot, "bind": bind, "bind_recursive": bind_recursive, "bind_upward": bind_upward}


# When a validating resolver is ready: a signed name comes with AD, a badly signed one fails, and does not when checking
# is disabled.
VALIDATION = [("mail.example.com.", A, RD, lambda reply: reply.flags & AD and reply.rcode == 0),
              ("5.5.20.120.in-addr.arpa.", PTR, RD, lambda reply: reply.rcode == 2),
              ("5.5.20.120.in-addr.arpa.", PTR, RD | CD, lambda reply: reply.rcode == 0)]


class Servers:
    def __init__(self, world, anchor, folder, programs, ready=VALIDATION, unbound_access="allow", bind_never_asks=()):
        self.folder, self.programs, self.started = folder, programs, {}
        for server in world.servers.values():
            if server.software in CONFIGURE:
                self.start(server.name, lambda home, s=server: CONFIGURE[s.software](home, s))
        misbehaving = [(server.software, address, [zone.apex for zone in server.zones], server.host)
                       for server in world.servers.values()
                       if server.software not in (*CONFIGURE, "dead", "nowhere") for address in server.addresses]
        Responder(misbehaving).start()
        self.await_authorities(world)
        self.start("resolver-unbound", lambda home: unbound_resolver(home, anchor, unbound_access))
        self.start("resolver-bind", lambda home: bind_resolver(home, anchor, bind_never_asks))
        for resolver in (UNBOUND, BIND):
            for name, kind, flags, right in ready:
                self.await_reply(resolver, name, kind, right, flags)

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

    def await_authorities(self, world):
        """Until each server says, over each address, what it should of each zone that it has; and who has none is up."""
        for server in world.servers.values():
            if server.software not in CONFIGURE:
                continue
            for address in server.addresses:
                for held in server.holdings:
                    self.await_reply(address, held.apex, SOA, lambda reply, wanted=held.answers: reply.rcode == wanted)
                if not server.holdings:
                    self.await_reply(address, ".", SOA, lambda reply: True)
                if server.software == "bind_recursive":
                    self.fill_cache(address, server)

    def fill_cache(self, address, server):
        """Whoever asks for recursion leaves the record in the cache, from where everybody else gets it."""
        for zone in server.zones:
            for record in zone.records:
                owner, kind, *_ = record.split()
                if kind == "PTR":
                    self.await_reply(address, f"{owner}.{zone.apex}", PTR, lambda reply: reply.answer_count > 0)

    def await_reply(self, address, name, kind, right, flags=RD):
        deadline, reply = time.monotonic() + 15, None
        while time.monotonic() < deadline:
            reply = ask(address, name, kind, flags)
            if reply is not None and right(reply):
                return
            time.sleep(0.05)
        said = f"RCODE {reply.rcode}, {reply.answer_count} answers" if reply else "nothing"
        raise RuntimeError(f"{address} does not answer as it should for {name}, but {said}\n{self.logs()}")

    def ended(self):
        """Servers that should still run, but do not."""
        return [name for name, process in self.started.items() if process.poll() is not None]

    def logs(self):
        parts = []
        for name, process in self.started.items():
            with open(os.path.join(self.folder, name, "log"), encoding="utf-8", errors="replace") as log:
                tail = log.read().splitlines()[-15:]
            parts.append(f"--- {name} (exit {process.poll()})\n" + "\n".join(tail))
        return "\n".join(parts)
