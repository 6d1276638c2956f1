"""Inside the namespaces: receivers, mail servers, and what the receivers saw.

    matrix.py WORK PACKAGES FCRDNS [SERVER[.WAY]...]
"""

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

import matrix_places as places
from matrix_servers import SERVERS
from private_root import Failed, NoMount, mount

class Sink:
    def __init__(self):
        self.process = subprocess.Popen(["unshare", "--net", sys.executable, os.path.join(HERE, "matrix_sink.py")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while os.readlink(f"/proc/{self.process.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        places.lay_cable(self.process.pid)
        self.rows, self.marks, self.changed = [], set(), threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.mark("listening", tell="go")

    def read(self):
        for line in self.process.stdout:
            row = json.loads(line)
            with self.changed:
                self.rows.append(row) if isinstance(row, dict) else self.marks.add(row)
                self.changed.notify_all()

    def mark(self, word, tell=None):
        self.process.stdin.write((tell or word) + "\n")
        self.process.stdin.flush()
        with self.changed:
            if not self.changed.wait_for(lambda: word in self.marks, 30):
                raise RuntimeError("the sink is silent")

    def seen(self, server, word):
        """What came from that server since the last call."""
        self.mark(word)
        with self.changed:
            taken = [row for row in self.rows if row["server"] == server]
            self.rows = [row for row in self.rows if row["server"] != server]
        return taken


def measure(sink, server):
    """By receiver: a list for each mail, of what was seen, in order."""
    name, counts = server.name, {receiver: count for receiver, count in places.MANY.items() if receiver != "relay"}
    mails = [f"to@{places.domain(name, receiver, number)}" for receiver in counts for number in range(counts[receiver])]
    server.deliver(mails)
    rows = sink.seen(name, f"{name} {server.way}")
    return {receiver: [[row for row in rows if row["recipient"] == f"to@{places.domain(name, receiver, number)}"
                        or (row["receiver"], row["number"]) == (receiver, number)] for number in range(counts[receiver])]
            for receiver in counts}


def main(work, packages, program, *words):
    mount("-t", "proc", "proc", "/proc")
    sink = Sink()
    wanted = [word.split(".") for word in words]

    def run(name, unpacked):
        for way in SERVERS[name].ways:
            if wanted and [name] not in wanted and [name, way] not in wanted:
                continue
            try:
                server = SERVERS[name](os.path.join(work, f"{name}-{way}"), unpacked, way)
                server.start()
                began = time.monotonic()
                seen = measure(sink, server)
                server.stop()
                if os.environ.get("LOGS"):
                    print(server.log().decode()[-6000:])
                print(f"\n== {name} {way} ({time.monotonic() - began:.1f} s)")
                for receiver, mails in seen.items():
                    print(f"   {receiver:7}", "  ".join("".join(str(row["family"]) for row in mail) or "-" for mail in mails),
                          sorted({(row["source"], row["helo"]) for mail in mails for row in mail}))
            except (Failed, RuntimeError, OSError) as error:
                print(f"\n== {name} {way}: {error}")
            sys.stdout.flush()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(SERVERS, packages.split(":"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(143)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
