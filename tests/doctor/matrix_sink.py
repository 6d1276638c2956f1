"""The receivers of the matrix, each at its addresses: they write down who came, over which family, from where and by which
name, before they answer. One JSON row for each recipient, or for each connection that is sent away at once.

It runs in a network of its own and waits there until it is told that its addresses are there. Each further line that it is
given is handed back, after all rows of what happened before it.
"""

import json
import socket
import socketserver
import sys
import threading

from matrix_places import DEFER, EACH, RECEIVERS, address

writing = threading.Lock()


def write(row):
    with writing:
        print(json.dumps(row), flush=True)


class Session(socketserver.StreamRequestHandler):
    """RFC 5321, as far as a sending server needs it."""

    timeout = 30

    def handle(self):
        try:
            self.converse(RECEIVERS[self.server.receiver][self.server.family])
        except OSError:  # the other side left
            pass

    def converse(self, reply):
        helo = ""
        if reply.startswith("421"):
            self.note(helo, "")
            return self.say(reply)
        self.say("220 ESMTP")
        while line := self.rfile.readline(4096):
            word, _, rest = line.decode("latin-1").rstrip("\r\n").partition(" ")
            if word.upper() in ("EHLO", "HELO"):
                helo = rest
                self.say("250 at your service")
            elif word.upper() == "RCPT":
                recipient = rest.partition("<")[2].partition(">")[0]
                self.note(helo, recipient)
                self.say(DEFER if "@defers" in recipient and self.server.receiver == "relay" else reply)
            elif word.upper() == "DATA":
                self.say("354 Go ahead")
                while (line := self.rfile.readline(65536)) not in (b".\r\n", b""):
                    pass
                self.say("250 2.0.0 OK")
            elif word.upper() == "QUIT":
                return self.say("221 2.0.0 closing connection")
            else:
                self.say("250 2.0.0 OK")
        return None

    def note(self, helo, recipient):
        write({"server": self.server.server, "receiver": self.server.receiver, "number": self.server.number, "family": self.server.family,
               "source": self.client_address[0], "helo": helo, "recipient": recipient})

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


class Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, server, receiver, number, family):
        self.server, self.receiver, self.number, self.family = server, receiver, number, family
        self.address_family = socket.AF_INET6 if family == 6 else socket.AF_INET
        super().__init__((address(server, receiver, number, family), 25), Session)


if __name__ == "__main__":
    ready = sys.stdin.readline().strip()
    for one in EACH:
        for family_, answer in RECEIVERS[one[1]].items():
            if answer:
                threading.Thread(target=Listener(*one, family_).serve_forever, daemon=True).start()

    write(ready)
    for mark in sys.stdin:
        write(mark.strip())
