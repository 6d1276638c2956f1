#!/usr/bin/env python3
"""What a verdict costs: `fcrdns scan`, a loop with c-ares, and adnslogres, in the same run, against the same server.

    bench/scan_bench.py build/bench/bin [--rows 1000000] [--servers responder,nsd] [--rounds 1]

The pool is that of bench/workload.hpp. The server runs on one core, who asks on the other, in a network namespace of its
own with the server on port 53 (adns knows no other). Every row of the scan must be the true one; of the others it is told
how many verdicts are right. adns-tools and nsd are fetched from Debian when they are not installed; what cannot be had is
left out with one line. The last lines are the ratios.
"""
import argparse
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests", "e2e"))
import packages  # noqa: E402

# A process counts its parent's memory as its own peak until it runs its program, so a small one starts them.
STARTER = """
import os, subprocess, sys, time
begin = time.perf_counter()
with open(sys.argv[1], 'rb') as stdin, open(sys.argv[2], 'wb') as stdout, open(sys.argv[3], 'wb') as stderr:
    process = subprocess.Popen(sys.argv[4:], stdin=stdin, stdout=stdout, stderr=stderr)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(process.returncode, time.perf_counter() - begin, usage.ru_utime, usage.ru_stime, usage.ru_maxrss)
"""


def in_own_network():
    """Starts over in a network namespace with nothing but a loopback interface."""
    if os.environ.get("FCRDNS_OWN_NETWORK") != "1":
        how = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
        os.environ["FCRDNS_OWN_NETWORK"] = "1"
        try:
            os.execvp("unshare", [*how, sys.executable, os.path.abspath(__file__), *sys.argv[1:]])
        except OSError as error:
            sys.exit(f"unshare is needed: {error}")
    with socket.socket() as any_socket:  # ip link set lo up
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", 1 | 64))


def pinned(core, command):
    return ["taskset", "-c", str(core), *command] if os.cpu_count() > 1 else command


def answers():
    """Whether the server answers a question by now."""
    query = struct.pack("!6H", 1, 0x100, 1, 0, 0, 0) + b"".join(bytes([len(l)]) + l for l in b"0.0.0.10.in-addr.arpa".split(b".")) + b"\0\0\x0c\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.2)
        try:
            asking.connect(("127.0.0.1", 53))
            asking.send(query)
            return len(asking.recv(4096)) > 12
        except OSError:
            return False


class Server:
    """Pinned to core 1; what it counted, once it has ended."""

    def __init__(self, name, command, env, folder):
        self.log = os.path.join(folder, name + ".log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(pinned(1, command), stdout=log, stderr=log, env=env)
        for _ in range(600):
            if answers():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        self.process.kill()
        raise packages.Unavailable(f"{name} does not answer: " + open(self.log).read()[-200:].strip().replace("\n", "; "))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        words = open(self.log).read().split()
        return int(words[words.index("asked") + 1]) - 1 if "asked" in words else None


def nsd_command(folder, programs):
    config = os.path.join(folder, "nsd.conf")
    with open(config, "w") as out:
        out.write(f'server:\n  username: ""\n  database: ""\n  pidfile: ""\n  server-count: 1\n  rrl-ratelimit: 0\n  zonesdir: "{folder}"\n'
                  f'  xfrdir: "{folder}"\n  xfrdfile: "{folder}/xfrd.state"\n  zonelistfile: "{folder}/zone.list"\n  ip-address: 127.0.0.1\n'
                  "remote-control:\n  control-enable: no\n")
        for zone in ("10.in-addr.arpa", "example"):
            out.write(f'zone:\n  name: "{zone}"\n  zonefile: "{folder}/{zone}.zone"\n')
    return [programs.path("nsd"), "-d", "-c", config]


# ---- who asks, and how many of the verdicts are right ---------------------------------------------------------------

def of_scan(out, truth):
    with open(out) as rows:
        lines = sorted("\t".join(line.rstrip("\n").split("\t")[:5]) for line in rows)
    wrong = sum(a != b for a, b in zip(lines, truth)) + abs(len(lines) - len(truth))
    return len(truth) - wrong


def of_cares(out, truth):
    verdicts = {line.split("\t", 2)[0]: line.split("\t", 2)[1] for line in truth}
    with open(out) as rows:
        return sum(verdicts.get(address) == verdict for address, verdict in map(str.split, rows))


def of_adns(out, truth):
    """It prints the name that leads back, or leaves the address as it is."""
    confirmed = {line.split("\t")[2].rstrip(".") for line in truth if "\tpass\t" in line}
    unconfirmed = {line.split("\t")[0] for line in truth if "\tpass\t" not in line}
    with open(out) as rows:
        words = [line.split()[0] for line in rows if line.strip()]
    return sum(word in confirmed or word in unconfirmed for word in words)


def contenders(build, adns):
    out = [("fcrdns scan", [f"{build}/fcrdns", "scan", "-", "--resolver", "127.0.0.1:53", "--no-prune"], of_scan, None)]
    if os.path.exists(f"{build}/cares_loop"):
        out.append(("c-ares loop", [f"{build}/cares_loop", "127.0.0.1:53", "4000"], of_cares, None))
    else:
        print("c-ares: its loop was not built (libc-ares-dev); left out")
    if adns:
        out.append(("adnslogres", [adns.path("adnslogres"), "-p", "-c", "2000", "-C", "nameserver 127.0.0.1"], of_adns, adns.env))
    return out


def run(contender, addresses, folder):
    name, command, _, env = contender
    out, err = os.path.join(folder, "out"), os.path.join(folder, "err")
    done = subprocess.run([sys.executable, "-c", STARTER, addresses, out, err, *pinned(0, command)], env=env, capture_output=True, text=True, check=True)
    code, wall, user, system, memory = done.stdout.split()
    if code != "0":
        print(f"{name} ended with {code}: " + open(err).read()[-300:].strip())
    return float(wall), float(user), float(system), int(memory) / 1024, out


def fetched(what, use, quiet=False):
    try:
        return use(packages.Programs(packages.fetch(what)))
    except (packages.Unavailable, subprocess.SubprocessError, OSError) as error:
        if not quiet:
            print(f"{' '.join(what)}: left out ({error})")
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--servers", default="responder,nsd")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    if os.environ.get("FCRDNS_OWN_NETWORK") != "1":  # the packages come from outside
        for what in (["adns-tools"], ["nsd"]):
            fetched(what, lambda programs: programs, quiet=True)
    build = os.path.abspath(arguments.build)
    in_own_network()

    with tempfile.TemporaryDirectory() as folder:
        responder, rows = f"{build}/responder", str(arguments.rows)
        truth = sorted(subprocess.run([responder, "--truth", rows], capture_output=True, text=True, check=True).stdout.splitlines())
        addresses = os.path.join(folder, "addresses")
        with open(addresses, "w") as out:
            out.writelines(line.split("\t", 1)[0] + "\n" for line in truth)
        servers = {"responder": lambda: ([responder, "53"], None)}
        if "nsd" in arguments.servers:
            subprocess.run([responder, "--zones", folder, rows], check=True)
            nsd = fetched(["nsd"], lambda programs: (nsd_command(folder, programs), programs.env))
            servers["nsd"] = (lambda: nsd) if nsd else None
        adns = fetched(["adns-tools"], lambda programs: programs)
        asking = contenders(build, adns)

        print(f"{'server':10} {'who asks':12} {'CPU s/M':>8} {'user':>6} {'system':>6} {'wall s':>7} {'peak MiB':>8} {'questions':>10} {'right':>9}")
        ratios = []
        for kind in arguments.servers.split(","):
            if servers.get(kind) is None:
                continue
            cpu = {}
            for _ in range(arguments.rounds):
                for contender in asking:
                    try:
                        server = Server(kind, *servers[kind](), folder)
                    except packages.Unavailable as error:
                        print(error)
                        break
                    wall, user, system, memory, out = run(contender, addresses, folder)
                    asked = server.end()
                    right = contender[2](out, truth)
                    per_million = (user + system) * 1e6 / len(truth)
                    cpu.setdefault(contender[0], []).append(per_million)
                    print(f"{kind:10} {contender[0]:12} {per_million:8.2f} {user:6.2f} {system:6.2f} {wall:7.1f} {memory:8.1f} {asked or '-':>10} {right:>9}", flush=True)
                    if contender[0] == "fcrdns scan" and right != len(truth):
                        sys.exit(f"{len(truth) - right} rows are not the true ones")
            for other, limit in (("c-ares loop", 0.5), ("adnslogres", 0.4)):
                if other in cpu:
                    ratios.append(f"{kind}: CPU {min(cpu['fcrdns scan']) / min(cpu[other]):.2f} of {other} (at most {limit})")
        print("\n".join(ratios))


main()
