"""Goes through cases.tsv, then kills the program at each message it sends and runs it again."""

import dataclasses
import ipaddress
import itertools
import os
import signal
import subprocess

import primaries
import proxy

EMPTY = "-"
MODES = {"apply": ["--json", "--apply", "--yes"], "dry": ["--apply", "--dry-run"], "undo": ["--json", "--undo", "--yes"]}
SERVERS = {name: getattr(primaries, name.upper()) for name in ("bind", "knot", "late_knot", "other", "gone")}
SERVERS["bind6"], SERVERS["knot6"] = f"[{primaries.BIND6}]", f"[{primaries.KNOT6}]"


@dataclasses.dataclass
class Case:
    id: str
    exit: int
    address: str
    hostname: str
    key: str       # a file of primaries.KEYS; "-": none
    server: str    # --set server=; "-": found; "proxy:MODE": through the proxy; NAME@OFFSET: with our clock off by that
    options: str   # one of MODES, and what stands behind it
    words: list    # all of these are in what it says
    shows: dict    # {"PTR": "...", "A": "..."}: what the primary has afterwards, "none": nothing; {"TTL": "..."}: of the address
    updates: int   # that have changed something: the serials of both zones, after minus before

    @property
    def names(self):
        forward = self.hostname + "."
        return {"AAAA" if ":" in self.address else "A": forward, "PTR": ipaddress.ip_address(self.address).reverse_pointer + "."}


def read(file):
    with open(file, encoding="ascii") as lines:
        header, *rows = [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]
    assert header[0] == "id", "cases.tsv begins with the names of its columns"
    for row in rows:
        assert len(row) == 10, f"cases.tsv: not ten columns: {row}"
        name, code, address, hostname, key, server, options, words, shows, updates = row
        yield Case(name, int(code), address, hostname, key, server, options, words.split("|"),
                   dict(pair.split("=", 1) for pair in shows.split(" ")) if shows != EMPTY else {}, int(updates))


class Runner:
    def __init__(self, program, servers):
        self.program, self.servers = program, servers
        self.proxy = proxy.Proxy()
        self.proxy.start()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FCRDNS_")}
        self.environment = clean | {"FCRDNS_NO_RDAP": "1", "XDG_STATE_HOME": os.path.join(servers.folder, "state")}

    def command(self, case):
        words = [self.program, "fix", case.address, case.hostname, "--via", "rfc2136", "--longest", "4s", "--ttl", "300"]
        if case.key != EMPTY:
            words += ["--secret", os.path.join(self.servers.folder, "keys", case.key)]
        if case.server.startswith("proxy:"):
            words += ["--set", f"server={primaries.PROXY}"]
        elif case.server != EMPTY:
            words += ["--set", f"server={SERVERS[case.server.partition('@')[0]]}"]
        words += MODES[case.options.split(" ")[0]]
        return words + [word.format(unbound=primaries.UNBOUND) for word in self.where(case) + case.options.split(" ")[1:]]

    def where(self, case):
        return [] if "--resolver" in case.options else ["--root-hints", self.servers.hints, "--no-dnssec"]

    def serials(self, case):
        return sum(primaries.serial(name) for name in case.names.values() if name.endswith(tuple("." + apex for apex in primaries.ZONES)))

    def start(self, case):
        clock = self.servers.clock(case.server.partition("@")[2]) if "@" in case.server else {}
        return subprocess.Popen(self.command(case), env=self.environment | clock, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def check(self, case, show):
        """What is wrong, one line each."""
        if case.server.startswith("proxy:"):
            self.proxy.begin(case.server.removeprefix("proxy:"), primaries.BIND, case.names["PTR"])
        before = self.serials(case)
        process = self.start(case)
        try:
            said, _ = process.communicate(timeout=90)
        except subprocess.TimeoutExpired:
            process.kill()
            return ["it does not end"]
        if show:
            print(f"$ {' '.join(self.command(case))}\n{said}[exit {process.returncode}]\n", flush=True)
        wrong = [] if process.returncode == case.exit else [f"exit {process.returncode}, not {case.exit}"]
        wrong += [f"does not say: {word}" for word in case.words if word not in said]
        wrong += ["tells the secret" for secret in (primaries.SECRET, primaries.OTHER_SECRET) if secret in said]
        wrong += self.difference(case)
        updates = self.serials(case) - before
        if updates != case.updates:
            wrong.append(f"{updates} updates changed something, not {case.updates}")
        return [*wrong, "--- it said:", said] if wrong else []

    def difference(self, case):
        for kind, wanted in case.shows.items():
            if kind == "TTL":
                ttls = primaries.ttls(case.names["A"], primaries.KINDS["A"])
                if ttls != {int(wanted)}:
                    yield f"the TTL is {ttls}, not {wanted}"
                continue
            has = primaries.shown(case.names[kind], primaries.KINDS[kind])
            if has != wanted:
                yield f"{case.names[kind]} {kind} is {has}, not {wanted}"

    # ---- killed at each message ----

    def kill_at(self, case, number, after):
        """Killed when that message has come to the proxy (and after: when it was answered); then run to the end."""
        held = {}

        def on_message(count, handed_on):
            if count != number or handed_on != after or "killed" in held:
                return False
            held["killed"] = True
            held["process"].send_signal(signal.SIGKILL)
            held["process"].wait()
            return True

        self.proxy.begin("", primaries.BIND, on_message=on_message)
        held["process"] = process = self.start(case)
        process.communicate(timeout=90)
        if "killed" not in held:
            return None
        updates = self.proxy.updates
        self.proxy.begin("", primaries.BIND)
        process = self.start(case)
        said, _ = process.communicate(timeout=90)
        updates += self.proxy.updates
        wrong = [] if process.returncode == 0 else [f"exit {process.returncode} after the kill", said]
        if updates != 2:
            wrong.append(f"{updates} updates were sent, not 2")
        log = self.servers.log("bind")
        for name in case.names.values():
            if (count := log.count(f"adding an RR at '{name.rstrip('.')}'")) != 1:
                wrong.append(f"the server's log has {count} additions at {name}, not 1")
        return [*wrong, *self.difference(case)]

    def kills(self):
        """How many kills were not recovered from; as long as there is one message more to be killed at."""
        failed = 0
        for after in (False, True):
            for number in itertools.count(1):
                octet = 100 + number + 50 * after
                name = f"kill-{number}{'a' if after else 'b'}.bind.example"
                case = Case("kill", 0, f"203.0.113.{octet}", name, "bind", "proxy:", "apply", [], {"A": f"203.0.113.{octet}", "PTR": name + "."}, 2)
                wrong = self.kill_at(case, number, after)
                if wrong is None:
                    break
                failed += bool(wrong)
                report(f"killed {'when message {} was answered' if after else 'before message {} came through'}".format(number), wrong)
        return failed


def report(name, wrong):
    print(f"{'FAILED' if wrong else 'ok    '} {name}" + "".join(f"\n       {line}" for line in wrong), flush=True)


def run(program, words, show, servers):
    runner = Runner(program, servers)
    failed, ran = 0, 0
    for case in read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.tsv")):
        if words and not any(word in case.id for word in words):
            continue
        wrong = runner.check(case, show)
        report(case.id, wrong)
        failed, ran = failed + bool(wrong), ran + 1
    if not words or "kill" in words:
        failed += runner.kills()
    print(f"{ran} rows, {failed} failed")
    ended = [name for name, process in servers.started.items() if process.poll() is not None]
    if ended or failed:
        print(servers.logs())
    return 1 if failed or ended or (ran == 0 and "kill" not in words) else 0
