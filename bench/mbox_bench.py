#!/usr/bin/env python3
"""An mbox of 20,000 bounces through mbox_bench, and through Debian's Sisimai (libsisimai-perl) in the same run, both on one core.

    bench/mbox_bench.py build/bench/bin/mbox_bench [COUNT]

Sisimai reads the first 2,000 of them, as its speed does not change with their number. Without it the ratio is left out.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SISIMAI = """
use strict; use warnings; use Time::HiRes qw(time); use Sisimai;
my $begin = time; my $found = Sisimai->can('rise') ? Sisimai->rise($ARGV[0]) : Sisimai->make($ARGV[0]);
printf "%d %.3f\\n", scalar @{ $found // [] }, time - $begin;
"""


def write(path, count):
    with open(path, "wb") as box:
        subprocess.run([sys.executable, HERE / "bounces.py", HERE / "refusals.tsv", str(count)], stdout=box, check=True)


def sisimai(box, count):
    """Messages a second, or 0 when it is not installed."""
    run = subprocess.run(["perl", "-e", SISIMAI, box], capture_output=True, text=True)
    if run.returncode != 0:
        print("Sisimai: not installed, no ratio (libsisimai-perl)")
        return 0.0
    found, seconds = run.stdout.split()
    print(f"Sisimai: {found} of {count} bounces read in {seconds} s, {count / float(seconds):.0f} messages/s")
    return count / float(seconds)


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        whole, part = os.path.join(folder, "bounces.mbox"), os.path.join(folder, "part.mbox")
        write(whole, count)
        write(part, min(count, 2000))
        reference = sisimai(part, min(count, 2000))
        subprocess.run([sys.argv[1], whole, f"{reference:.1f}"], check=True)


main()
