"""The receivers' servers: SMTP on port 25 of an address each, which answer as the table says and take nothing else."""

import socket
import socketserver
import threading


class Session(socketserver.StreamRequestHandler):
    """RFC 5321, as far as a sending server needs it. A reply of class 421 or 554 in the banner ends the session."""

    timeout = 60

    def handle(self):
        try:
            self.converse(self.server.receiver)
        except OSError:  # the other side left
            pass

    def converse(self, receiver):
        if receiver.stage == "banner":
            return self.say(receiver.reply)
        self.say(f"220 {receiver.host} ESMTP")
        while line := self.rfile.readline(4096):
            word = line.decode("latin-1").split(":")[0].strip().upper()
            if word.startswith("EHLO"):
                self.say(f"250-{receiver.host} at your service\n250-SIZE 157286400\n250-8BITMIME\n250 ENHANCEDSTATUSCODES")
            elif word == "RCPT TO" and receiver.stage == "rcpt":
                self.say(receiver.reply)
            elif word == "DATA":
                self.say("354 Go ahead")
                while (line := self.rfile.readline(65536)) not in (b".\r\n", b""):
                    pass
                self.say(receiver.reply or "250 2.0.0 OK")
                if receiver.reply.startswith("421"):
                    return None
            elif word == "QUIT":
                return self.say("221 2.0.0 closing connection")
            else:
                self.say("250 2.1.0 OK")
        return None

    def say(self, lines):
        self.wfile.write(lines.replace("\n", "\r\n").encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, receiver, port):
        self.receiver = receiver
        self.address_family = socket.AF_INET6 if ":" in receiver.address else socket.AF_INET
        super().__init__((receiver.address, port), Session)


def start(receivers, port=25):
    """Each one serves until the process ends."""
    for receiver in receivers:
        threading.Thread(target=Server(receiver, port).serve_forever, daemon=True).start()
