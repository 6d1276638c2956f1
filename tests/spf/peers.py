#!/usr/bin/env python3
"""Generated records through us, pyspf and Mail::SPF, each on the same made-up DNS.

    peers.py SPF_ANSWERS [--seed N] [--worlds N] [--show]

We may never stand alone: at least one of the two must say what we say (why they differ: docs/spf.md). The two are Debian's python3-spf and libmail-spf-perl, downloaded and unpacked below
~/.cache/fcrdns-tests, never installed. Exit: 0 all right, 1 something is wrong, 77 skipped, with one line that says why.
"""
import argparse
import collections
import glob
import json
import os
import random
import subprocess
import sys
import types

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "e2e"))
import packages

CLIENTS = ["192.0.2.1", "192.0.2.66", "198.51.100.7", "2001:db8::1", "2001:db8:0:1::2"]
HOSTS = [f"h{i}.example.com" for i in range(6)]
DOMAINS = [f"d{i}.example.com" for i in range(7)]
REVERSE = {"192.0.2.1": "1.2.0.192.in-addr.arpa", "198.51.100.7": "7.100.51.198.in-addr.arpa",
           "2001:db8::1": "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"}
WRONG = ["foo", "a:", "a:com", "ip4:192.0.2", "ip4:192.0.2.1/33", "ip6:2001:db8::/129", "all:x", "include", "exists", "ptr/24", "mx/33", "a:%{x}.example.com",
         "%", "redirect=", "exp=com", "a/24/64", "=x", "1x=y", "ip4:192.0.2.01", "exists:%{c}.example.com"]


def term(dice):
    name = dice.choice(HOSTS + DOMAINS + ["gone.example.com", "alias.example.com"])
    kind = dice.choice(["a", "a:", "mx", "mx:", "ptr", "ptr:", "ip4", "ip6", "include", "include", "exists", "macro"])
    lengths = dice.choice(["", "", "", "/24", "//64", "/26//48", "/0", "//0"])
    return dice.choice(["", "", "", "-", "~", "?", "+"]) + {
        "a": "a" + lengths, "a:": f"a:{name}{lengths}", "mx": "mx" + lengths, "mx:": f"mx:{dice.choice(DOMAINS)}{lengths}",
        "ptr": "ptr", "ptr:": "ptr:example.com", "ip4": dice.choice(["ip4:192.0.2.1", "ip4:192.0.2.0/26", "ip4:198.51.100.0/24"]),
        "ip6": dice.choice(["ip6:2001:db8::1", "ip6:2001:db8::/48", "ip6:2001:db8:0:1::/64"]), "include": f"include:{dice.choice(DOMAINS)}",
        "exists": f"exists:{name}", "macro": dice.choice([
            "exists:%{i}.list.example.com", "exists:%{ir}.%{v}.list.example.com", "exists:%{l}.%{d2}", "a:h%{l1r-}.%{o2}", "a:%{h}", "exists:%{p}.list.example.com",
            "exists:%{lr-}.x.example.com", "a:h1.%{D2}"])}[kind]


def record(dice):
    terms = [term(dice) for _ in range(dice.choice([1, 2, 2, 3, 3, 4, 6, 12]))]
    if dice.random() < 0.06:
        terms.insert(dice.randrange(len(terms) + 1), dice.choice(WRONG))
    if dice.random() < 0.2:
        terms.append("x-unknown=%{i}")
    terms.append(dice.choice(["-all", "~all", "?all", "", f"redirect={dice.choice(DOMAINS)}"]))
    return "v=spf1 " + " ".join(filter(None, terms))


def world(dice):
    """Zones and tests in the form of the test suite."""
    zones = collections.defaultdict(list)
    for host in HOSTS:
        for address in dice.sample(CLIENTS, dice.choice([0, 1, 1, 2])):
            zones[host].append({"AAAA" if ":" in address else "A": address})
    for domain in DOMAINS:
        if dice.random() < 0.92:
            zones[domain].append({"SPF": record(dice)})
        if dice.random() < 0.03:
            zones[domain].append({"SPF": record(dice)})
        for preference, host in enumerate(dice.sample(HOSTS, dice.choice([0, 1, 2, 3]))):
            zones[domain].append({"MX": [preference, host]})
        if dice.random() < 0.5:
            zones[domain].append({"A": dice.choice(CLIENTS[:3])})
        if dice.random() < 0.3:
            zones[domain].append({"AAAA": dice.choice(CLIENTS[3:])})
    for client, name in REVERSE.items():
        for host in dice.sample(HOSTS + DOMAINS, dice.choice([0, 1, 1, 2])):
            zones[name].append({"PTR": host})
    zones["alias.example.com"].append({"CNAME": dice.choice(HOSTS)})
    for name in ("192.0.2.1.list.example.com", "1.2.0.192.in-addr.list.example.com", "strong-bad.example.com", "bad.strong.x.example.com", "h1.example.com.list.example.com"):
        if dice.random() < 0.5:
            zones[name].append({"A": "127.0.0.2"})
    if dice.random() < 0.2:
        zones[dice.choice(HOSTS)] = ["TIMEOUT"]
    return {name: entries for name, entries in zones.items() if entries}


def scenarios(dice, count):
    for number in range(count):
        tests = {f"{number}.{domain[:2]}.{client}": {"helo": dice.choice(HOSTS), "host": client, "mailfrom": f"{dice.choice(['strong-bad', 'h1', '3'])}@{domain}"}
                 for domain in DOMAINS[:3] for client in CLIENTS}
        yield {"zonedata": world(dice), "tests": tests}


def import_pyspf(root):
    """pyspf without a DNS library: it is given answers."""
    stub = types.ModuleType("DNS")
    stub.Type, stub.DNSError, stub.DiscoverNameServers = types.SimpleNamespace(SPF=99), IOError, lambda: None
    sys.modules["DNS"] = stub
    sys.modules["dns"] = None
    sys.path.insert(0, glob.glob(os.path.join(root, "usr/lib/python3/dist-packages"))[0])
    import spf
    return spf


def by_pyspf(spf, cases):
    words = {}
    for scenario in cases:
        zones = scenario["zonedata"]

        def look_up(name, kind, *_ignored, **_named):
            entries = zones.get(name.lower(), [])
            if "TIMEOUT" in entries:
                raise spf.TempError("DNS timeout")
            for entry in entries:
                for found, data in entry.items():
                    if found == "SPF" and kind == "TXT":
                        yield (name, "TXT"), (data.encode(),)
                    elif found == kind or found == "CNAME":
                        yield (name, found), tuple(data) if found == "MX" else data

        spf.DNSLookup = look_up
        for case, test in scenario["tests"].items():
            query = spf.query(i=test["host"], s=test["mailfrom"], h=test["helo"], receiver="receiver.example")
            words[case] = query.check()[0]
    return words


def by_program(command, cases, **environment):
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, timeout=600, env=dict(os.environ, **environment), check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[-300:]}")
    return dict(line.split()[:2] for line in done.stdout.splitlines())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("answers")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--worlds", type=int, default=100)
    options.add_argument("--show", action="store_true", help="every difference, with its zones")
    options = options.parse_args()
    try:
        root = packages.fetch(["python3-spf", "libmail-spf-perl"])
        spf = import_pyspf(root)
    except (packages.Unavailable, ImportError, IndexError) as why:
        print(f"skipped: {why}")
        return 77
    cases = list(scenarios(random.Random(options.seed), options.worlds))
    perl = [os.path.join(root, "usr/share/perl5"), *glob.glob(os.path.join(root, "usr/lib/*/perl5/*"))]
    ours = by_program([options.answers], cases)
    theirs = [by_pyspf(spf, cases), by_program(["perl", os.path.join(HERE, "peers.pl")], cases, PERL5LIB=":".join(perl))]
    count, alone = collections.Counter(), 0
    for scenario in cases:
        for case, test in scenario["tests"].items():
            words = (ours[case], theirs[0][case], theirs[1][case])
            count["all three" if len(set(words)) == 1 else "with Mail::SPF" if words[0] == words[2] else "with pyspf" if words[0] == words[1] else "alone"] += 1
            alone += words[0] not in words[1:]
            if words[0] not in words[1:] or (options.show and len(set(words)) > 1):
                print(case, *words, test["mailfrom"], test["helo"])
                for name, entries in scenario["zonedata"].items():
                    print("   ", name, *(json.dumps(entry) for entry in entries))
    print(f"seed {options.seed}, {sum(count.values())} cases; we agree: " + ", ".join(f"{who} {times}" for who, times in count.most_common()))
    return 1 if alone else 0


if __name__ == "__main__":
    sys.exit(main())
