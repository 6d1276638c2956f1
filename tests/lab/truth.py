#!/usr/bin/env python3
"""The truth table of the lab: every $HOST of a built-in world, checked by the real program on real sockets.

  truth.py FCRDNS            starts one lab and compares, in there, iprev word, exit code and finding ids of every host,
                             through built-in recursion, through the lab's recursive resolver, and without the walk; that every
                             walked zone is told, each of its servers with what it said; and what dig sees
  truth.py FCRDNS --plain    the same worlds through the resolver that `lab --plain` puts on a loopback port
  truth.py FCRDNS --world W  another world than the lab's

Exit code 0: no difference; 1: differences, listed.
"""
import concurrent.futures
import ipaddress
import json
import os
import shutil
import subprocess
import sys
import time

RESOLVER = "192.0.2.53"
DOCUMENTATION = [ipaddress.ip_network(n)
                 for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
AT_ONCE = 8
PATIENCE = 60  # seconds for one check, whose own deadline is 10


def is_documentation(address):
    return address is not None and any(ipaddress.ip_address(address) in n for n in DOCUMENTATION)


def found_ids(result):
    """The finding ids, without the note that every documentation address has."""
    return sorted({f["id"] for f in result["findings"]
                   if not (f["id"] == "special_purpose_address" and is_documentation(f["address"]))})


def expected(outcome, asked_as_given):
    ids = set(outcome["findings"])
    if asked_as_given and "special_purpose_address" in ids:
        ids.add("ptr_missing")  # a given resolver is asked about any address, and this world has no PTR for these
    return (outcome["iprev"], outcome["exit_code"], sorted(ids))


# What a server may be told to have said over one transport.
STATUSES = {"noerror", "nodata", "nxdomain", "servfail", "refused", "timeout", "formerr", "malformed", "loop", "lame",
            "unreachable", "not_asked"}


def zone_faults(document, walked):
    """What is wrong with the zones that a document tells of: each walked one has an apex, servers that each said
    something, and a negative TTL when one of them answered."""
    for address in document["results"][0]["addresses"]:
        zone = address["zone"] or {"apex": None, "nameservers": []}
        of = "zone of %s: " % address["address"]
        if not walked or address["ptr_status"] == "not_asked":
            if zone["apex"] or zone["nameservers"]:
                yield of + "nobody asked for it"
            continue
        if document["authority"] == "unreachable":
            continue
        aliases = address["reverse_via"] or address["ptr_status"] not in ("noerror", "nodata", "nxdomain")
        if not zone["apex"] or not (address["reverse_name"].endswith(zone["apex"]) or aliases):
            yield of + "apex %s" % zone["apex"]
        listed = zone["nameservers"]
        if not listed and not zone.get("nameservers_without_address"):
            yield of + "no server"
        for server in listed:
            if not {server["udp"], server["tcp"]} <= STATUSES or not server["name"].endswith("."):
                yield of + "server %s" % server
            if server["udp"] in ("noerror", "nodata", "nxdomain") and (not server["authoritative"] or server["serial"] is None):
                yield of + "%s answers without authority or serial" % server["name"]
        answers = any(server["serial"] is not None for server in listed)
        if answers != (zone["negative_ttl"] is not None):
            yield of + "negative TTL %s" % zone["negative_ttl"]


def check(fcrdns, host, options):
    began = time.monotonic()
    run = subprocess.run([fcrdns, "check", "--json", *options, *host["options"], host["subject"]],
                         capture_output=True, timeout=PATIENCE)
    took = time.monotonic() - began
    plain = "FCRDNS_RESOLVER" in os.environ
    asked_as_given = plain or "--resolver" in options
    unwalked = (plain or "--no-walk" in options) and host["unwalked"]
    outcomes = [host["unwalked"], *host["outcomes"][1:]] if unwalked else host["outcomes"]
    want = [expected(outcome, asked_as_given) for outcome in outcomes]
    try:
        document = json.loads(run.stdout.decode("utf-8", errors="strict"))
        result = document["results"][0]
        got = (result["iprev"], run.returncode, found_ids(result))
        if document["exit_code"] != run.returncode:
            got += ("exit_code in JSON: %s" % document["exit_code"],)
        got += tuple(zone_faults(document, not plain and "--no-walk" not in options))
    except (ValueError, KeyError, IndexError) as error:
        got = ("unreadable: %r" % error, run.returncode, run.stderr.decode(errors="replace")[-300:])
    return host, want, got, took


def table(fcrdns, hosts, title, options):
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        rows = list(pool.map(lambda host: check(fcrdns, host, options), hosts))
    bad = [row for row in rows if row[2] not in row[1]]
    slowest = max(rows, key=lambda row: row[3])
    print("%s: %d of %d rows as expected, %.0f s, slowest %s %.1f s"
          % (title, len(rows) - len(bad), len(rows), time.monotonic() - began, slowest[0]["subject"], slowest[3]))
    for host, want, got, took in bad:
        print("  %s (%s)" % (" ".join([host["subject"], *host["options"]]), host["story"]))
        print("    want %s\n    got  %s  after %.1f s" % (" or ".join(map(str, want)), got, took))
    return len(bad)


def dig(*words):
    run = subprocess.run(["dig", "+time=12", "+tries=1", *words], capture_output=True, text=True, timeout=PATIENCE)
    return run.stdout


# What dig sees in the namespace: words on the command line, then words that must and must not be in the answer.
DIG = [
    (["-x", "203.0.113.5"], ["status: NXDOMAIN", "113.0.203.in-addr.arpa.", "SOA"], []),
    (["+dnssec", "-x", "203.0.113.10"], ["status: NOERROR", " ad", "PTR mx1.good.example.", "RRSIG"], []),
    (["-x", "203.0.113.10"], ["PTR mx1.good.example."], ["RRSIG"]),
    (["+dnssec", "-x", "2001:db8:1d::25"], ["status: NOERROR", " ad", "PTR wild.good.example."], []),
    (["+dnssec", "-x", "2001:db8:12:34::1"], ["status: NXDOMAIN", " ad", "NSEC"], []),
    (["+dnssec", "-x", "203.0.113.6"], ["status: NOERROR", " ad", "ANSWER: 0", "NSEC"], []),
    (["+dnssec", "-x", "198.51.100.10"], ["PTR colo.good.example."], [" ad"]),
    (["+dnssec", "mail.bogus.example", "A"], ["status: SERVFAIL", "EDE: 6"], []),
    (["+dnssec", "+cd", "mail.bogus.example", "A"], ["status: NOERROR", "198.51.100.131"], [" ad"]),
    (["+dnssec", "mail.expired.example", "A"], ["status: SERVFAIL", "EDE: 6"], []),
    (["+dnssec", "mail.old.good.example", "A"], ["DNAME", "203.0.113.18", " ad"], []),
    (["+tcp", "-x", "203.0.113.111"], ["ANSWER: 300", "(TCP)"], []),
    (["-x", "203.0.113.111"], ["ANSWER: 300", "(TCP)"], []),
    (["+norec", "@198.41.0.4", "com.", "NS"], ["a.gtld.net.", "ADDITIONAL: 5"], [" aa", " ra"]),
    (["+norec", "+noedns", "+ignore", "+notcp", "@192.0.2.11", "-x", "203.0.113.111"], [" tc", " aa"], []),
    (["@2001:db8:53::53", "mx1.good.example", "A"], ["203.0.113.10"], []),
    (["mx1.good.example.", "A", "@202.12.27.33", "+norec"], ["AUTHORITY: 2", "a.gtld.net."], [" aa"]),
]


def dig_table():
    if not shutil.which("dig"):
        print("dig: not installed, left out")
        return 0
    bad = 0
    ipv6 = os.path.exists("/proc/net/if_inet6")
    rows = [row for row in DIG if ipv6 or not any(word.startswith("@2001:") for word in row[0])]
    for words, present, absent in rows:
        answer = dig(*words)
        text = " ".join(answer.replace(";", " ").split())
        head, _, body = text.partition("QUESTION SECTION")
        missing = [w for w in present if w not in text]
        extra = [w for w in absent if w in (head if w.startswith(" ") else body)]
        if missing or extra:
            bad += 1
            print("  dig %s\n    lacks %s, has %s\n%s" % (" ".join(words), missing, extra, answer))
    print("dig: %d of %d answers as expected" % (len(rows) - bad, len(rows)))
    return bad


def inside(fcrdns, world):
    listing = subprocess.run([fcrdns, "lab", *world, "--list", "--json"], capture_output=True, check=True).stdout
    hosts = json.loads(listing)["hosts"]
    if os.environ.get("FCRDNS_RESOLVER"):
        return table(fcrdns, hosts, "plain lab", [])
    bad = 0 if world else dig_table()
    bad += table(fcrdns, hosts, "built-in recursion", [])
    bad += table(fcrdns, hosts, "--resolver " + RESOLVER, ["--resolver", RESOLVER])
    # Which of disagreeing servers a resolver asks is chance, and it may cap a TTL at a day.
    certain = [host for host in hosts if len(host["outcomes"]) == 1 and "ttl_extreme" not in host["outcomes"][0]["findings"]]
    bad += 0 if world else table(fcrdns, certain, "--no-walk", ["--no-walk"])
    return bad


def main():
    fcrdns = os.path.abspath(sys.argv[1])
    world = sys.argv[sys.argv.index("--world"):][:2] if "--world" in sys.argv else []
    if "--inside" in sys.argv:
        return 1 if inside(fcrdns, world) else 0
    plain = ["--plain"] if "--plain" in sys.argv else []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FCRDNS_")}
    again = [sys.executable, os.path.abspath(__file__), fcrdns, "--inside", *world]
    return subprocess.run([fcrdns, "lab", *plain, *world, "--", *again], env=environment).returncode


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
