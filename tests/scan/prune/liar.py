"""The server of one /16 that says NXDOMAIN for names that have only others below them, as some old servers do.

    liar.py ADDRESS COUNTS < names     lines "NUMBER NAME"; how many questions it had is kept in the file COUNTS
"""
import signal
import socket
import struct
import sys

sys.dont_write_bytecode = True


def wire(name):
    return b"".join(bytes([len(label)]) + label for label in name.rstrip(b".").split(b".")) + b"\0"


def main(address, counts):
    first, *lines = sys.stdin.buffer.read().splitlines()
    apex = wire(b"%d.10.in-addr.arpa." % int(first))
    records = {}
    for line in lines:
        number, name = line.split()
        number, rdata = int(number), wire(name)
        owner = wire(b"%d.%d" % (number & 255, number >> 8 & 255))[:-1] + apex
        records[owner] = b"\xc0\x0c\0\x0c\0\1\0\0\x0e\x10" + struct.pack("!H", len(rdata)) + rdata
    soa = wire(b"old.example.") + wire(b"hostmaster.example.") + struct.pack("!5I", 1, 7200, 3600, 1209600, 60)
    authority = b"\0\6\0\1\0\0\x0e\x10" + struct.pack("!H", len(soa)) + soa
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    server.bind((address, 53))
    asked = [0, 0]

    def end(*_):
        with open(counts, "w", encoding="ascii") as out:
            out.write(f"{asked[0]} {asked[1]}\n")
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        query, client = server.recvfrom(4096)
        if len(query) < 17:
            continue
        stop = query.index(0, 12) + 1
        owner, kind = query[12:stop].lower(), query[stop:stop + 2]
        asked[0] += 1
        asked[1] += kind == b"\0\x0c"
        head = query[:2] + bytes([0x84 | query[2] & 1])
        question = query[12:stop + 4]
        found = records.get(owner)
        if found is not None and kind == b"\0\x0c":
            reply = head + b"\0\0\1\0\1\0\0\0\0" + question + found
        else:
            exists = found is not None or owner == apex
            at = stop - len(apex)  # where the zone's name stands in the question
            reply = head + (b"\0" if exists else b"\3") + b"\0\1\0\0\0\1\0\0" + question + struct.pack("!H", 0xc000 | at) + authority
        server.sendto(reply, client)


if __name__ == "__main__":
    main(*sys.argv[1:])
