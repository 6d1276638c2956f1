#!/usr/bin/env python3
"""A scan that is killed again and again, and taken up again by the same command: in the end each row is there once, and right.

    interrupted.py FCRDNS RESPONDER
"""
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from pool import Pool, Report, address, environment, rows_of

COUNT = 120_000  # addresses of the list; some seconds at RATE
RATE = "30000"
KILLS = 10
PREFIX = "10.1.0.0/18"  # 16,384 more


def write_list(path):
    """A list with all that lists have in it; what its rows are called, counted."""
    expected = collections.Counter()
    with open(path, "w", encoding="ascii") as out:
        for number in range(COUNT):
            out.write(address(number) + ("\r\n" if number % 3 == 0 else "\n"))
            expected[address(number)] += 1
            if number % 10_000 == 77:
                out.write(f"# a comment\n\n010.0.0.{number % 256}\n10.0.3.0/24\n")
                expected[f"010.0.0.{number % 256}"] += 1
                expected.update(address(0x300 + i) for i in range(256))
    return expected


def run(command, seconds, how):
    """Ends it by this signal after so long; its exit code, or None where it had to be ended."""
    scan = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())
    try:
        _, errors = scan.communicate(timeout=seconds)
        return scan.returncode, errors
    except subprocess.TimeoutExpired:
        scan.send_signal(how)
        _, errors = scan.communicate(timeout=60)
        return (None if how == signal.SIGKILL else scan.returncode), errors


def interrupted(report, pool, program, folder, source, expected, name, how, options=()):
    out, state = os.path.join(folder, name), os.path.join(folder, "state")
    command = [program, "scan", *source, "--resolver", pool.resolver, "--rate", RATE, "-o", out, "--resume", state, "-q", *options]
    ended, problems = 0, []
    begun = time.monotonic()
    while True:
        seconds = random.uniform(0.2, 1.2) if ended < KILLS else 120
        code, errors = run(command, seconds, how)
        if code not in (None, 130):
            break
        if how == signal.SIGINT and (code != 130 or "goes on" not in errors):
            problems.append(f"interrupted: {code} {errors!r}")
        ended += 1
    if code != 64 or f"{COUNT // 10_000} lines are no addresses" not in errors:
        problems.append(f"exit code {code}: {errors}")
    if ended < KILLS:
        problems.append(f"was through after {ended} interruptions: too quick to say anything")
    problems += pool.wrong_rows(rows_of(out), expected)
    again = subprocess.run(command[:-1 - len(options)], capture_output=True, text=True, env=environment()) if not options else None
    if again and (again.returncode != 0 or "is finished" not in again.stderr):
        problems.append(f"once more: {again.returncode} {again.stderr}")
    os.remove(state)
    report.check(f"{how.name} {ended} times, {name}, {time.monotonic() - begun:.0f} s", *problems)


def main():
    program, responder = sys.argv[1:3]
    random.seed(time.time_ns() if len(sys.argv) < 4 else int(sys.argv[3]))
    report = Report()
    with tempfile.TemporaryDirectory() as folder, Pool(responder, COUNT) as pool:
        path = os.path.join(folder, "list.txt")
        expected = write_list(path)
        mixed = expected + collections.Counter(address(0x10000 + i) for i in range(16_384))
        interrupted(report, pool, program, folder, [PREFIX, path], mixed, "rows.tsv", signal.SIGKILL)
        packed = "rows.tsv.zst" if shutil.which("zstd") else "rows.tsv.gz"
        interrupted(report, pool, program, folder, [path], expected, packed, signal.SIGINT)
    return report.exit_code()


if __name__ == "__main__":
    sys.exit(main())
