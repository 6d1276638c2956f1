"""A part of 10.0.0.0/8 in which few /24s are in use, and a zone in it whose server lies as some old ones do.

10.in-addr.arpa, its parents and the names' zone lie on NSD; one /16 is handed on to a server of our own (liar.py), which says
NXDOMAIN for names that have only others below them (RFC 8020 forbids it). Everything follows from the numbers given.
"""
import os
import random
import subprocess

AUTHORITY, LIAR, RESOLVER = "192.0.2.1", "192.0.2.2", "192.0.2.53"
HEAD = "$TTL 3600\n@ SOA ns.example. hostmaster.example. 1 7200 3600 1209600 60\n@ NS ns.example.\n"
EMPTY = [b"permerror", b"-", b"-", b"nxdomain"]


class Pool:
    """Of `prefix` "10.0.0.0/LENGTH": `used` /24s, of seven tenths a few addresses have names, of a twentieth all."""

    def __init__(self, length, used, liar=None, seed=1):
        dice = random.Random(seed)
        self.prefix, self.size = f"10.0.0.0/{length}", 1 << (32 - length)
        self.liar = liar  # the second octet of its /16
        self.blocks = sorted(dice.sample(range(self.size >> 8), used))
        self.names = {}   # number of the address below 10/8 -> its name
        for block in self.blocks:
            kind = dice.random()
            count = dice.randint(1, 8) if kind < 0.7 else dice.randint(9, 64) if kind < 0.95 else 256
            for last in dice.sample(range(256), count):
                self.names[block << 8 | last] = f"h{block}-{last}.example.".encode()

    def is_confirmed(self, number):
        return number % 10 != 0

    def expected(self, number):
        """The columns behind the address, without the notes."""
        name = self.names.get(number)
        if name is None:
            return EMPTY
        return [b"pass", name, name, b"-"] if self.is_confirmed(number) else [b"fail", b"-", name, b"forward_nxdomain"]

    def of_liar(self):
        return {number: name for number, name in self.names.items() if number >> 16 == self.liar}

    def write(self, folder):
        """The zone files; {apex: path}."""
        zones = {".": "arpa NS ns.example.\nexample NS ns.example.\nns.example. A 192.0.2.1\n", "arpa.": "in-addr NS ns.example.\n",
                 "in-addr.arpa.": "10 NS ns.example.\n"}
        lines = [f"{number & 255}.{number >> 8 & 255}.{number >> 16} PTR {name.decode()}\n" for number, name in self.names.items() if number >> 16 != self.liar]
        if self.liar is not None:
            lines.append(f"{self.liar} NS old.example.\n")
        zones["10.in-addr.arpa."] = "".join(lines)
        zones["example."] = f"ns A {AUTHORITY}\nold A {LIAR}\n" + "".join(
            f"{name.decode()} A 10.{number >> 16}.{number >> 8 & 255}.{number & 255}\n" for number, name in self.names.items() if self.is_confirmed(number))
        paths = {}
        for apex, text in zones.items():
            paths[apex] = os.path.join(folder, f"{apex.replace('.', '_')}.zone")
            with open(paths[apex], "w", encoding="ascii") as out:
                out.write(f"$ORIGIN {apex}\n{HEAD}{text}")
        with open(os.path.join(folder, "root.hints"), "w", encoding="ascii") as out:
            out.write(f". 3600000 NS ns.example.\nns.example. 3600000 A {AUTHORITY}\n")
        return paths

    def check(self, path):
        """What is wrong with these rows, at most ten of it."""
        wrong, rows, seen = [], 0, bytearray(self.size)
        octets = {str(i).encode(): i for i in range(256)}
        with open(path, "rb") as lines:
            for line in lines:
                address, *columns = line.split(b"\t")
                rows += 1
                ten, a, b, c = address.split(b".")
                number = octets[a] << 16 | octets[b] << 8 | octets[c]
                seen[number] += 1
                if (columns[:4] != self.expected(number) or ten != b"10") and len(wrong) < 10:
                    wrong.append(f"{line.decode().strip()} instead of {b' '.join(self.expected(number)).decode()}")
        if rows != self.size or seen.count(1) != self.size:
            wrong.append(f"{rows} rows, {seen.count(1)} addresses once, of {self.size}")
        return wrong


def nsd(folder, zones):
    return ["nsd", "-d", "-c"], ["server:", '  username: ""', '  database: ""', '  pidfile: ""', "  server-count: 1", "  rrl-ratelimit: 0",
                                 f'  zonesdir: "{folder}"', f'  xfrdir: "{folder}"', f'  xfrdfile: "{folder}/xfrd.state"',
                                 f'  zonelistfile: "{folder}/zone.list"', f"  ip-address: {AUTHORITY}",
                                 "remote-control:", "  control-enable: yes", f"  control-interface: {folder}/control",
                                 *(line for apex, path in zones.items() for line in ("zone:", f'  name: "{apex}"', f'  zonefile: "{path}"'))]


def unbound(folder, zones):
    return ["unbound", "-d", "-c"], ["server:", '  chroot: ""', '  username: ""', '  pidfile: ""', f'  directory: "{folder}"', "  use-syslog: no",
                                     "  do-daemonize: no", f"  interface: {RESOLVER}", "  access-control: 0.0.0.0/0 allow", '  module-config: "iterator"',
                                     f'  root-hints: "{os.path.dirname(zones["."])}/root.hints"', '  local-zone: "10.in-addr.arpa" nodefault',
                                     "  so-rcvbuf: 4m", "  num-queries-per-thread: 8192", "  outgoing-range: 8192",
                                     "remote-control:", "  control-enable: yes", f"  control-interface: {folder}/control", "  control-use-cert: no"]


class Servers:
    def __init__(self, pool, folder, programs, with_resolver=True):
        self.programs, self.homes, self.started = programs, {}, []
        zones_folder = os.path.join(folder, "zones")
        os.mkdir(zones_folder)
        zones = pool.write(zones_folder)
        self.hints = os.path.join(zones_folder, "root.hints")
        for server in (nsd, unbound) if with_resolver else (nsd,):
            home = self.homes[server.__name__] = os.path.join(folder, server.__name__)
            os.mkdir(home)
            (program, *options), lines = server(home, zones)
            with open(os.path.join(home, "conf"), "w", encoding="ascii") as out:
                out.write("\n".join(lines) + "\n")
            with open(os.path.join(home, "log"), "wb") as log:
                self.started.append(subprocess.Popen([programs.path(program), *options, os.path.join(home, "conf")], cwd=home, env=programs.env,
                                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def stop(self):
        for process in self.started:
            process.terminate()
        for process in self.started:
            process.wait()

    def counted(self, server):
        """Questions it has had, {"all": n, "PTR": n}."""
        said = self.programs.run(f"{server}-control", "-c", os.path.join(self.homes[server], "conf"), "stats_noreset", cwd=self.homes[server])
        values = dict(line.split("=") for line in said.splitlines() if "=" in line)
        if server == "nsd":
            return {"all": int(values["num.queries"]), "PTR": int(values.get("num.type.PTR", 0))}
        return {"all": int(values["total.num.queries"])}
