"""The mail servers of the journey: a Postfix that sends from an address of its own, and Postfixes that refuse clients
without confirmed reverse DNS, each behind a cache of its own."""

import itertools
import re
import time

from postfix import MASTER, Postfix
from private_root import SETTINGS, PrivateRoot
from receivers import HOST, SENDER

COMMON = """\
compatibility_level = 3.6
inet_protocols = all
smtp_tls_security_level = none
alias_maps =
alias_database =
local_recipient_maps =
maillog_file = /var/log/mail.log
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
queue_directory = /var/spool/postfix
"""
SENDING = COMMON + """\
myhostname = {host}
myorigin = {host}
mydestination = {host}, localhost
inet_interfaces = loopback-only
smtp_host_lookup = native
smtp_connection_cache_on_demand = no
home_mailbox = Maildir/
transport_maps = inline:{{{transports}}}
"""
# The code of reject_unknown_client_hostname is 450 unless told otherwise; its text is Postfix's own.
RECEIVING = COMMON + """\
myhostname = {host}
mydestination =
inet_interfaces = {interfaces}
mynetworks = 127.0.0.0/8
smtpd_client_restrictions = reject_unknown_client_hostname
smtpd_relay_restrictions = reject_unauth_destination
unknown_client_reject_code = 550
smtpd_client_connection_count_limit = 0
virtual_mailbox_domains = static:all
virtual_mailbox_base = /home/sender
virtual_mailbox_maps = static:Maildir/
virtual_uid_maps = static:1000
virtual_gid_maps = static:1000
"""
LISTENING = """\
smtp      inet  n - n -    - smtpd
virtual   unix  - n n -    - virtual
anvil     unix  - - n -    1 anvil
"""


class Receiver(Postfix):
    def __init__(self, path, packages, host, addresses, resolver):
        self.host, self.addresses = host, addresses
        self.main = RECEIVING.format(host=host, interfaces=", ".join(addresses))
        self.master = MASTER + LISTENING
        super().__init__(PrivateRoot(path, packages, SETTINGS | {
            "hosts": "127.0.0.1 localhost\n", "resolv.conf": f"nameserver {resolver}\n",
            "nsswitch.conf": SETTINGS["nsswitch.conf"].replace("hosts: files", "hosts: files dns")}))
        self.start()

    def address(self, family):
        return next(address for address in self.addresses if (":" in address) == (family == 6))

    def delivered(self, mail):
        """Whether a mail that it took is in the mailbox, or comes there now."""
        deadline = time.time() + 10
        while time.time() < deadline:
            if any(f"Delivered-To: {mail.recipient}\n".encode() in octets for octets in self.bounces()):
                return True
            time.sleep(0.05)
        return False


class Sender(Postfix):
    """Each way out has a transport of its own, bound to its address; the recipient's domain says way and receiver."""

    def __init__(self, path, packages, ways, receivers):
        transports, services = [], []
        self.domains, self.numbers = {}, itertools.count(1)
        for number, way in enumerate(ways):
            bind = "smtp_bind_address6" if way.family == 6 else "smtp_bind_address"
            services.append(f"way{number} unix - - n - - smtp -o {bind}={way.address} -o smtp_helo_name={way.name.rstrip('.')}\n")
            for receiver in receivers:
                self.domains[way, receiver] = domain = f"way{number}.{receiver.host}"
                transports.append(f"{{{domain} = way{number}:[{receiver.address(way.family)}]}}")
        self.main = SENDING.format(host=HOST, transports=" ".join(transports))
        self.master = MASTER + "".join(services)
        super().__init__(PrivateRoot(path, packages, SETTINGS | {"hosts": f"127.0.0.1 localhost {HOST}\n"}))
        self.start()

    def mail(self, way, receiver):
        """Sends one, and waits for what becomes of it."""
        mail = Mail(f"m{next(self.numbers)}@{self.domains[way, receiver]}", time.time())
        self.send([mail.recipient], f"From: {SENDER}\nTo: {mail.recipient}\nSubject: journey\n\nHello.\n")
        row = re.compile(rf"^.* to=<{mail.recipient}>, .*? status=(\w+) \((.*)\)$", re.MULTILINE)
        deadline = mail.sent + 30
        while not (found := row.search(self.log().decode("utf-8", "replace"))):
            if time.time() > deadline:
                raise RuntimeError(f"no word of the mail to {mail.recipient} in 30 s\n{self.log().decode()[-3000:]}")
            time.sleep(0.03)
        mail.ended, mail.status, mail.reply, mail.line = time.time(), found[1], found[2], found[0]
        return mail

    def bounce(self, mail):
        """The report of its failure, as the sender finds it."""
        deadline = time.time() + 30
        while time.time() < deadline:
            for octets in self.bounces():
                if mail.recipient.encode() in octets:
                    return octets
            time.sleep(0.05)
        raise RuntimeError(f"no bounce came for {mail.recipient}")


class Mail:
    """One mail: when it was sent, when its fate was known, and what that was."""

    def __init__(self, recipient, sent):
        self.recipient, self.sent = recipient, sent
        self.ended = self.status = self.reply = self.line = None

    @property
    def accepted(self):
        return self.status == "sent"

    @property
    def refused(self):
        return self.status == "bounced" and self.reply_code == "550"

    @property
    def reply_code(self):
        found = re.search(r"said: (\d{3})[ -]", self.reply)
        return found[1] if found else None
