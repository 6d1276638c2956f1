"""The servers up, a scan of the pool through them, and what it came to."""
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "..", "e2e"))

import namespace
import packages
import pool as pools
from dns_wire import PTR, RD, SOA, ask

# A process counts its parent's memory as its own peak until it runs its program, so a small one starts it.
STARTER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[2:], stdout=open(sys.argv[1], 'wb'), stderr=subprocess.STDOUT)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""

WANTED = ["nsd", "unbound"]
WAYS = {"resolver": ["--resolver", pools.RESOLVER], "authority": ["--resolver", pools.AUTHORITY]}


def await_answer(address, name, kind):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        reply = ask(address, name, kind, RD)
        if reply is not None and reply.rcode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer for {name}")


class Outcome:
    def __init__(self):
        self.seconds = self.cpu = self.ptr = self.asked = self.peak = 0
        self.wrong, self.said = [], ""


def scan(program, root, folder, length, used, liar, way, options=()):
    """One scan with servers of its own, from their start."""
    os.mkdir(folder)
    pool = pools.Pool(length, used, liar)
    servers = pools.Servers(pool, folder, packages.Programs(root), with_resolver=way == "resolver")
    counts, lying = os.path.join(folder, "liar.counts"), None
    if liar is not None:
        lying = subprocess.Popen([sys.executable, os.path.join(HERE, "liar.py"), pools.LIAR, counts], stdin=subprocess.PIPE)
        lying.stdin.write(b"%d\n" % liar + b"".join(b"%d %s\n" % entry for entry in pool.of_liar().items()))
        lying.stdin.close()
        await_answer(pools.LIAR, f"{liar}.10.in-addr.arpa.", SOA)
    await_answer(pools.AUTHORITY, "10.in-addr.arpa.", SOA)
    if way == "resolver":
        await_answer(pools.RESOLVER, "10.in-addr.arpa.", SOA)
    asking = WAYS.get(way) or ["--root-hints", servers.hints, "--iterate", "--per-server", "20000"]
    rows = os.path.join(folder, "rows.tsv")
    before = servers.counted("nsd")
    through = servers.counted("unbound") if way == "resolver" else None
    out, begin = Outcome(), time.monotonic()
    said = os.path.join(folder, "said")
    done = subprocess.run([sys.executable, "-S", "-c", STARTER, said, program, "scan", pool.prefix, *asking, "-o", rows, *options], stdout=subprocess.PIPE, text=True)
    out.seconds = time.monotonic() - begin
    status, out.cpu, out.peak = map(float, done.stdout.split())
    with open(said, encoding="utf-8", errors="replace") as text:
        out.said = text.read()
    after = servers.counted("nsd")
    out.ptr, out.asked = after["PTR"] - before["PTR"], after["all"] - before["all"]
    if lying is not None:
        lying.send_signal(signal.SIGTERM)
        lying.wait()
        with open(counts, encoding="ascii") as text:
            asked, ptr = map(int, text.read().split())
        out.ptr, out.asked = out.ptr + ptr, out.asked + asked
    if through is not None:
        out.asked = servers.counted("unbound")["all"] - through["all"]
    servers.stop()
    if status != 0:
        out.wrong.append(f"exit code {status:.0f}: {out.said}")
    else:
        out.wrong += pool.check(rows)
        os.unlink(rows)
    return out


def in_a_namespace(script, arguments):
    """Runs this script again inside a network of its own; its exit code."""
    reason = namespace.refused()
    if reason:
        print(f"skipped: no network namespace can be had here ({reason})")
        return 77
    try:
        root = packages.fetch(WANTED)
    except (packages.Unavailable, OSError, subprocess.SubprocessError) as error:
        print(f"skipped: {error}")
        return 77
    return subprocess.run([*namespace.UNSHARE, sys.executable, script, "--inside", root, *arguments]).returncode


def own_network():
    namespace.bring_up_loopback()
    namespace.own([pools.AUTHORITY, pools.LIAR, pools.RESOLVER])
