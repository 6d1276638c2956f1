"""Exim as in exim4-daemon-light, with a short configuration of its own."""

from mail_server import MailServer, maildir
from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS

CONFIGURATION = f"""\
primary_hostname = {HOST}
qualify_domain = {HOST}
domainlist local_domains = {HOST}
host_lookup =
keep_environment =
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
* * F,2s,1s
"""


class Exim(MailServer):
    name = "exim"
    packages = ["exim4-daemon-light"]

    def configure(self):
        root = self.root
        root.write("/etc/exim4/exim4.conf", CONFIGURATION, "root", "Debian-exim", 0o640)
        for folder in ("/var/spool/exim4", "/var/log/exim4"):
            root.folder(folder, "Debian-exim", "Debian-exim", 0o750)

    def start(self):
        self.root.run("exim4", "-bV")

    def send(self, receiver, mail):
        self.root.run("exim4", "-odb", "-f", self.sender, receiver.recipient, stdin=mail)

    def again(self):
        self.root.run("exim4", "-qf")

    def log(self):
        return self.root.read("/var/log/exim4/mainlog")

    def bounces(self):
        return maildir(self.root.at("/home/sender/Maildir/new"))
