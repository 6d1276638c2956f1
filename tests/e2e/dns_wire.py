"""As much of a DNS message as the tests themselves need (RFC 1035 4)."""

import ipaddress
import socket
import struct

QR, RD, AD, CD = 0x8000, 0x0100, 0x0020, 0x0010
A, SOA, PTR, AAAA = 1, 6, 12, 28


def wire_name(name):
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def read_name(message, at):
    """The name at that place, in lower case, and where it ends."""
    labels, end = [], None
    while message[at]:
        if message[at] >= 0xc0:
            end = end or at + 2
            at = (message[at] & 0x3f) << 8 | message[at + 1]
        else:
            labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1").lower())
            at += 1 + message[at]
    return ".".join(labels) + ".", end or at + 1


class Reply:
    def __init__(self, message):
        _, self.flags, questions, self.answer_count, *_ = struct.unpack_from("!HHHHHH", message)
        self.rcode = self.flags & 15
        self.records = []  # of the answer section: (type, TTL, data)
        at = 12
        for _ in range(questions):
            at = read_name(message, at)[1] + 4
        for _ in range(self.answer_count):
            at = read_name(message, at)[1]
            kind, _, ttl, length = struct.unpack_from("!HHIH", message, at)
            at += 10
            self.records.append((kind, ttl, self.data(message, kind, at, length)))
            at += length

    @staticmethod
    def data(message, kind, at, length):
        if kind == PTR:
            return read_name(message, at)[0]
        if kind == SOA:
            return struct.unpack_from("!I", message, at + length - 20)[0]  # the serial
        return str(ipaddress.ip_address(message[at:at + length])) if kind in (A, AAAA) else None


def ask(server, name, kind, flags=RD, patience=0.5):
    """The reply over UDP (with EDNS and DO), or None within that many seconds."""
    query = struct.pack("!HHHHHH", 0x4242, flags, 1, 0, 0, 1) + wire_name(name) + struct.pack("!HH", kind, 1)
    query += b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, 0)
    with socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM) as handle:
        handle.settimeout(patience)
        try:
            handle.connect((server, 53))
            handle.send(query)
            return Reply(handle.recv(4096))
        except (OSError, IndexError, struct.error):
            return None
