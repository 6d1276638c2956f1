#!/usr/bin/env python3
"""A disk that fills up below a scan: it says so, and when there is room the same command goes on without a row lost or doubled.
Runs in a mount namespace of its own.

    full_disk.py FCRDNS RESPONDER

Exit: 0 all right, 1 something is wrong, 77 skipped, with one line that says why.
"""
import collections
import os
import subprocess
import sys
import tempfile

from pool import Pool, Report, address, environment, rows_of

COUNT = 60_000
INSIDE = "FCRDNS_TEST_INSIDE"


def mount(folder, size, again=False):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}" + (",remount" if again else ""), "tmpfs", folder], check=True)


def main():
    if INSIDE not in os.environ:
        if os.geteuid() != 0:
            print("skipped: only root may mount a small disk")
            return 77
        done = subprocess.run(["unshare", "--mount", sys.executable, *sys.argv], env={**os.environ, INSIDE: "1"}, check=False)
        return done.returncode
    program, responder = sys.argv[1:3]
    report = Report()
    expected = collections.Counter(address(number) for number in range(COUNT))
    with tempfile.TemporaryDirectory() as folder, Pool(responder, COUNT) as pool:
        disk, path = os.path.join(folder, "disk"), os.path.join(folder, "list.txt")
        os.mkdir(disk)
        with open(path, "w", encoding="ascii") as out:
            out.write("\n".join(expected) + "\n")
        try:
            mount(disk, "1m")
        except subprocess.CalledProcessError:
            print("skipped: no disk can be mounted here")
            return 77
        rows = os.path.join(disk, "rows.tsv")
        command = [program, "scan", path, "--resolver", pool.resolver, "-o", rows, "--resume", os.path.join(disk, "state"), "-q"]
        try:
            for size in ("1536k", "2m", "8m"):
                done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=120, check=False)
                report.check(f"full disk, before {size}", done.returncode != 74 and f"exit code {done.returncode}",
                             ("No space left" not in done.stderr or "run the same command again" not in done.stderr) and done.stderr,
                             done.stderr.count("\n") != 1 and f"{done.stderr.count(chr(10))} lines: {done.stderr}")
                mount(disk, size, again=True)
            done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=120, check=False)
            report.check("with room it goes on", done.returncode != 0 and f"exit code {done.returncode} {done.stderr}",
                         *pool.wrong_rows(rows_of(rows), expected))
            short = subprocess.run([program, "scan", path, "--resolver", pool.resolver, "-o", "/dev/full", "-q"], capture_output=True, text=True,
                                   env=environment(), timeout=120, check=False)
            report.check("/dev/full", short.returncode != 74 and f"exit code {short.returncode}", "No space left" not in short.stderr and short.stderr)
        finally:
            subprocess.run(["umount", disk], check=False)
    return report.exit_code()


if __name__ == "__main__":
    sys.exit(main())
