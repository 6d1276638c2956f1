#!/usr/bin/env python3
"""`fcrdns ptr` against Python's ipaddress: the zones that cover 1,000 random prefixes, and the names of 1,000 random
addresses both ways.

    prefixes.py FCRDNS [COUNT]

Exit: 0 all the same, 1 something is not.
"""
import ipaddress
import random
import subprocess
import sys

SEED = 4183


def random_address(chance):
    if chance.random() < 0.5:
        return ipaddress.IPv4Address(chance.getrandbits(32))
    # Half of them with many zeros, as real ones are.
    bits = chance.getrandbits(128) if chance.random() < 0.5 else chance.getrandbits(64) << 64 | chance.getrandbits(8)
    address = ipaddress.IPv6Address(bits)
    return address.ipv4_mapped or address


def random_prefix(chance):
    address = random_address(chance)
    return ipaddress.ip_network((address, chance.randint(0, address.max_prefixlen)), strict=False)


def covering_zones(prefix):
    """By cutting the prefix into octets or nibbles, and each piece's name out of its first address's."""
    step = 8 if prefix.version == 4 else 4
    if prefix.version == 4 and prefix.prefixlen > 24:
        prefix = prefix.supernet(new_prefix=24)
    length = -(-prefix.prefixlen // step) * step
    dropped = (prefix.max_prefixlen - length) // step
    return [".".join(piece.network_address.reverse_pointer.split(".")[dropped:]) + "." for piece in prefix.subnets(new_prefix=length)]


def pairs_of_prefix(prefix):
    """What is given and what should be said, also the way back: the first zone's name gives its block."""
    zones = covering_zones(prefix)
    yield str(prefix), zones
    # IPv6 names of so many digits are refused, as addresses that lost zeros.
    if prefix.version == 4 or prefix.prefixlen <= 64:
        step = 8 if prefix.version == 4 else 4
        length = step * (zones[0].count(".") - 2)
        yield zones[0], [str(ipaddress.ip_network((prefix.network_address, length), strict=False))]


def pairs_of_address(address):
    name = address.reverse_pointer + "."
    yield from ((str(address), [name]), (address.exploded, [name]), (name, [str(address)]), (name[:-1].upper(), [str(address)]))


def wrong(pairs):
    """All in one list, so that a line too many or too few anywhere shows."""
    done = subprocess.run([sys.argv[1], "ptr", "-"], input="".join(given + "\n" for given, _ in pairs), capture_output=True, text=True,
                          timeout=120)
    said = iter(done.stdout.split("\n")[:-1])
    for given, wanted in pairs:
        got = [next(said, None) for _ in wanted]
        if got != wanted:
            return f"{given}: {got} instead of {wanted}"
    return next((f"more than there should be: {line}" for line in said), None if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr}")


def main():
    if len(sys.argv) < 2:
        print(__doc__.strip())
        return 64
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    chance = random.Random(SEED)
    pairs = [pair for _ in range(count) for pair in pairs_of_prefix(random_prefix(chance))]
    pairs += [pair for _ in range(count) for pair in pairs_of_address(random_address(chance))]
    problem = wrong(pairs)
    print(problem or f"{count} prefixes, {count} addresses both ways: {len(pairs)} questions, {sum(len(said) for _, said in pairs)} lines, all the same")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
