"""Inside the namespaces: each mail server, configured in each way, sends; receivers write down who came; and `fcrdns doctor`
says beforehand what they will see.

    matrix.py WORK PACKAGES FCRDNS MODE [SERVER|SERVER.WAY...]

PACKAGES: where each server is unpacked, joined by ':'. MODE: "compare", "measure" for rows as matrix.tsv has them, or "half-fix".
"""

import contextlib
import dataclasses
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", room) for room in ("e2e", "mta")]

import matrix_cells as cells
import matrix_half_fix
import matrix_places as places
from matrix_servers import SERVERS
from private_root import NoMount, mount

SKIPPED = 77
RECEIVERS = ["takes", "defers", "deaf4", "deaf6"]
WIDTHS = [9, 9, 9, 11, 11, 17, 20, 20]


class Sink:
    """matrix_sink.py in a network of its own, and what it wrote so far."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "--net", sys.executable, os.path.join(HERE, "matrix_sink.py")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while os.readlink(f"/proc/{self.process.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        places.lay_cable(self.process.pid)
        self.rows, self.marks, self.changed = [], set(), threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.tell("listening")

    def read(self):
        for line in self.process.stdout:
            row = json.loads(line)
            with self.changed:
                if isinstance(row, dict):
                    self.rows.append(row)
                else:
                    self.marks.add(row)
                self.changed.notify_all()

    def tell(self, word):
        """Back when it was handed back: all rows of what happened before are here then."""
        with self.changed:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
            if not self.changed.wait_for(lambda: word in self.marks, 30):
                raise RuntimeError("the receivers are silent")

    def taken(self, server):
        """What came from that server since the last time."""
        self.tell(f"{server.name} {server.way} {time.monotonic()}")
        with self.changed:
            # Whoever is sent away at once could not say yet for whom it comes.
            taken = [row for row in self.rows if row["server"] == server.name
                     and (row["recipient"].startswith(server.to("")) or not row["recipient"] and server.way in server.closed)]
            self.rows = [row for row in self.rows if row not in taken]
        return taken


def send(sink, server, receivers):
    """By receiver, a list for each mail, of the rows about it."""
    mails = {receiver: [places.domain(*one) for one in places.all_of(server.name, receiver)] for receiver in receivers}
    server.deliver([server.to(domain) for each in mails.values() for domain in each])
    rows = sink.taken(server)

    def about(domain):
        return [row for row in rows if row["recipient"] == server.to(domain) or
                not row["recipient"] and domain == places.domain(server.name, row["receiver"], row["number"])]

    return {receiver: [about(domain) for domain in each] for receiver, each in mails.items()}


def ask_doctor(program, server):
    """The JSON of doctor, which reads the server's files from outside of its root, and the kernel of this network."""
    destination = places.domain(server.name, "takes")
    done = subprocess.run([*server.root.naming, program, "doctor", "--json", "--no-rdap", "--config-dir", server.root.path, "--dest", destination],
                          capture_output=True, text=True, timeout=120)
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"doctor: exit {done.returncode}: {(done.stderr.strip() or 'no JSON').splitlines()[-1]}") from error


def line(title, by, row):
    return f"{title:27}{by:8}" + " ".join(f"{cell or '.':{width}}" for cell, width in zip(row, WIDTHS)).rstrip()


class Run:
    def __init__(self, work, program, mode, wanted):
        self.work, self.program, self.mode, self.wanted = work, program, mode, wanted
        self.sink, self.table = Sink(), cells.read() if mode == "compare" else {}
        self.compared, self.wrong, self.out = 0, 0, threading.Lock()

    def ways(self, kind):
        return [way for way in kind.ways if not self.wanted or kind.name in self.wanted or f"{kind.name}.{way}" in self.wanted]

    def threads(self, kind, packages):
        """As many at a time as the server waits for others more than it works itself."""
        waiting = queue.SimpleQueue()
        for way in self.ways(kind):
            waiting.put(way)

        def work():
            with contextlib.suppress(queue.Empty):
                while way := waiting.get_nowait():
                    where = os.path.join(self.work, f"{kind.name}-{way}")
                    self.guarded(f"{kind.name} {way}", lambda: self.one_way(kind(where, packages, way)))

        return [threading.Thread(target=work) for _ in range(kind.at_a_time)]

    def guarded(self, what, task):
        try:
            task()
        except Exception as error:  # whatever it is: the others go on, and this one is wrong
            self.tell([f"WRONG: {what}: {error!r}"], wrong=1)

    def one_way(self, server):
        predicted = cells.predicted(ask_doctor(self.program, server)["paths"], places.domain(server.name, "takes")) \
            if self.mode == "compare" else None
        server.start()
        seen = cells.seen(send(self.sink, server, RECEIVERS + ["closes"] * (server.way in server.closed)))
        if server.way in server.by_turns:
            seen = dataclasses.replace(seen, unreachable="")
        server.stop()
        key = (server.name, server.way)
        if self.mode == "measure":
            return self.tell(["\t".join([*key, *seen.row(), server.setting()])])
        lines = [line(f"{server.name} {server.way}", "doctor", predicted.row()), line("", "seen", seen.row())]
        differ = seen - predicted
        lines += [f"WRONG: {name} was {mine}, predicted {theirs}" for name, mine, theirs in differ]
        unlike = seen - self.table[key] if key in self.table else [("", "a new row", "none")]
        lines += [f"WRONG: {name} was {mine}, in matrix.tsv {theirs}" for name, mine, theirs in unlike]
        return self.tell(lines, sum(1 for pair in zip(seen.row(), predicted.row()) if all(pair)), len(differ) + len(unlike))

    def tell(self, lines, compared=0, wrong=0):
        with self.out:
            self.compared, self.wrong = self.compared + compared, self.wrong + wrong
            print("".join(f"{text}\n" for text in lines), end="", flush=True)


def main(work, packages, program, mode, *wanted):
    try:
        mount("-t", "proc", "proc", "/proc")
        run = Run(work, program, mode, wanted)
    except (NoMount, OSError, subprocess.SubprocessError) as error:
        print(f"skipped: {error}")
        return SKIPPED
    if mode == "half-fix":
        run.guarded("half fix", lambda: run.tell([], wrong=matrix_half_fix.perform(run.sink, work, packages, program)))
        return 1 if run.wrong else 0
    if mode == "compare":
        run.tell([line("", "", cells.NAMES), "('.': not tested, or computed for each mail)"])
    began = time.monotonic()
    threads = [thread for pair in zip(SERVERS.values(), packages.split(":")) for thread in run.threads(*pair)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if mode == "compare":
        ways = sum(len(run.ways(kind)) for kind in SERVERS.values())
        print(f"{ways} configurations, {run.compared} cells: {f'{run.wrong} wrong' if run.wrong else 'all agree'} "
              f"({time.monotonic() - began:.0f} s)")
    return 1 if run.wrong else 0


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(143)  # the first process of the PID namespace: all others end with it


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    threading.Thread(target=end_with_parent, daemon=True).start()
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
