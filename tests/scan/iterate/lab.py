#!/usr/bin/env python3
"""The hosts of the built-in lab through `fcrdns scan --iterate`: the verdicts that the world's table tells, which are
those of `fcrdns check` (tests/lab/truth.py).

    lab.py FCRDNS [SCAN]     SCAN: another program for the scan (default: FCRDNS)

Nothing is validated along the delegations, so hosts that are undetermined by DNSSEC only are left out and counted.
"""
import ipaddress
import json
import os
import subprocess
import sys

# What scan cannot see, as it does not validate: zones whose signatures are wrong.
ONLY_DNSSEC = {"forward_bogus", "reverse_bogus", "dnssec_bogus"}


def inside(fcrdns, scan):
    listing = subprocess.run([fcrdns, "lab", "--list", "--json"], capture_output=True, check=True).stdout
    admissible, left_out = {}, set()
    for host in json.loads(listing)["hosts"]:
        try:
            address = str(ipaddress.ip_address(host["subject"]))
        except ValueError:
            continue
        outcomes = [*host["outcomes"], *([host["unwalked"]] if host["unwalked"] else [])]
        if any(ONLY_DNSSEC & set(outcome["findings"]) for outcome in outcomes):
            left_out.add(address)
        admissible.setdefault(address, (host["story"], set()))[1].update(outcome["iprev"] for outcome in outcomes)
    asked = [address for address in admissible if address not in left_out]
    done = subprocess.run([scan, "scan", "--iterate", "-q", "-"], input="".join(address + "\n" for address in asked),
                          capture_output=True, text=True, timeout=240)
    rows = {row[0]: row for row in (line.split("\t") for line in done.stdout.splitlines())}
    bad = 0
    for address in asked:
        story, words = admissible[address]
        key = str(getattr(ipaddress.ip_address(address), "ipv4_mapped", None) or address)
        got = rows.get(key, ["", "no row"])
        if got[1] not in words:
            bad += 1
            print(f"  {address}: {got[1:]}, must be {' or '.join(sorted(words))}: {story}")
    print(f"{len(asked) - bad} of {len(asked)} hosts as told; {len(left_out)} left out (DNSSEC only); exit {done.returncode} {done.stderr.strip()}")
    return 1 if bad or done.returncode or not asked else 0


if __name__ == "__main__":
    programs = [os.path.abspath(word) for word in sys.argv[1:] if word != "--inside"]
    if "--inside" in sys.argv:
        sys.exit(inside(programs[0], programs[-1]))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FCRDNS_")}
    sys.exit(subprocess.run([programs[0], "lab", "--", sys.executable, os.path.abspath(__file__), *programs, "--inside"], env=environment).returncode)
