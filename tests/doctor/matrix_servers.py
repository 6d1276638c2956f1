"""The four mail servers, each configured in many ways; none of them is told who receives what: they ask the DNS.

A way is a set of words put into the places that a server's configuration has for them.
"""

import re
import time

import exim
import opensmtpd
import postfix
import sendmail
from matrix_places import ABSENT, CLIENT, HOST, host
from private_root import SETTINGS, PrivateRoot
from receivers import SENDER

RESOLVER = "127.0.0.53"  # of the lab
BIND = {4: CLIENT[4][1], 6: CLIENT[6][0]}  # those that the kernel would not choose
TEXT = "From: {sender}\nTo: {to}\nSubject: matrix\n\nHello.\n"
FILES = SETTINGS | {"hosts": "127.0.0.1 localhost\n::1 localhost\n", "resolv.conf": f"nameserver {RESOLVER}\n",
                    "nsswitch.conf": SETTINGS["nsswitch.conf"].replace("hosts: files", "hosts: files dns")}
# The host's name without its domain: alone, and with the line in /etc/hosts that Debian's installer writes.
SHORT = {"short_name": {"hostname": "out"}, "short_name_hosts": {"hostname": "out", "hosts": "127.0.1.1 out.hosts.example out\n"}}


class NamedRoot(PrivateRoot):
    """What runs in it, or looks at it, sees a host name of its own."""

    def __init__(self, path, packages, settings, hostname):
        self.naming = ["unshare", "--uts", "sh", "-c", f'hostname {hostname} && exec "$@"', "sh"]
        super().__init__(path, packages, settings)

    def command(self, *words):
        return [*self.naming, *super().command(*words)]


class Configured:
    """What the four have in common; a subclass has `ways`, and says how it is configured by one."""

    def __init__(self, path, packages, way):
        self.way = way
        self.words = {"mailname": HOST, "resolver": "", "hosts": "", "hostname": HOST} | dict.fromkeys(self.places, "") | self.ways[way]
        settings = FILES | {"mailname": self.words["mailname"] + "\n", "resolv.conf": FILES["resolv.conf"] + self.words["resolver"],
                            "hosts": FILES["hosts"] + self.words["hosts"], "hostname": self.words["hostname"] + "\n"}
        settings = {name: text for name, text in settings.items() if text.strip() or name != "mailname"}
        super().__init__(NamedRoot(path, packages, settings, self.words["hostname"]))

    closed = ["default"]  # ways that are tested with receivers that close, too: OpenSMTPD takes its time for them
    at_a_time = 1
    by_turns = []         # ways where chance decides what follows when nobody listens

    def setting(self):
        """In one line, for people: what is put where."""
        return "; ".join(" / ".join(line.strip() for line in text.splitlines()) for text in self.ways[self.way].values()) or "-"

    def to(self, domain):
        """The recipient there: receivers see by which configuration it comes."""
        return f"{self.way}@{domain}"

    def deliver(self, recipients, seconds=40):
        """Hands over a mail for each; back when each was tried."""
        for recipient in recipients:
            self.send([recipient], TEXT.format(sender=SENDER, to=recipient))
        deadline = time.monotonic() + seconds
        while not self.tried(recipients):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}, {self.way}: in {seconds} s not all of {recipients} were tried\n"
                                   + self.log().decode("utf-8", "replace")[-3000:])
            time.sleep(0.05)

    def tried(self, recipients):
        log = self.log().decode("utf-8", "replace")
        return all(re.search(self.row.format(re.escape(recipient)), log) for recipient in recipients)

    def stop(self):
        pass


class Postfix(Configured, postfix.Postfix):
    places = ["main", "service"]
    row = r"to=<{}>, .*status="
    ways = {
        "default": {},
        "prefer4": {"main": "smtp_address_preference = ipv4"},
        "prefer6": {"main": "smtp_address_preference = ipv6"},
        "v4only": {"service": "-o inet_protocols=ipv4"},
        "v4only_main": {"main": "inet_protocols = ipv4"},
        "bind": {"main": f"smtp_bind_address = {BIND[4]}\nsmtp_bind_address6 = {BIND[6]}"},
        "bind_service": {"main": f"smtp_bind_address = {ABSENT[4]}", "service": f"-o smtp_bind_address={BIND[4]}"},
        "absent": {"main": f"smtp_bind_address = {ABSENT[4]}\nsmtp_bind_address6 = {ABSENT[6]}"},
        "absent_enforced": {"main": f"smtp_bind_address = {ABSENT[4]}\nsmtp_bind_address6 = {ABSENT[6]}\n"
                                    "smtp_bind_address_enforce = yes"},
        "interfaces": {"main": f"inet_interfaces = 127.0.0.1, {BIND[4]}, {BIND[6]}"},
        "helo": {"main": "smtp_helo_name = helo.example.org"},
        "helo_service": {"main": "smtp_helo_name = helo.example.org", "service": "-o smtp_helo_name=service.example.org"},
        "helo_hostname": {"main": "myhostname = hostname.example.org"},
        **SHORT,
        "relay": {"main": f"relayhost = [{host('postfix', 'relay')}]"},
    }

    def configure(self):
        self.main = f"""\
compatibility_level = 3.6
mydestination = {HOST}, localhost
inet_interfaces = loopback-only
smtp_tls_security_level = none
alias_maps =
alias_database =
local_recipient_maps =
maillog_file = /var/log/mail.log
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
queue_directory = /var/spool/postfix
{self.words["main"]}
"""
        self.master = re.sub(r"^smtp .*", lambda line: f"{line[0]} {self.words['service']}", postfix.MASTER, flags=re.MULTILINE)
        super().configure()

    def stop(self):
        self.root.run("postfix", "stop", check=False)


class Exim(Configured, exim.Exim):
    places = ["main", "router", "transport"]
    row = r"(?:[=*]>|==|\*\*) {}"
    lookup = "  driver = dnslookup\n"
    ways = {
        "default": {"router": lookup},
        "prefer4": {"router": lookup + "  ipv4_prefer = true\n"},
        "v4only": {"router": lookup + "  ipv4_only = true\n"},
        "v4only_main": {"main": "disable_ipv6 = true\n", "router": lookup},
        "v4only_lookup": {"main": "dns_ipv4_lookup = *\n", "router": lookup},
        "bind": {"router": lookup, "transport": f"  interface = <; {BIND[4]} ; {BIND[6]}\n"},
        "bind4": {"router": lookup, "transport": f"  interface = {BIND[4]}\n"},
        "absent": {"router": lookup, "transport": f"  interface = <; {ABSENT[4]} ; {ABSENT[6]}\n"},
        "absent6": {"router": lookup, "transport": f"  interface = {ABSENT[6].replace(':', '::')}\n"},
        "helo": {"router": lookup, "transport": "  helo_data = helo.example.org\n"},
        "helo_family": {"router": lookup, "transport":
                        "  helo_data = ${if match_ip{$sending_ip_address}{<; ::/0}{six.example.org}{four.example.org}}\n"},
        "helo_hostname": {"main": "primary_hostname = hostname.example.org\n", "router": lookup},
        "short_name": SHORT["short_name"] | {"router": lookup},
        "short_name_hosts": SHORT["short_name_hosts"] | {"router": lookup},
        "relay": {"router": f"  driver = manualroute\n  route_list = * {host('exim', 'relay')}\n"},
    }

    def write_configuration(self, patience):
        self.root.write("/etc/exim4/exim4.conf", f"""\
{self.words["main"]}qualify_domain = {HOST}
domainlist local_domains = {HOST}
host_lookup =
keep_environment =
trusted_users = root

begin routers
away:
{self.words["router"]}  domains = ! +local_domains
  transport = remote_smtp
  no_more
home:
  driver = accept
  check_local_user
  transport = local_delivery

begin transports
remote_smtp:
  driver = smtp
{self.words["transport"]}  hosts_try_fastopen =
local_delivery:
  driver = appendfile
  directory = /home/$local_part_data/Maildir
  maildir_format

begin retry
* * F,{patience},1h
""", "root", "Debian-exim", 0o640)

    def send(self, recipients, text):
        self.root.run("exim4", "-odf", "-f", SENDER, *recipients, stdin=text)


class OpenSmtpd(Configured, opensmtpd.OpenSmtpd):
    places = ["tables", "mta", "relay"]
    row = r"to=<{}>.* result="
    at_a_time = 4
    by_turns = ["bind", "absent_first"]  # its next source may be of the family that just failed, or not
    ways = {
        "default": {},
        "prefer4": {"resolver": "family inet4 inet6\n"},
        "v4only": {"mta": "mta limit inet4\n"},
        "v4only_src": {"relay": f"src {BIND[4]}"},
        "bind": {"relay": f"src {{ {BIND[4]}, {BIND[6]} }}"},
        "absent": {"relay": f"src {{ {ABSENT[4]}, {ABSENT[6]} }}"},
        "absent_first": {"relay": f"src {{ {ABSENT[4]}, {BIND[4]}, {ABSENT[6]}, {BIND[6]} }}"},
        "helo": {"relay": "helo helo.example.org"},
        "helo_src": {"tables": f"table names {{ {BIND[4]} = four.example.org }}\n",
                     "relay": f"src {{ {BIND[4]} }} helo-src <names>"},
        "helo_hostname": {"mailname": "hostname.example.org"},
        **{way: words | {"mailname": ""} for way, words in SHORT.items()},
        "relay": {"relay": f"host smtp://{host('opensmtpd', 'relay')}"},
    }

    def configure(self):
        super().configure()
        self.root.write("/etc/smtpd.conf", f"""\
{self.words["tables"]}{self.words["mta"]}action "local" maildir "/home/sender/Maildir"
action "out" relay {self.words["relay"]}
match for domain "{HOST}" action "local"
match from any for any action "out"
""")

    def start(self):
        super().start()
        deadline = time.monotonic() + 20
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"smtpd does not run, {self.way}: {self.root.read('/var/log/smtpd.stderr').decode()}")
            time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Sendmail(Configured, sendmail.Sendmail):
    places = ["defines", "options"]
    row = r"to=<?{}>?, .*stat="
    ways = {
        "default": {},
        "prefer4": {"options": "CLIENT_OPTIONS(`Family=inet')dnl\nCLIENT_OPTIONS(`Family=inet6')dnl\n"},
        "v4only": {"options": "CLIENT_OPTIONS(`Family=inet6, Addr=IPv6:::ffff:0.0.0.0')dnl\n"},
        "family": {"options": "CLIENT_OPTIONS(`Family=inet')dnl\n"},  # looks as if it was enough
        "bind": {"options": f"CLIENT_OPTIONS(`Family=inet, Addr={BIND[4]}')dnl\nCLIENT_OPTIONS(`Family=inet6, Addr={BIND[6]}')dnl\n"},
        "bind4": {"options": f"CLIENT_OPTIONS(`Family=inet, Addr={BIND[4]}')dnl\n"},
        "absent": {"options": f"CLIENT_OPTIONS(`Family=inet, Addr={ABSENT[4]}')dnl\n"
                              f"CLIENT_OPTIONS(`Family=inet6, Addr={ABSENT[6]}')dnl\n"},
        "absent6": {"options": f"CLIENT_OPTIONS(`Family=inet6, Addr={ABSENT[6]}')dnl\n"},
        "helo": {"defines": "define(`confDOMAIN_NAME', `domain.example.org')dnl\n"},
        "helo_option": {"defines": "define(`confHELO_NAME', `helo.example.org')dnl\n"},
        "helo_source": {"options": "CLIENT_OPTIONS(`Family=inet, Modifiers=h')dnl\nCLIENT_OPTIONS(`Family=inet6, Modifiers=h')dnl\n"},
        **SHORT,
        "relay": {"defines": f"define(`SMART_HOST', `[{host('sendmail', 'relay')}]')dnl\n"},
    }

    def configure(self):
        kept = [line for line in sendmail.MACROS.splitlines()
                if not any(word in line for word in ("confDOMAIN_NAME", "CLIENT_OPTIONS", "mailertable"))]
        at = kept.index("OSTYPE(`debian')dnl") + 1
        self.macros = "\n".join([*kept[:at], self.words["defines"] + self.words["options"].rstrip(), *kept[at:]]) + "\n"
        super().configure()
        self.root.write("/etc/mail/service.switch", "hosts dns files\naliases files\n")
        self.root.write("/etc/mail/sendmail.mc", self.macros)
        self.root.write("/etc/mail/sendmail.cf", self.root.run("m4", "-I", "/usr/share/sendmail/cf/", "/etc/mail/sendmail.mc"))

    def send(self, recipients, text):
        self.root.run(sendmail.SENDMAIL, "-Am", "-odi", "-f", SENDER, *recipients, stdin=text, check=False)


SERVERS = {server.name: server for server in (Postfix, Exim, OpenSmtpd, Sendmail)}
