"""A small internet in the namespace: a root, BIND and Knot as primaries that take updates, a secondary that never
transfers, a Knot whose clock is two hours ahead, and Unbound for who asks a resolver."""

import glob
import os
import subprocess
import time

from dns_wire import A, AAAA, PTR, SOA, ask

ROOT, BIND, KNOT, STALE, LATE_KNOT, OTHER, UNBOUND, PROXY = (
    "192.0.2.1", "192.0.2.11", "192.0.2.12", "192.0.2.13", "192.0.2.15", "192.0.2.16", "192.0.2.53", "192.0.2.80")
BIND6, KNOT6 = "2001:db8::11", "2001:db8::12"
GONE = "192.0.2.99"  # nobody's
OWNED = [ROOT, BIND, KNOT, STALE, LATE_KNOT, OTHER, UNBOUND, PROXY, BIND6, KNOT6]

SECRET, OTHER_SECRET = "c2VjcmV0LW9mLXRoZS10ZXN0cw==", "YW5vdGhlci1zZWNyZXQtb2YtdGVzdHM="
BIND_KEY = f'key "update.example" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
KNOT_KEY = f"key:\n  - id: knot-key\n    algorithm: hmac-sha512\n    secret: {SECRET}\n"
KEYS = {  # files that fcrdns is given
    "bind": BIND_KEY + "\n", "knot": KNOT_KEY,
    "bind_line": f"hmac-sha256:update.example:{SECRET}\n",
    "bind_other_secret": f"hmac-sha256:update.example:{OTHER_SECRET}\n", "knot_other_secret": f"hmac-sha512:knot-key:{OTHER_SECRET}\n",
    "nobodys": f"hmac-sha256:nobody.example:{SECRET}\n", "md5": f"hmac-md5:update.example:{SECRET}\n", "others_can_read": BIND_KEY + "\n",
    "empty": "\n",
}

# apex: (its servers, MNAME, what is in it); the first server takes updates
ZONES = {
    "bind.example.": ([BIND], None, ["busy A 203.0.113.200", "busy 60 A 203.0.113.201", "alias CNAME elsewhere.example.", "alias2 CNAME m18",
                                   "*.wild 120 A 203.0.113.210"]),
    "113.0.203.in-addr.arpa.": ([BIND], None, ["20 PTR one.example.", "20 PTR two.example.", "21 PTR old.bind.example.", "22 PTR old.bind.example.", "23 PTR old.bind.example."]),
    "knot.example.": ([KNOT], None, ["busy 60 A 198.51.100.201"]),
    "100.51.198.in-addr.arpa.": ([KNOT], None, ["21 PTR old.knot.example."]),
    "0.18.198.in-addr.arpa.": ([BIND], None, ["* PTR generic.bind.example."]),
    "1.18.198.in-addr.arpa.": ([BIND, STALE], None, []),
    "3.18.198.in-addr.arpa.": ([LATE_KNOT], None, []),
    "4.18.198.in-addr.arpa.": ([BIND], "gone.servers.example.", []),
    "5.18.198.in-addr.arpa.": ([OTHER], None, []),  # it has the zone, and lets nobody change it
    "8.b.d.0.1.0.0.2.ip6.arpa.": ([BIND], None, []),
}
HOSTS = {ROOT: "root", BIND: "bind", KNOT: "knot", STALE: "stale", LATE_KNOT: "late-knot", OTHER: "other", GONE: "gone"}


def host(address):
    return f"{HOSTS[address]}.servers.example."


def zone_text(apex):
    servers, mname, records = ZONES[apex]
    lines = ["$TTL 3600", f"$ORIGIN {apex}", f"@ SOA {mname or host(servers[0])} hostmaster.servers.example. 1 7200 3600 1209600 1",
             *(f"@ NS {host(server)}" for server in servers), *records]
    return "\n".join(lines) + "\n"


def root_text():
    lines = ["$TTL 3600", ". SOA root.servers.example. hostmaster.servers.example. 1 7200 3600 1209600 1", ". NS root.servers.example.",
             *(f"{host(address)} A {address}" for address in HOSTS), f"{host(BIND)} AAAA {BIND6}", f"{host(KNOT)} AAAA {KNOT6}"]
    for apex, (servers, _, _) in ZONES.items():
        lines += [f"{apex} NS {host(server)}" for server in servers]
    return "\n".join(lines) + "\n"


def put(*path, text):
    file = os.path.join(*path)
    with open(file, "w", encoding="ascii") as out:
        out.write(text)
    return file


class Primaries:
    def __init__(self, folder, programs):
        self.folder, self.programs, self.started = folder, programs, {}
        os.makedirs(os.path.join(folder, "keys"))
        for name, text in KEYS.items():
            os.chmod(put(folder, "keys", name, text=text), 0o644 if name == "others_can_read" else 0o600)
        self.hints = put(folder, "root.hints", text=f". 3600 NS root.servers.example.\nroot.servers.example. 3600 A {ROOT}\n")
        self.bind("root", [ROOT], {".": root_text()}, update="none;")
        self.bind("bind", [BIND, BIND6], self.of(BIND))
        self.bind("stale", [STALE], self.of(STALE), update="none;")
        self.bind("other", [OTHER], self.of(OTHER), update="none;")
        self.knot("knot", [KNOT, KNOT6], self.of(KNOT))
        self.knot("late-knot", [LATE_KNOT], self.of(LATE_KNOT), self.clock("+2h"))
        self.unbound()
        self.await_all()

    @staticmethod
    def of(address):
        return {apex: zone_text(apex) for apex, (servers, _, _) in ZONES.items() if address in servers}

    def clock(self, offset):
        """The environment of a program whose wall clock is off. Not for named, whose jemalloc does not bear it."""
        (library,) = glob.glob(os.path.join(self.programs.root, "usr/lib/*/faketime/libfaketimeMT.so.1"))
        return {"LD_PRELOAD": library, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def start(self, name, command, lines, environment=None):
        home = os.path.join(self.folder, name)
        config = put(home, "conf", text="\n".join(lines) + "\n")
        with open(os.path.join(home, "log"), "wb") as log:
            self.started[name] = subprocess.Popen([self.programs.path(command[0]), *command[1:], config], cwd=home,
                                                  env=self.programs.env | (environment or {}), stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def home(self, name, zones=()):
        home = os.path.join(self.folder, name)
        os.makedirs(os.path.join(home, "db"))
        files = {apex: put(home, f"{number}.zone", text=text) for number, (apex, text) in enumerate(dict(zones).items())}
        return home, files

    def bind(self, name, addresses, zones, update='key "update.example";'):
        home, files = self.home(name, zones)
        v4 = "".join(f"{address}; " for address in addresses if ":" not in address)
        v6 = "".join(f"{address}; " for address in addresses if ":" in address) or "none; "
        self.start(name, ["named", "-g", "-n", "1", "-c"],
                   ["controls { };", "options {", f'directory "{home}"; pid-file none; lock-file none; session-keyfile none;',
                    f"listen-on {{ {v4}}}; listen-on-v6 {{ {v6}}}; empty-zones-enable no; notify no; recursion no; dnssec-validation no;", "};", BIND_KEY,
                    *(f'zone "{apex}" {{ type primary; file "{file}"; allow-update {{ {update} }}; }};' for apex, file in files.items())])

    def knot(self, name, addresses, zones, environment=None):
        home, files = self.home(name, zones)
        self.start(name, ["knotd", "-c"],
                   ["server:", f'  rundir: "{home}"', f"  listen: [ {', '.join(addresses)} ]", "  udp-workers: 1", "  tcp-workers: 1", "  background-workers: 1",
                    "log:", "  - target: stderr", "    any: info", "database:", f'  storage: "{home}/db"', KNOT_KEY,
                    "acl:", "  - id: update", "    key: knot-key", "    action: update", "template:", "  - id: default", "    acl: update", "zone:",
                    *(f'  - domain: "{apex}"\n    file: "{file}"' for apex, file in files.items())], environment)

    def unbound(self):
        home, _ = self.home("unbound")
        self.start("unbound", ["unbound", "-d", "-c"],
                   ["server:", '  chroot: ""', '  username: ""', '  pidfile: ""', f'  directory: "{home}"', "  use-syslog: no", "  do-daemonize: no",
                    f"  interface: {UNBOUND}", "  access-control: 0.0.0.0/0 allow", f'  root-hints: "{self.hints}"', '  module-config: "iterator"',
                    *(f'  local-zone: "{apex}" nodefault' for apex in ZONES), "remote-control:", "  control-enable: no"])

    def await_all(self):
        for server, apex in [(ROOT, "."), *((server, apex) for apex, (servers, _, _) in ZONES.items() for server in servers)]:
            self.await_reply(server, apex)
        self.await_reply(UNBOUND, "bind.example.")

    def await_reply(self, server, apex):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            reply = ask(server, apex, SOA)
            if reply is not None and reply.rcode == 0 and reply.answer_count:
                return
            time.sleep(0.05)
        raise RuntimeError(f"{server} does not answer for {apex}\n{self.logs()}")

    def log(self, name):
        with open(os.path.join(self.folder, name, "log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def logs(self):
        return "\n".join(f"--- {name} (exit {process.poll()})\n" + "\n".join(self.log(name).splitlines()[-12:]) for name, process in self.started.items())


def zone_of(name):
    return max((apex for apex in ZONES if name.endswith("." + apex)), key=len)


def shown(name, kind):
    """What the primary has now, sorted and joined: "one.example.,two.example.", "none"."""
    server = ZONES[zone_of(name)][0][0]
    reply = ask(server, name, kind, flags=0, patience=5)
    return ",".join(sorted(data for found, _, data in reply.records if found == kind)) or "none"


def ttls(name, kind):
    return {ttl for found, ttl, _ in ask(ZONES[zone_of(name)][0][0], name, kind, flags=0, patience=5).records if found == kind}


def serial(name):
    """Of the zone that the name is in: an update that changes something adds one."""
    apex = zone_of(name)
    reply = ask(ZONES[apex][0][0], apex, SOA, flags=0, patience=5)
    return next(data for found, _, data in reply.records if found == SOA)


KINDS = {"A": A, "AAAA": AAAA, "PTR": PTR}
