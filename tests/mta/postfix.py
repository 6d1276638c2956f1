"""Postfix as Debian configures it, without its chroots: it submits by sendmail(1) and listens to nobody."""

from mail_server import MailServer, maildir
from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS, SENDER

MAIN = f"""\
compatibility_level = 3.6
myhostname = {HOST}
myorigin = {HOST}
mydestination = {HOST}, localhost
inet_interfaces = loopback-only
inet_protocols = all
smtp_bind_address = {CLIENT4}
smtp_bind_address6 = {CLIENT6}
smtp_host_lookup = native
smtp_tls_security_level = none
alias_maps =
alias_database =
local_recipient_maps =
delay_warning_time = 1s
home_mailbox = Maildir/
maillog_file = /var/log/mail.log
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
queue_directory = /var/spool/postfix
transport_maps = inline:{{{" ".join(f"{{{r.domain} = smtp:[{r.host}]}}" for r in RECEIVERS)}}}
"""

# service, type, private, unprivileged, chroot, wakeup, maxproc, command (master(5))
MASTER = """\
pickup    unix  n - n 60   1 pickup
cleanup   unix  n - n -    0 cleanup
qmgr      unix  n - n 300  1 qmgr
rewrite   unix  - - n -    - trivial-rewrite
bounce    unix  - - n -    0 bounce
defer     unix  - - n -    0 bounce
trace     unix  - - n -    0 bounce
verify    unix  - - n -    1 verify
flush     unix  n - n 1000 0 flush
proxymap  unix  - - n -    - proxymap
smtp      unix  - - n -    - smtp
relay     unix  - - n -    - smtp
showq     unix  n - n -    - showq
error     unix  - - n -    - error
retry     unix  - - n -    - error
local     unix  - n n -    - local
scache    unix  - - n -    1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix(MailServer):
    name = "postfix"
    packages = ["postfix"]
    main, master = MAIN, MASTER
    defers = {"gmail-421", "gmx-554", "free-421", "postfix-450"}  # any banner but 2xx is "refused to talk to me"

    def configure(self):
        root = self.root
        root.write("/etc/postfix/main.cf", self.main)
        root.write("/etc/postfix/master.cf", self.master)
        root.run("cp", "/usr/share/postfix/dynamicmaps.cf", "/etc/postfix/")
        root.folder("/var/spool/postfix")
        root.folder("/var/lib/postfix", "postfix", "postfix")
        for program in ("postdrop", "postqueue"):
            root.setgid("/usr/sbin/" + program, "postdrop")

    def start(self):
        self.root.run("postfix", "start")

    def send(self, recipients, text):
        self.root.run("sendmail", "-f", SENDER, *recipients, stdin=text)

    def again(self, give_up):
        if give_up:
            self.root.run("postsuper", "-f", "ALL")  # has expired now, whatever its age
        self.root.run("postqueue", "-f")

    def log(self):
        return self.root.read("/var/log/mail.log")

    def bounces(self):
        return maildir(self.root.at("/home/sender/Maildir/new"))
