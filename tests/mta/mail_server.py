"""One MTA in its private root: it gets one mail for each receiver, and is pressed until all that was refused came back."""

import os
import time

from receivers import RECEIVERS, REFUSING, SENDER

MAIL = "From: {sender}\nTo: {recipient}\nSubject: test {name}\n\nHello.\n"


def maildir(folder):
    """The mails of a Maildir's folder, oldest first."""
    if not os.path.isdir(folder):
        return []
    paths = sorted((os.path.join(folder, name) for name in os.listdir(folder)), key=os.path.getmtime)
    return [open(path, "rb").read() for path in paths]


def mbox(path):
    """The mails of an mbox, without their From_ lines."""
    mails = []
    if os.path.exists(path):
        with open(path, "rb") as source:
            for line in source:
                if line.startswith(b"From ") and (not mails or mails[-1].endswith(b"\n\n")):
                    mails.append(b"")
                else:
                    mails[-1] += line
    return mails


class MailServer:
    """What the servers have in common; each says how it is configured, started, fed, and where it writes."""

    name, packages, sender = "", [], SENDER

    def __init__(self, root):
        self.root = root
        self.configure()

    def ready(self):
        return True

    def run(self, seconds):
        """Sends, and waits until each refused mail came back; False when `seconds` did not suffice."""
        deadline = time.monotonic() + seconds
        self.start()
        while not self.ready() and time.monotonic() < deadline:
            time.sleep(0.1)
        for receiver in RECEIVERS:
            self.send(receiver, MAIL.format(sender=SENDER, recipient=receiver.recipient, name=receiver.name))
        while self.missing():
            if time.monotonic() >= deadline:
                return False
            time.sleep(1)
            self.again()
        return True

    def missing(self):
        """The recipients whose bounce did not arrive yet."""
        bounces = self.bounces()
        return [receiver.recipient for receiver in REFUSING if not any(is_about(mail, receiver) for mail in bounces)]


def is_about(mail, receiver):
    return f"\nTo: {receiver.recipient}\n".encode() in mail.replace(b"\r\n", b"\n")
