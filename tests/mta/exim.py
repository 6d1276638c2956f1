"""Exim as in exim4-daemon-light, with a short configuration of its own."""

from mail_server import MailServer, maildir
from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS, SENDER

CONFIGURATION = f"""\
primary_hostname = {HOST}
qualify_domain = {HOST}
domainlist local_domains = {HOST}
host_lookup =
keep_environment =
delay_warning = 1s
trusted_users = root
remote_max_parallel = 1

begin routers
away:
  driver = manualroute
  domains = ! +local_domains
  route_list = {" ; ".join(f"{r.domain} {r.host} byname" for r in RECEIVERS)}
  self = send
  transport = remote_smtp
home:
  driver = accept
  check_local_user
  transport = local_delivery

begin transports
remote_smtp:
  driver = smtp
  interface = <; {CLIENT4} ; {CLIENT6}
  hosts_try_fastopen =
local_delivery:
  driver = appendfile
  directory = /home/$local_part_data/Maildir
  maildir_format

begin retry
* * F,{{patience}},1s
"""


class Exim(MailServer):
    name = "exim"
    packages = ["exim4-daemon-light"]
    defers = {"gmail-421", "free-421", "postfix-450"}

    def configure(self):
        root = self.root
        self.write_configuration("1h")
        for folder in ("/var/spool/exim4", "/var/log/exim4"):
            root.folder(folder, "Debian-exim", "Debian-exim", 0o750)

    def write_configuration(self, patience):
        self.root.write("/etc/exim4/exim4.conf", CONFIGURATION.format(patience=patience), "root", "Debian-exim", 0o640)

    def start(self):
        self.root.run("exim4", "-bV")

    def send(self, recipients, text):
        self.root.run("exim4", "-odb", "-f", SENDER, *recipients, stdin=text)

    def again(self, give_up):
        if give_up:
            self.write_configuration("1s")
        self.root.run("exim4", "-qf")

    def log(self):
        return self.root.read("/var/log/exim4/mainlog")

    def bounces(self):
        return maildir(self.root.at("/home/sender/Maildir/new"))
