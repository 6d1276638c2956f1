#!/usr/bin/env python3
"""All of 10.0.0.0/8 through `fcrdns scan`, 4,000 of its 65,536 /24s in use: questions, seconds, and whether every row is right.

    bench/scan_prune.py build/release/bin/fcrdns [--length 8] [--used 4000] [--ways authority,resolver,iterate] [--also-unpruned]

Servers of its own in a network of its own (tests/scan/prune): NSD has all zones, Unbound is the resolver. Ways: `authority` asks
NSD as if it were the resolver, no zone lies; `resolver` asks Unbound; `iterate` goes along the delegations; in both a /16 is
handed on to a server that says NXDOMAIN for names that have only others below them. --also-unpruned runs each once more with
--no-prune, which at full size takes long. PTR questions are those that the zones' own servers had: what is sent again, and the
way down the delegations, is in them. "times fewer": addresses for each of them.
"""
import argparse
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "scan", "prune"))

import stage

LIAR = 5


def main(arguments, root=None):
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--length", type=int, default=8)
    parser.add_argument("--used", type=int, default=4000)
    parser.add_argument("--ways", default="authority,resolver,iterate")
    parser.add_argument("--also-unpruned", action="store_true")
    options = parser.parse_args(arguments)
    if root is None:
        return stage.in_a_namespace(os.path.abspath(__file__), [os.path.abspath(arguments[0]), *arguments[1:]])
    stage.own_network()
    size, wrong = 1 << (32 - options.length), 0
    print(f"10.0.0.0/{options.length}: {size:,} addresses, {options.used:,} /24s in use")
    print(f"{'':22}{'PTR questions':>14}{'times fewer':>12}{'all questions':>15}{'seconds':>9}{'CPU s':>7}{'MB':>5}  rows", flush=True)
    for way in options.ways.split(","):
        for pruned in (True, False) if options.also_unpruned else (True,):
            with tempfile.TemporaryDirectory(prefix="fcrdns-prune-") as folder:
                liar = None if way == "authority" else LIAR
                out = stage.scan(options.program, root, os.path.join(folder, "work"), options.length, options.used, liar, way, [] if pruned else ["--no-prune"])
            label = way + (", a zone lies" if liar is not None else "") + ("" if pruned else ", unpruned")
            print(f"{label:22}{out.ptr:14,}{size / max(out.ptr, 1):12.1f}{out.asked:15,}{out.seconds:9.1f}{out.cpu:7.1f}{out.peak / 1024:5.0f}"
                  f"  {'all right' if not out.wrong else 'WRONG'}", flush=True)
            for line in out.wrong:
                print("   ", line)
            wrong += bool(out.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(main(sys.argv[3:], sys.argv[2]))
    sys.exit(main(sys.argv[1:]))
