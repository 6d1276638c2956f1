#!/usr/bin/env python3
"""What a scan does to resolvers with a limit, on lossy lines and with trouble: packets and time beside those needed.

    bench/scan_limits.py build/bench/bin [--rows 500000] [--limit 50000] [--runs 3] [--only drop,loss_flap]

The pool and the responder are those of bench/workload.hpp and bench/responder.cpp; 500,000 rows are a million look-ups.
Needed: the look-ups, each sent until it is answered once; ideal: the look-ups over the limit. The rows must be the true
ones, save those that are temperror because five packets went astray one after the other, as often as that must happen.
The server runs on one core, the scan on the other; of several runs the quickest counts, as a busy machine only
slows (as root, chrt -f 5 before the command keeps others out of the way).
"""
import argparse
import collections
import math
import os
import signal
import subprocess
import sys
import tempfile
import time

TRIES = 5
#         name         the responder's options            packets lost   answers in trouble
MODES = [("drop", "--limit {limit} drop", 0, 0),
         ("servfail", "--limit {limit} servfail", 0, 0),
         ("refused", "--limit {limit} refused", 0, 0),
         ("loss", "--lose 5", 0.05, 0),
         ("flap", "--flap 10", 0, 0.1),
         ("loss_flap", "--lose 5 --flap 10", 0.05, 0.1),
         ("drop_loss", "--limit {limit} drop --lose 5", 0.05, 0),
         ("drop_delay", "--limit {limit} drop --delay 20", 0, 0)]


def pinned(core, command):
    return ["taskset", "-c", str(core), *command] if os.cpu_count() > 1 else command


def counts_of(log):
    words = open(log).read().split()
    return {words[i]: int(words[i + 1]) for i in range(0, len(words) - 1, 2)}


def lookups_of(truth):
    """PTR questions, and A questions: one for each name."""
    forward = sum(len(line.split("\t")[3].split(",")) for line in truth if line.split("\t")[3] != "-")
    return len(truth), forward


def run(build, options, port, addresses, folder):
    log = os.path.join(folder, "responder.log")
    out = os.path.join(folder, "rows")
    with open(log, "wb") as told:
        server = subprocess.Popen(pinned(1, [f"{build}/responder", str(port), *options]), stdout=told)
    try:
        time.sleep(0.5)
        begin = time.perf_counter()
        with open(addresses, "rb") as stdin, open(out, "wb") as stdout:
            done = subprocess.run(pinned(0, [f"{build}/fcrdns", "scan", "-", "--resolver", f"127.0.0.1:{port}", "--no-prune", "--retries", str(TRIES - 1)]),
                                  stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, timeout=600)
        wall = time.perf_counter() - begin
        if done.returncode != 0:
            sys.exit(done.stderr.decode(errors="replace")[-500:])
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    with open(out) as rows:
        return wall, counts_of(log), sorted("\t".join(line.rstrip("\n").split("\t")[:5]) for line in rows)


def compared(rows, truth):
    """Rows that are another verdict than the true one, and temperrors by detail."""
    wrong, temporary = 0, collections.Counter()
    if [row.split("\t", 1)[0] for row in rows] != [row.split("\t", 1)[0] for row in truth]:
        return "not one row for each address", temporary
    for row, true in zip(rows, truth):
        columns = row.split("\t")
        if row == true:
            continue
        if columns[1] == "temperror":
            temporary[columns[4]] += 1
        elif columns[1] != true.split("\t")[1]:  # of several names one may be missing where another confirms
            wrong += 1
    return wrong, temporary


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--limit", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--port", type=int, default=5399)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    build = os.path.abspath(arguments.build)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        truth = sorted(subprocess.run([f"{build}/responder", "--truth", str(arguments.rows)], capture_output=True, text=True, check=True).stdout.splitlines())
        addresses = os.path.join(folder, "addresses")
        with open(addresses, "w") as out:
            out.writelines(line.split("\t", 1)[0] + "\n" for line in truth)
        ptr, forward = lookups_of(truth)
        lookups = ptr + forward
        print(f"{ptr:,} addresses, {lookups:,} look-ups; a limit is {arguments.limit:,} a second: {lookups / arguments.limit:.1f} s at least")
        print(f"{'mode':13} {'packets':>10} {'of needed':>9} {'wall s':>7} {'of ideal':>8} {'wrong':>6} {'temperror':>9} {'expected':>8}")
        for name, options, lose, flap in MODES:
            if arguments.only and name not in arguments.only.split(","):
                continue
            best = None
            for _ in range(arguments.runs):
                wall, counts, rows = run(build, options.format(limit=arguments.limit).split(), arguments.port, addresses, folder)
                wrong, temporary = compared(rows, truth)
                astray = lose + (1 - lose) * flap
                needed = lookups / (1 - astray)
                expected = lookups * astray ** TRIES
                seen = sum(temporary.values())
                if wrong or seen > expected + 4 * math.sqrt(expected) + 1:
                    failed.append(f"{name}: {wrong} wrong, {seen} temperror")
                if best is None or wall < best[0]:
                    best = wall, counts["asked"] / needed, counts["asked"], wrong, seen, expected
            wall, ratio, asked, wrong, seen, expected = best
            limited = "--limit" in options
            ideal = needed / arguments.limit
            of_ideal = f"{wall / ideal:8.3f}" if limited else f"{'-':>8}"
            print(f"{name:13} {asked:10,} {ratio:9.3f} {wall:7.2f} {of_ideal} {wrong!s:>6} {seen:9} {expected:8.1f}", flush=True)
            if ratio > 1.1:
                failed.append(f"{name}: {ratio:.2f} times the packets needed")
            if limited and wall > ideal * 1.15:
                failed.append(f"{name}: {wall / ideal:.2f} times the ideal wall")
    print("all within 1.1 of the packets, 1.15 of the time, and true" if not failed else "not kept: " + "; ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
