#!/usr/bin/env python3
"""What one worker and what two do of the same work queue, side by side: addresses a second, CPU, peak memory.

    scan_leases.py FCRDNS RESPONDER [COUNT]

One nats-server (Debian's, as tests/scan/leases fetches it) and the responder on the loopback; leases of a sixteenth of COUNT.
With two processors the responder, the server and two workers share them: the last line says the ratio, not a speed.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "tests", "scan", "leases"), os.path.join(HERE, "..", "tests", "e2e")]

import cluster
import packages


def peak(process):
    """Of a process that still runs, in MB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next((int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM")), 0)


def run(program, url, port, count, workers, rate):
    command = [program, "scan", "--nats", url, "--nats-scan", f"w{workers}{'r' if rate else ''}"]
    bits = 32 - (count - 1).bit_length()
    subprocess.run([*command, "--submit", f"10.0.0.0/{bits}", "--no-prune", "--lease-size", str(count // 16)], check=True, stdout=subprocess.DEVNULL)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    started = [subprocess.Popen([*command, "--resolver", f"127.0.0.1:{port}", *(["--rate", str(rate)] if rate else [])], stderr=subprocess.DEVNULL) for _ in range(workers)]
    most = 0
    while any(process.poll() is None for process in started):
        for process in started:
            try:
                most = max(most, peak(process))
            except OSError:
                pass
        time.sleep(0.05)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = subprocess.run([*command, "--collect"], check=True, capture_output=True).stdout.count(b"\n")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{workers} worker{'s' if workers > 1 else ' '}  {'at ' + str(rate) + ' q/s each' if rate else 'without a cap':18}  {rows} rows in {wall:6.2f} s  "
          f"{rows / wall:9.0f} /s  {cpu / rows * 1e6:5.2f} CPU s per million  {most:5.1f} MB at most")
    return rows / wall


def main(program, responder, count=65536):
    programs = packages.Programs(packages.fetch(cluster.WANTED))
    (port,) = cluster.free_ports(1)
    with tempfile.TemporaryDirectory(prefix="fcrdns-leases-") as folder:
        dns, server = subprocess.Popen([responder, str(port)], stdout=subprocess.DEVNULL), cluster.start_single(programs, folder)
        try:
            capped = [run(os.path.abspath(program), server.url, port, int(count), workers, 10000) for workers in (1, 2)]
            free = [run(os.path.abspath(program), server.url, port, int(count), workers, 0) for workers in (1, 2)]
            print(f"two workers do {capped[1] / capped[0]:.2f} times what one does where the pace is the limit, {free[1] / free[0]:.2f} times where the {os.cpu_count()} processors are")
        finally:
            server.kill()
            dns.kill()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__.strip())
    main(*sys.argv[1:])
