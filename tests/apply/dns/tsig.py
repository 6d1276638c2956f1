"""TSIG (RFC 8945) as the tests need it: a second implementation, on Python's own hmac."""

import hashlib
import hmac
import struct

from dns_wire import read_name, wire_name

TSIG, ANY = 250, 255
BADSIG, BADKEY, BADTIME = 16, 17, 18


class Key:
    def __init__(self, name, algorithm, secret):
        self.name, self.algorithm, self.secret = name, algorithm, secret

    def mac(self, data):
        return hmac.new(self.secret, data, getattr(hashlib, self.algorithm.removeprefix("hmac-"))).digest()


def u48(number):
    return struct.pack("!HI", number >> 32, number & 0xffffffff)


def prefixed(octets):
    return struct.pack("!H", len(octets)) + octets


def variables(key, time, fudge, error, other):
    return (wire_name(key.name.lower()) + struct.pack("!HI", ANY, 0) + wire_name(key.algorithm) + u48(time)
            + struct.pack("!HH", fudge, error) + prefixed(other))


def record(key, time, fudge, mac, original_id, error=0, other=b"", kind=TSIG, klass=ANY, ttl=0):
    data = (wire_name(key.algorithm) + u48(time) + struct.pack("!H", fudge) + prefixed(mac)
            + struct.pack("!HH", original_id, error) + prefixed(other))
    return wire_name(key.name) + struct.pack("!HHI", kind, klass, ttl) + prefixed(data)


def append(message, tail):
    """One more record in the additional section."""
    (count,) = struct.unpack_from("!H", message, 10)
    return message[:10] + struct.pack("!H", count + 1) + message[12:] + tail


def sign(message, key, time, request_mac=b"", fudge=300, error=0, other=b"", cut=None, **shape):
    """The message with its TSIG record, and the MAC; `cut`: how many octets of it are sent."""
    (own_id,) = struct.unpack_from("!H", message)
    mac = key.mac((prefixed(request_mac) if request_mac else b"") + message + variables(key, time, fudge, error, other))
    return append(message, record(key, time, fudge, mac[:cut], own_id, error, other, **shape)), mac


def skip_record(message, at):
    """(end of the record, its type, begin of its data)"""
    at = read_name(message, at)[1]
    kind, _, _, length = struct.unpack_from("!HHIH", message, at)
    return at + 10 + length, kind, at + 10


class Request:
    """What came to a server: the message without its TSIG record, and what that says."""

    def __init__(self, octets):
        _, _, questions, *counts = struct.unpack_from("!HHHHHH", octets)
        at, last, kind, data = 12, 12, 0, 0
        for _ in range(questions):
            at = read_name(octets, at)[1] + 4
        for _ in range(sum(counts)):
            last = at
            at, kind, data = skip_record(octets, at)
        self.mac, self.key_name, self.time = b"", None, 0
        self.message = octets
        if kind != TSIG:
            return
        self.key_name = read_name(octets, last)[0]
        data = read_name(octets, data)[1]
        high, low, _, size = struct.unpack_from("!HIHH", octets, data)
        self.time, self.mac = high << 32 | low, octets[data + 10:data + 10 + size]
        self.message = octets[:10] + struct.pack("!H", counts[2] - 1) + octets[12:last]
