"""One MTA in its private root: it gets the mails, and is pressed until all that was refused came back."""

import os
import re
import time

from receivers import MAILS, SENDER

TEXT = "From: {sender}\nTo: {to}\nSubject: test {name}\n\nHello.\n"


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

    name, packages = "", []
    defers = set()  # names of the mails that it tries again; it tells the sender so before it gives up

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
        for mail in MAILS:
            self.send(mail.to, TEXT.format(sender=SENDER, to=", ".join(mail.to), name=mail.name))
        while missing := self.missing():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.5)
            self.again(give_up=not any(notice.endswith("-warning") for notice in missing))
        return True

    def notices(self):
        """What the sender got, by the name of the mail it is about; a warning says that it is tried again."""
        found = {}
        for octets in self.bounces():
            about = re.search(rb"^Subject: test (\S+?)\r?$", octets, re.MULTILINE)
            if about:
                found[about[1].decode() + ("-warning" if is_warning(octets) else "")] = octets
        return found

    def missing(self):
        """What did not arrive yet."""
        wanted = {mail.name for mail in MAILS if mail.refused} | {name + "-warning" for name in self.defers}
        return sorted(wanted - self.notices().keys())


def is_warning(octets):
    """OpenSMTPD 6.8 says "delayed" of what it gave up, too."""
    return b"\nAction: delayed" in octets and b": Envelope expired" not in octets
