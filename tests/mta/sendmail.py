"""Sendmail with a sendmail.cf that its own m4 files make; it logs to syslog."""

from mail_server import MailServer, mbox
from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS, SENDER
from syslog_file import SyslogFile

SENDMAIL = "/usr/libexec/sendmail/sendmail"

MACROS = f"""\
divert(0)dnl
define(`_USE_ETC_MAIL_')dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
define(`confDOMAIN_NAME', `{HOST}')dnl
define(`confSERVICE_SWITCH_FILE', `/etc/mail/service.switch')dnl
define(`confTO_QUEUERETURN', `1h')dnl
define(`confTO_QUEUEWARN', `1s')dnl
define(`confTO_HOSTSTATUS', `0s')dnl
define(`confMIN_QUEUE_AGE', `0')dnl
define(`confTO_IDENT', `0')dnl
define(`confHOST_STATUS_DIRECTORY')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`ALIAS_FILE', `/etc/mail/aliases')dnl
define(`confQUEUE_LA', `10000')dnl a busy machine is no reason to wait
define(`confREFUSE_LA', `10000')dnl
FEATURE(`nocanonify')dnl
FEATURE(`mailertable', `text -k0 -v1 /etc/mail/mailertable')dnl
CLIENT_OPTIONS(`Family=inet, Addr={CLIENT4}')dnl
CLIENT_OPTIONS(`Family=inet6, Addr={CLIENT6}')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
LOCAL_CONFIG
Cw {HOST}
"""


class Sendmail(MailServer):
    name = "sendmail"
    packages = ["sendmail-bin", "sendmail-cf"]
    defers = {"gmail-421", "free-421", "postfix-450"}

    def configure(self):
        root = self.root
        root.write("/etc/mail/service.switch", "hosts files\naliases files\n")
        root.folder("/var/bounces", "mail", "mail", 0o700)  # an alias writes as that user
        root.write("/var/bounces/mbox", "", "mail", "mail", 0o600)
        root.write("/etc/mail/aliases", "sender: /var/bounces/mbox\n")
        root.write("/etc/mail/mailertable", "".join(f"{r.domain} esmtp:[{r.host}]\n" for r in RECEIVERS))
        for name in ("local-host-names", "trusted-users", "relay-domains"):
            root.write("/etc/mail/" + name, "")
        root.write("/etc/mail/sendmail.mc", MACROS)
        root.write("/etc/mail/sendmail.cf", root.run("m4", "-I", "/usr/share/sendmail/cf/", "/etc/mail/sendmail.mc"))
        root.folder("/var/lib/sendmail")
        root.folder("/var/spool/mqueue", "root", "root", 0o700)
        self.syslog = SyslogFile(root.at("/dev/log"), root.at("/var/log/mail.log"), HOST)

    def start(self):
        self.root.run(SENDMAIL, "-bi")

    def send(self, recipients, text):
        self.root.run(SENDMAIL, "-Am", "-odb", "-f", SENDER, *recipients, stdin=text)

    def again(self, give_up):
        self.root.run(SENDMAIL, "-Am", "-q", *(["-OTimeout.queuereturn=1s"] if give_up else []))

    def log(self):
        return self.root.read("/var/log/mail.log")

    def bounces(self):
        return mbox(self.root.at("/var/bounces/mbox"))
