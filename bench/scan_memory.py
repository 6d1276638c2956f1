#!/usr/bin/env python3
"""Peak memory of `fcrdns scan` over the length of its input: lists of 10,000 to N lines, IPv4 and IPv6, mixed with prefixes, with
--unique, with --resume. The curve has to be flat, below 40 MB.

    scan_memory.py BIN [N]      BIN: a folder with fcrdns and responder (preset bench); N: 10,000,000 by default

Lines of IPv6 and those beyond the responder's pool are refused by it, and refusals are tried once: length counts here, not verdicts.
"""
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

LIMIT_MB = 40


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


def lines(kind, count):
    for i in range(count):
        if kind == "ipv6" or (kind == "mixed" and i % 2 == 1):
            yield f"2001:db8:{i >> 16:x}::{i & 0xffff:x}\n"
        elif kind == "mixed" and i % 1000 == 0:
            yield f"10.{i >> 16 & 255}.{i >> 8 & 255}.0/29\n"
        else:
            yield f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n"


def measure(command):
    """(peak MB, CPU seconds, wall seconds) of a child of its own."""
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(os.environ["FIGURES"], "w", encoding="ascii") as out:
            out.write(f"{code} {used.ru_maxrss / 1024} {used.ru_utime + used.ru_stime}")
        os._exit(0)
    os.waitpid(child, 0)
    with open(os.environ["FIGURES"], encoding="ascii") as figures:
        code, peak, cpu = figures.read().split()
    if code != "0":
        raise RuntimeError(f"{' '.join(command)}: exit code {code}")
    return float(peak), float(cpu), time.monotonic() - begun


def main():
    binaries, most = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    port, worst = free_port(), 0.0
    server = subprocess.Popen([os.path.join(binaries, "responder"), str(port)], stdout=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["FIGURES"] = os.path.join(folder, "figures")
            path, out, state = (os.path.join(folder, name) for name in ("list", "rows.tsv", "state"))
            print(f"{'LINES':>12}  {'LIST':5}  {'HOW':22} {'PEAK MB':>8} {'CPU s':>7} {'WALL s':>7}")
            counts = [count for count in (10_000, 100_000, 1_000_000, 10_000_000) if count <= most]
            for kind, sizes, hows in (("ipv4", counts, ([], ["--unique"], ["--resume", state])), ("ipv6", [1_000_000], ([], ["--unique"])), ("mixed", [1_000_000], ([],))):
                for count in sizes:
                    if count > most:
                        continue
                    with open(path, "w", encoding="ascii") as file:
                        file.writelines(lines(kind, count))
                    for how in hows:
                        peak, cpu, wall = measure([os.path.join(binaries, "fcrdns"), "scan", path, "--resolver", f"127.0.0.1:{port}", "--retries", "0", "-q", "-o", out, *how])
                        worst = max(worst, peak)
                        print(f"{count:12,}  {kind:5}  {how[0] if how else '':22} {peak:8.1f} {cpu:7.1f} {wall:7.1f}", flush=True)
                        for leftover in (out, state):
                            if os.path.exists(leftover):
                                os.remove(leftover)
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    print(f"highest peak: {worst:.1f} MB of {LIMIT_MB}")
    return 0 if worst < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
