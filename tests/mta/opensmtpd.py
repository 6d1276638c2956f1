"""OpenSMTPD: it logs to syslog, and gives mail up by `queue ttl`."""

import os
import subprocess

from mail_server import MailServer, maildir
from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS, SENDER
from syslog_file import SyslogFile

CONFIGURATION = f"""\
queue ttl 20s
bounce warn-interval 2s
action "local" maildir "/home/sender/Maildir"
match for domain "{HOST}" action "local"
""" + "".join(f"""\
action "{r.name}" relay host smtp://{r.host} src {CLIENT6 if ":" in r.address else CLIENT4}
match from any for domain "{r.domain}" action "{r.name}"
""" for r in RECEIVERS)


class OpenSmtpd(MailServer):
    name = "opensmtpd"
    packages = ["opensmtpd"]
    defers = {"gmail-421", "gmx-554", "free-421", "postfix-450"}

    def configure(self):
        root = self.root
        root.write("/etc/smtpd.conf", CONFIGURATION)
        root.folder("/var/spool/smtpd", mode=0o711)
        root.folder("/var/empty")
        root.setgid("/usr/sbin/smtpctl", "opensmtpq")
        for name in ("sendmail", "mailq"):
            if os.path.lexists(root.at("/usr/sbin/" + name)):
                os.remove(root.at("/usr/sbin/" + name))
            os.symlink("smtpctl", root.at("/usr/sbin/" + name))
        self.syslog = SyslogFile(root.at("/dev/log"), root.at("/var/log/mail.log"), HOST)

    def start(self):
        with open(self.root.at("/var/log/smtpd.stderr"), "wb") as out:
            self.process = subprocess.Popen(self.root.command("smtpd", "-F"), stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def ready(self):
        return os.path.exists(self.root.at("/run/smtpd.sock"))

    def send(self, recipients, text):
        self.root.run("sendmail", "-f", SENDER, *recipients, stdin=text)

    def again(self, give_up):
        """It looks to its queue by itself."""

    def log(self):
        return self.root.read("/var/log/mail.log")

    def bounces(self):
        return maildir(self.root.at("/home/sender/Maildir/new"))
