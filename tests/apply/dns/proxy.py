"""Stands between fcrdns and a primary, over TCP, and does what no real server does: it forgets, forges, loses, and lets
somebody else change a record at the last moment."""

import base64
import socket
import struct
import threading
import time

import primaries
import tsig
from dns_wire import read_name, wire_name

KEYS = {"update.example.": tsig.Key("update.example.", "hmac-sha256", base64.b64decode(primaries.SECRET)),
        "knot-key.": tsig.Key("knot-key.", "hmac-sha512", base64.b64decode(primaries.SECRET))}
FORGER = tsig.Key("update.example.", "hmac-sha256", b"guessed")
UPDATE = 5


def receive(handle, count):
    octets = b""
    while len(octets) < count:
        more = handle.recv(count - len(octets))
        if not more:
            return None
        octets += more
    return octets


def receive_message(handle):
    length = receive(handle, 2)
    return receive(handle, struct.unpack("!H", length)[0]) if length else None


def exchange(server, message):
    with socket.create_connection((server, 53), timeout=10) as upstream:
        upstream.sendall(tsig.prefixed(message))
        return receive_message(upstream)


def record(owner, kind, klass, ttl, data):
    return wire_name(owner) + struct.pack("!HHI", kind, klass, ttl) + tsig.prefixed(data)


def replace_ptr(server, owner, target):
    """What somebody else does meanwhile."""
    zone = wire_name(primaries.zone_of(owner)) + struct.pack("!HH", 6, 1)
    changes = record(owner, 12, 255, 0, b"") + record(owner, 12, 1, 60, wire_name(target))
    message = struct.pack("!HHHHHH", 77, UPDATE << 11, 1, 0, 2, 0) + zone + changes
    signed, _ = tsig.sign(message, KEYS["update.example."], int(time.time()))
    answer = exchange(server, signed)
    assert answer[3] & 15 == 0, f"the other's update failed: RCODE {answer[3] & 15}"


def opcode(message):
    return message[2] >> 3 & 15


def yes(request, key, signed=True):
    """NOERROR to an update."""
    (flags,) = struct.unpack_from("!H", request.message, 2)
    answer = request.message[:2] + struct.pack("!HHHHH", flags | 0x8000, 0, 0, 0, 0)
    return tsig.sign(answer, key, int(time.time()), request.mac)[0] if signed else answer


class Proxy(threading.Thread):
    """One case at a time: `mode` says what becomes of an update, `on_message` is told of each message."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server((primaries.PROXY, 53))
        self.begin("", primaries.BIND)

    def begin(self, mode, server, owner=None, on_message=lambda count, after: None):
        self.mode, self.server, self.owner, self.on_message = mode, server, owner, on_message
        self.messages, self.updates = 0, 0  # that came; updates that were handed on

    def run(self):
        while True:
            client, _ = self.listener.accept()
            with client:
                try:
                    self.serve(client)
                except OSError:
                    pass  # the client was killed

    def serve(self, client):
        octets = receive_message(client)
        if octets is None:
            return
        self.messages += 1
        if self.on_message(self.messages, False):
            return
        answer = self.answer(octets)
        if self.on_message(self.messages, True) or answer is None:
            return
        client.sendall(tsig.prefixed(answer))

    def answer(self, octets):
        if opcode(octets) != UPDATE:
            return exchange(self.server, octets)
        request = tsig.Request(octets)
        if self.mode == "forgets":
            return yes(request, KEYS[request.key_name])
        if self.mode == "unsigned":
            return yes(request, None, signed=False)
        if self.mode == "forged":
            return yes(request, FORGER)
        if self.mode == "loses_update":
            return None
        if self.mode == "somebody_else" and read_name(octets, 12)[0].endswith(".arpa."):
            replace_ptr(self.server, self.owner, "foreign.example.")
        self.updates += 1
        answer = exchange(self.server, octets)
        return None if self.mode == "loses_answer" else answer
