"""Servers that misbehave as no real server can be configured to: each answers every question in its one wrong way."""

import selectors
import socket
import struct
import threading

from dns_wire import QR, RD, read_name, wire_name

FORMERR, NOTIMP = 1, 4


def question_of(query):
    """The octets of the one question, and its name in lower case; None when it is not a plain query."""
    if len(query) < 17 or struct.unpack_from("!H", query, 4)[0] != 1 or query[2] & 0x80:
        return None
    name, end = read_name(query, 12)
    return query[12:end + 4], name


def reply(query, question, flags=0, authority=b"", answers=0):
    (asked,) = struct.unpack_from("!H", query, 2)
    counts = (1, answers, 1 if authority else 0, 0)
    return query[:2] + struct.pack("!HHHHH", QR | asked & RD | flags, *counts) + question + authority


def ns_record(owner, target):
    data = wire_name(target)
    return wire_name(owner) + struct.pack("!HHIH", 2, 1, 3600, len(data)) + data


def behave(kind, query, zones, name):
    """What a server of this kind sends back, or None for silence."""
    parsed = question_of(query)
    if kind == "silent" or parsed is None:
        return None
    question, asked = parsed
    zone = next((z for z in zones if asked == z or asked.endswith("." + z)), ".")
    if kind == "nosoa":         # NOERROR, no record at all, not authoritative
        return reply(query, question)
    if kind == "upward":        # "ask the root", as name servers that lost their zone used to say
        return reply(query, question, authority=ns_record(".", "a.root-servers.net."))
    if kind == "selfreferral":  # "ask me", not authoritative
        return reply(query, question, authority=ns_record(zone, name))
    if kind == "formerr":
        return reply(query, question, FORMERR)
    if kind == "notimp":
        return reply(query, question, NOTIMP)
    if kind == "malformed":     # promises one answer whose RDLENGTH runs past the end
        return reply(query, question, answers=1) + b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 3600, 200) + b"\1a\0"
    raise ValueError(f"no such behaviour: {kind}")


class Responder(threading.Thread):
    """Serves several (kind, address, zones, name) at port 53, UDP and TCP, until the process ends."""

    def __init__(self, servers):
        super().__init__(daemon=True)
        self.selector = selectors.DefaultSelector()
        for kind, address, zones, name in servers:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            for transport in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                handle = socket.socket(family, transport)
                handle.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                handle.bind((address, 53))
                if transport == socket.SOCK_STREAM:
                    handle.listen(32)
                self.selector.register(handle, selectors.EVENT_READ, (self.datagram if transport == socket.SOCK_DGRAM
                                                                      else self.accept, kind, zones, name))

    def run(self):
        while True:
            for key, _ in self.selector.select():
                handler, *server = key.data
                try:
                    handler(key.fileobj, *server)
                except (OSError, IndexError):
                    pass  # a peer that went away, or a query not worth an answer

    def datagram(self, handle, kind, zones, name):
        query, peer = handle.recvfrom(4096)
        answer = behave(kind, query, zones, name)
        if answer is not None:
            handle.sendto(answer, peer)

    def accept(self, handle, *server):
        connection, _ = handle.accept()
        self.selector.register(connection, selectors.EVENT_READ, (self.stream, *server))

    def stream(self, connection, kind, zones, name):
        message = connection.recv(4098)
        answer = behave(kind, message[2:], zones, name) if message else None
        if answer is not None:
            connection.sendall(struct.pack("!H", len(answer)) + answer)
        if not message:
            self.selector.unregister(connection)
            connection.close()
