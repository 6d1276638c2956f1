"""All of the journey in one place: the small internet, a sender, two receivers, and the program under test.

    theatre.py PACKAGES FOLDER KEEP FCRDNS SCENARIO=TIMES...

It runs inside the namespaces. PACKAGES is where the servers are unpacked; KEEP is where the logs are left, or empty.
"""

import datetime
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", room) for room in ("e2e", "mta")]

from mail import Receiver, Sender
from private_root import Failed, NoMount, mount
from small_internet import BIND, UNBOUND, SmallInternet, Way
from stage import NoNetwork

SKIPPED = 77
WAYS = 40  # mails leave by that many addresses, each for one run: no run finds what another left
RECEIVERS = {"mx.receiver.test": (UNBOUND, ["198.51.100.25", "2001:db8:51::25"]),
             "mx.other.test": (BIND, ["198.51.100.26", "2001:db8:51::26"])}


def ways():
    """203.0.113.5 is mail.example.com.; both families in turn."""
    for number in range(WAYS):
        host = 5 + number // 2
        yield Way(f"2001:db8:113::{host:x}" if number % 2 else f"203.0.113.{host}", f"mail{number or ''}.example.com.")


class Theatre:
    def __init__(self, program, packages, folder):
        self.program, self.folder = program, folder
        own = list(ways())
        self.ways = iter(own)
        self.internet = SmallInternet(packages, folder, [way.address for way in own]
                                      + [address for _, addresses in RECEIVERS.values() for address in addresses])
        self.receiver, self.other = (Receiver(os.path.join(folder, host), packages, host, addresses, cache)
                                     for host, (cache, addresses) in RECEIVERS.items())
        self.sender = Sender(os.path.join(folder, "sender"), packages, own, [self.receiver, self.other])
        self.environment = self.internet.environment() | {"XDG_STATE_HOME": os.path.join(folder, "state")}
        own_resolver = self.put("resolv.conf", f"nameserver {UNBOUND}\n".encode())
        if os.path.exists("/etc/resolv.conf"):  # in here: `wait` looks into the cache of the machine it runs on, too
            mount("--bind", own_resolver, "/etc/resolv.conf")

    def keep(self, folder):
        """The logs of all servers, and the sender's bounces."""
        os.makedirs(folder, exist_ok=True)
        for name in self.internet.running.started:
            with open(os.path.join(folder, name + ".log"), "w", encoding="utf-8") as out:
                out.write(self.internet.log(name))
        for name, server in (("sender", self.sender), ("receiver", self.receiver), ("other", self.other)):
            with open(os.path.join(folder, name + "-mail.log"), "wb") as out:
                out.write(server.log())
        for number, octets in enumerate(self.sender.bounces(), start=1):
            with open(os.path.join(folder, f"bounce-{number}.eml"), "wb") as out:
                out.write(octets)

    def start(self, *words, **streams):
        streams = streams or {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([self.program, *words], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, **streams)

    def ask(self, *words):
        return Answer(self.start(*words))

    def fix(self, way, *more):
        """`fcrdns fix` as it is to be run again with the same words when something ended it."""
        return self.start("fix", way.address, way.name, "--apply", "--yes", "--via", "rfc2136", "--secret", self.internet.key,
                          "--ttl", "60", "--cache", UNBOUND, "--json", *more)

    def put(self, name, octets):
        """A file for the program to read."""
        file = os.path.join(self.folder, name)
        with open(file, "wb") as out:
            out.write(octets)
        return file


class Answer:
    """What one run of the program came to: it waits until it ended."""

    def __init__(self, process):
        self.out, self.error = process.communicate(timeout=120)
        self.ended, self.code = time.time(), process.returncode
        try:
            self.json = json.loads(self.out)
        except ValueError:
            self.json = {}

    def __str__(self):
        said = (self.error.strip() or self.out.strip() or "nothing").splitlines()
        return f"exit {self.code}: {said[-1]}"


def seconds(text):
    """A time of the interface (RFC 3339) as the clock counts."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def main(packages, folder, keep, program, *scenarios):
    try:
        theatre = Theatre(program, packages, folder)
    except (NoNetwork, NoMount) as error:
        print(f"skipped: {error}")
        return SKIPPED
    try:
        wrong = sum(perform(theatre, *scenario.split("=")) for scenario in scenarios)
    finally:
        if keep:
            theatre.keep(keep)
    dead = theatre.internet.running.ended()
    if dead:
        print(f"servers ended on their own: {', '.join(dead)}\n{theatre.internet.running.logs()}")
    return 1 if wrong or dead else 0


def perform(theatre, scenario, times):
    """How much was wrong."""
    began = time.monotonic()
    complaints = importlib.import_module(scenario).perform(theatre, int(times))
    print(*(f"WRONG: {line}" for line in complaints), f"{scenario}: {times} runs, {len(complaints)} wrong "
          f"({time.monotonic() - began:.0f} s)\n", sep="\n", flush=True)
    return len(complaints)


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(143)  # the first process of the PID namespace: all others end with it


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        status = main(*sys.argv[1:])
    except (Failed, OSError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"the stage gave way: {error}")
        status = 1
    sys.stdout.flush()
    os._exit(status)
