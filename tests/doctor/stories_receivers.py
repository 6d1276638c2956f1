"""The receivers of the stories, at the addresses that stories.world has of them. They write down who came: what doctor says
is compared with that.
"""

import ipaddress
import socket
import socketserver
import threading

# Gmail's own words; the address is that of the client.
NO_PTR = """\
550-5.7.25 [{client}] The IP address sending this message does not have a
550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not
550-5.7.25 match the sending IP. As a policy, Gmail does not accept messages
550-5.7.25 from IPs with missing PTR records. For more information, go to
550-5.7.25  https://support.google.com/a?p=sender-guidelines-ip
550-5.7.25 To learn more about Gmail requirements for bulk senders, visit
550 5.7.25  https://support.google.com/a?p=sender-guidelines. 5b1f17b1804b1-4a7f2c86e35si1204917e9.216 - gsmtp"""
TAKEN = "250 2.0.0 OK"

RECEIVERS = {  # address: its reply after the mail; the domains are those of stories.world
    "198.51.100.11": TAKEN, "2001:db8:5100::11": NO_PTR,  # gmail.com
    "198.51.100.12": TAKEN, "2001:db8:5100::12": NO_PTR,  # outlook.com
    "198.51.100.13": TAKEN,                               # yahoo.com
    "198.51.100.14": TAKEN, "2001:db8:5100::14": TAKEN,   # accepts.receiver.example
    "198.51.100.15": TAKEN,                               # v4.receiver.example
    "2001:db8:5100::15": TAKEN,                           # v6.receiver.example
    "2001:db8:5100::16": NO_PTR,                          # refuses.receiver.example
}


class Session(socketserver.StreamRequestHandler):
    """RFC 5321, as far as a sending server needs it."""

    timeout = 60

    def handle(self):
        try:
            self.converse()
        except OSError:  # the other side left
            pass

    def converse(self):
        client, helo, recipients = self.client_address[0], None, []
        self.say("220 mx.receiver.example ESMTP")
        while line := self.rfile.readline(4096):
            word, _, rest = line.decode("latin-1").strip().partition(" ")
            if word.upper() in ("EHLO", "HELO"):
                helo = rest
                self.say("250-mx.receiver.example\n250-8BITMIME\n250 ENHANCEDSTATUSCODES")
            elif word.upper() == "RCPT":
                recipients.append(rest.split("<")[1].split(">")[0])
                self.say("250 2.1.5 OK")
            elif word.upper() == "DATA":
                self.say("354 Go ahead")
                while (line := self.rfile.readline(65536)) not in (b".\r\n", b""):
                    pass
                for recipient in recipients:
                    self.server.seen[recipient] = (str(ipaddress.ip_address(client)), helo)
                recipients = []
                self.say(self.server.reply.format(client=client))
            elif word.upper() == "QUIT":
                return self.say("221 2.0.0 closing connection")
            else:
                self.say("250 2.0.0 OK")
        return None

    def say(self, lines):
        self.wfile.write(lines.replace("\n", "\r\n").encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address, reply, seen):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.reply, self.seen = reply, seen
        super().__init__((address, 25), Session)


def start():
    """{recipient: (the client's address, its HELO)}, which grows with each mail."""
    seen = {}
    for address, reply in RECEIVERS.items():
        threading.Thread(target=Server(address, reply, seen).serve_forever, daemon=True).start()
    return seen
