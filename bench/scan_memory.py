#!/usr/bin/env python3
"""Peak memory of `fcrdns scan` over the length of its input: lists of 10,000 to N lines, IPv4 and IPv6, mixed with prefixes, with
--unique, with --resume. The curve has to be flat, below 40 MB.

    scan_memory.py BIN [N]      BIN: a folder with fcrdns and responder (preset bench); N: 10,000,000 by default

IPv6 is asked of Debian's NSD, downloaded and unpacked as the tests do: each address has one name there, which leads back to the first.
"""
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.append(os.path.join(HERE, "..", "tests", "e2e"))
import packages  # noqa: E402

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


def nsd(folder):
    """With a name for every address of 10.0.0.0/8 and 2001:db8::/32; the process, and its port."""
    programs, port = packages.Programs(packages.fetch(["nsd"])), free_port()
    zones = {"10.in-addr.arpa": "* PTR host.example.", "8.b.d.0.1.0.0.2.ip6.arpa": "* PTR host.example.", "example": "host A 10.0.0.0\nhost AAAA 2001:db8::"}
    with open(os.path.join(folder, "nsd.conf"), "w", encoding="ascii") as conf:
        conf.write(f'server:\n  username: ""\n  database: ""\n  pidfile: ""\n  server-count: 1\n  rrl-ratelimit: 0\n  zonesdir: "{folder}"\n  xfrdir: "{folder}"\n'
                   f'  xfrdfile: "{folder}/xfrd.state"\n  zonelistfile: "{folder}/zone.list"\n  ip-address: 127.0.0.1@{port}\nremote-control:\n  control-enable: no\n')
        for zone, lines_of in zones.items():
            conf.write(f'zone:\n  name: "{zone}"\n  zonefile: "{folder}/{zone}.zone"\n')
            with open(os.path.join(folder, zone + ".zone"), "w", encoding="ascii") as out:
                out.write(f"$ORIGIN {zone}.\n$TTL 3600\n@ SOA ns.example. hostmaster.example. 1 7200 3600 1209600 60\n@ NS ns.example.\n{lines_of}\n")
    process = subprocess.Popen([programs.path("nsd"), "-d", "-c", os.path.join(folder, "nsd.conf")], env=programs.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    return process, port


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
    servers = [subprocess.Popen([os.path.join(binaries, "responder"), str(port)], stdout=subprocess.DEVNULL)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            with_ipv6, port_of_nsd = nsd(folder)
            servers.append(with_ipv6)
            os.environ["FIGURES"] = os.path.join(folder, "figures")
            path, out, state = (os.path.join(folder, name) for name in ("list", "rows.tsv", "state"))
            print(f"{'LINES':>12}  {'LIST':5}  {'HOW':22} {'PEAK MB':>8} {'CPU s':>7} {'WALL s':>7} {'TEMPERRORS':>11}")
            counts = [count for count in (10_000, 100_000, 1_000_000, 10_000_000) if count <= most]
            for kind, sizes, hows in (("ipv4", counts, ([], ["--unique"], ["--resume", state])), ("ipv6", [1_000_000], ([], ["--unique"])), ("mixed", [1_000_000], ([],))):
                for count in sizes:
                    if count > most:
                        continue
                    with open(path, "w", encoding="ascii") as file:
                        file.writelines(lines(kind, count))
                    for how in hows:
                        peak, cpu, wall = measure([os.path.join(binaries, "fcrdns"), "scan", path, "--resolver", f"127.0.0.1:{port if kind == 'ipv4' else port_of_nsd}", "-q", "-o", out, *how])
                        worst = max(worst, peak)
                        temperrors = sum("\ttemperror\t" in line for line in open(out, encoding="ascii"))
                        print(f"{count:12,}  {kind:5}  {how[0] if how else '':22} {peak:8.1f} {cpu:7.1f} {wall:7.1f} {temperrors:11,}", flush=True)
                        for leftover in (out, state):
                            if os.path.exists(leftover):
                                os.remove(leftover)
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
            server.wait()
    print(f"highest peak: {worst:.1f} MB of {LIMIT_MB}")
    return 0 if worst < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
