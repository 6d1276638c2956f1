"""198.18.0.0/18 of a hoster, last week and now: what each address is, whose it is, and the zones that say so."""
import ipaddress
import os
import random
import string

FIRST = int(ipaddress.IPv4Address("198.18.0.0"))
COUNT = 1 << 14
COUNTS = {"own": 2310, "default": 9874, "mismatch": 431}  # now; 49 are undetermined, the others have no PTR
BROKEN = [12 * 256 + 40, 30 * 256 + 7, 51 * 256 + 9]      # passed last week, have no PTR now
REFUSED = range(40 * 256 + 100, 40 * 256 + 149)           # delegated one by one to servers that refuse
REFUSED_BEFORE = 12

ROOT, PARENT, REFUSERS, FORWARD = "192.0.2.1", ("192.0.2.2", "192.0.2.3"), ("192.0.2.4", "192.0.2.5"), "192.0.2.6"
SOA = "@ 3600 IN SOA ns hostmaster 1 3600 900 604800 300\n"


def address(index):
    return str(ipaddress.IPv4Address(FIRST + index))


def word(index):
    """Letters only: a name that nobody takes for generated."""
    letters = ""
    for _ in range(4):
        index, digit = divmod(index, 20)
        letters = "bcdfghjklmnpqrstvwxz"[digit] + "aeiou"[digit % 5] + letters
    return letters


def states():
    """(last week, now), a list each."""
    order = [i for i in range(COUNT) if i not in REFUSED and i not in BROKEN]
    random.Random(18).shuffle(order)
    now = ["none"] * COUNT
    at = 0
    for state, count in COUNTS.items():
        for i in order[at:at + count]:
            now[i] = state
        at += count
    for i in REFUSED:
        now[i] = "refused"
    before = list(now)
    for i in BROKEN:
        before[i] = "own"
    own = [i for i in order if now[i] == "own"]
    for i in own[:44]:  # mended since
        before[i] = "mismatch" if i in own[:9] else "none"
    for n, i in enumerate(list(REFUSED)[REFUSED_BEFORE:]):
        before[i] = "own" if n < 2 else "default" if n < 8 else "none"
    return before, now


def name(index, state):
    if state == "default":
        return address(index).replace(".", "-") + ".pool.example.com."
    return f"mail.{word(index)}.example.com."


def write_tags(path):
    with open(path, "w", encoding="ascii", newline="\r\n") as out:
        out.write("prefix,customer\n")
        for block in range(64):
            out.write(f"198.18.{block}.0/24,K-{20000 + block}\n")
        out.write("198.18.12.40,K-20417\n")


def write_zones(folder, state):
    """{server's addresses: {zone: file}}"""
    def put(zone, text):
        path = os.path.join(folder, zone.strip(".") or "root")
        with open(path, "w", encoding="ascii") as out:
            out.write(f"$TTL 3600\n$ORIGIN {zone}\n{SOA}{text}")
        return path

    delegation = "".join(f"18.198.in-addr.arpa. IN NS ns{n}.net.\nns{n}.net. IN A {at}\n" for n, at in enumerate(PARENT, 1))
    root = put(".", f". IN NS ns.\nns. IN A {ROOT}\n{delegation}example.com. IN NS ns.example.com.\nns.example.com. IN A {FORWARD}\n")
    reverse = ["@ IN NS ns1.net.\n@ IN NS ns2.net.\n"]
    forward = [f"@ IN NS ns\nns IN A {FORWARD}\n"]
    for i, each in enumerate(state):
        own = f"{i % 256}.{i // 256}"
        if each == "refused":
            reverse += [f"{own} IN NS ns{n}.refuser.18.198.in-addr.arpa.\n" for n in (1, 2)]
        elif each != "none":
            target = name(i, each)
            reverse.append(f"{own} IN PTR {target}\n")
            forward.append(f"{target} IN A {'203.0.113.9' if each == 'mismatch' else address(i)}\n")
    reverse += [f"ns{n}.refuser IN A {at}\n" for n, at in enumerate(REFUSERS, 1)]
    return {(ROOT,): {".": root}, PARENT: {"18.198.in-addr.arpa.": put("18.198.in-addr.arpa.", "".join(reverse))},
            (FORWARD,): {"example.com.": put("example.com.", "".join(forward))}, REFUSERS: {}}


assert not set(string.digits) & set(word(COUNT))
