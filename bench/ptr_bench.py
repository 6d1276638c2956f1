#!/usr/bin/env python3
"""Reverse zones through `fcrdns ptr`, and through a plain Python script in the same run, both on one core; both must say the same.

    bench/ptr_bench.py build/release/bin/fcrdns [--rows 1000000] [--large]

A PTR for each address of 10.0.0.0/12, and the zones of ROWS lines of CSV: seconds, PTRs a second, peak memory. --large writes
10.0.0.0/8 as well, sixteen times as much: memory must stay where it is. With named-checkzone (bind9-utils) at hand, a zone of
65,536 PTRs is read back by it. The ratios stand in the last line.
"""
import argparse
import csv
import ipaddress
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

TEMPLATE = "h-{a}-{b}-{c}-{d}.example.com"
PEER_PREFIX = """
import ipaddress, sys
zone = None
for address in ipaddress.ip_network(sys.argv[1]):
    a, b, c, d = str(address).split('.')
    if (a, b) != zone:
        zone = a, b
        print(f'$ORIGIN {b}.{a}.in-addr.arpa.')
    print(f'{d}.{c} 3600 IN PTR h-{a}-{b}-{c}-{d}.example.com.')
"""
PEER_CSV = """
import csv, ipaddress, sys
hosts = {}
with open(sys.argv[1], newline='') as rows:
    for row in csv.DictReader(rows):
        hosts.setdefault(ipaddress.ip_address(row['address']), row['name'])
zone = None
for address in sorted(hosts, key=lambda a: (a.version, a)):
    labels = address.reverse_pointer.split('.')
    cut = 1 if address.version == 4 else 16
    if labels[cut:] != zone:
        zone = labels[cut:]
        print('$ORIGIN ' + '.'.join(zone) + '.\\n$TTL 3600\\n@ IN SOA ns1.example.com. hostmaster.example.com. 1 86400 7200 3600000 3600\\n@ IN NS ns1.example.com.')
    print('.'.join(labels[:cut]) + ' IN PTR ' + hosts[address] + '.')
"""
# A process counts its parent's memory as its own peak until it runs its program, so a small one starts them.
STARTER = """
import os, subprocess, sys, time
begin = time.perf_counter()
with open(sys.argv[1], 'wb') as stdout:
    process = subprocess.Popen(sys.argv[2:], stdout=stdout, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(process.returncode, time.perf_counter() - begin, usage.ru_maxrss)
"""


def write_rows(path, count):
    """Nine of ten names have an IPv4 address, which some share; the same for the same count."""
    chance = random.Random(1)
    with open(path, "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["name", "address"])
        for i in range(count):
            v6 = i % 10 == 9
            address = ipaddress.IPv6Address((0x20010DB8 << 96) + (i % 500 << 64) + i) if v6 else ipaddress.IPv4Address(0x0A000000 + chance.randrange(1 << 20))
            rows.writerow([f"h{i}.example.com", address])


def run(command, out):
    """Seconds, peak memory in MiB (at least the 10 or so of the process that starts it)."""
    code, seconds, memory = subprocess.run([sys.executable, "-c", STARTER, out, *command], capture_output=True, text=True, check=True).stdout.split()
    if code != "0":
        sys.exit(f"{command[0]} left with {code}")
    return float(seconds), int(memory) / 1024


def ptrs(path):
    """The names and targets, in order, whatever else is on the lines."""
    found, origin = [], ""
    with open(path) as lines:
        for line in lines:
            words = line.split()
            if words and words[0] == "$ORIGIN":
                origin = words[1]
            elif "PTR" in words:
                found.append((words[0] + "." + origin, words[-1]))
    return found


def compare(what, ours, peer, folder):
    mine, theirs = os.path.join(folder, "ours"), os.path.join(folder, "peer")
    seconds, memory = run(ours, mine)
    peer_seconds, peer_memory = run(peer, theirs)
    found = ptrs(mine)
    if found != ptrs(theirs):
        sys.exit(f"{what}: the two do not say the same")
    print(f"{what:22} {len(found):9} PTRs  fcrdns {seconds:6.2f} s {len(found) / seconds / 1e6:5.2f} M/s {memory:5.0f} MiB   "
          f"Python {peer_seconds:6.2f} s {len(found) / peer_seconds / 1e6:5.2f} M/s {peer_memory:5.0f} MiB")
    return peer_seconds / seconds, memory


def read_back(binary, folder):
    checker = shutil.which("named-checkzone") or shutil.which("named-checkzone", path="/usr/sbin:/usr/bin")
    if not checker:
        print("named-checkzone is not here (bind9-utils): nothing is read back")
        return
    zone = os.path.join(folder, "zone")
    seconds, _ = run([binary, "ptr", "10.0.0.0/16", "--name-template", TEMPLATE, "--nameserver", "ns1.example.com"], zone)
    begin = time.perf_counter()
    checked = subprocess.run([checker, "0.10.in-addr.arpa", zone], capture_output=True, text=True)
    took = time.perf_counter() - begin
    if checked.returncode != 0:
        sys.exit("named-checkzone: " + checked.stdout[-500:])
    print(f"10.0.0.0/16 whole      written in {seconds:.2f} s, read by named-checkzone in {took:.2f} s: {checked.stdout.split()[-1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory() as folder:
        rows = os.path.join(folder, "rows.csv")
        write_rows(rows, options.rows)
        block, memory = compare("10.0.0.0/12", [binary, "ptr", "10.0.0.0/12", "--name-template", TEMPLATE],
                                [sys.executable, "-c", PEER_PREFIX, "10.0.0.0/12"], folder)
        table, _ = compare(f"{options.rows} rows of CSV", [binary, "ptr", "--from", "csv", rows, "--nameserver", "ns1.example.com"],
                           [sys.executable, "-c", PEER_CSV, rows], folder)
        read_back(binary, folder)
        if options.large:
            seconds, large = run([binary, "ptr", "10.0.0.0/8", "--name-template", TEMPLATE], os.devnull)
            print(f"10.0.0.0/8              16777216 PTRs  fcrdns {seconds:6.2f} s {16.777216 / seconds:5.2f} M/s {large:5.0f} MiB")
            if large > memory + 16:
                sys.exit("memory grew with the block")
        print(f"as fast as Python: {block:.1f} times for a block, {table:.1f} times for CSV")


main()
