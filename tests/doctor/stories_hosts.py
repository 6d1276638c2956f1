"""The mail hosts of the stories. Each is made of its namespaces, its addresses, and a real Postfix; doctor runs on it."""

import os
import re
import time
from dataclasses import dataclass, field

from postfix import MASTER, Postfix
from private_root import Failed
from receivers import SENDER
from stories_docker import Docker
from stories_internet import RESOLVER
from stories_machine import Machine, Network

MAIN = """\
compatibility_level = 3.6
myhostname = {name}
mydestination = {name}, localhost
inet_interfaces = loopback-only
inet_protocols = all
smtp_tls_security_level = none
smtp_connection_cache_on_demand = no
default_destination_concurrency_limit = 20
alias_maps =
alias_database =
local_recipient_maps =
home_mailbox = Maildir/
maillog_file = /var/log/mail.log
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
queue_directory = /var/spool/postfix
"""
RESOLV_CONF = f"nameserver {RESOLVER}\n"


@dataclass
class Host:
    """A mail host as its administrator would tell of it."""

    name: str
    addresses: list            # with prefix lengths
    advertised: str = ""       # a prefix that its router tells it
    temporary: int = 0         # use_tempaddr
    postfix: str = ""          # further lines of its main.cf
    hosts: str = ""            # of its /etc/hosts, beside localhost
    behind: str = ""           # "docker": Postfix is in a container, and the host translates; "mailcow": and so does a router
    runs: bool = True          # Postfix does
    closed: tuple = ()         # files that only root may read
    files: dict = field(default_factory=dict)  # written at last; None: a folder of that name

    @property
    def fqdn(self):
        return self.name if "." in self.name else self.name + ".example.org"


CLOUD_INIT = """\
# Your system has configured 'manage_etc_hosts' as True.
# As a result, if you wish for changes to this file to persist
# then you will need to either
# a.) make changes to the master file in /etc/cloud/templates/hosts.debian.tmpl
# b.) change or remove the value of 'manage_etc_hosts' in
#     /etc/cloud/cloud.cfg or cloud-config from user-data
#
127.0.1.1 cloud.example.org cloud
"""
BROKEN = """\
# written by hand
myhostname = $mydomain
mydomain = $myhostname
smtp_bind_address
inet_protocols = ipv5
smtp_bind_address6 = not an address
smtp_helo_name = ${undefined?{
\x1b[31mred\x00
relayhost = [
"""
HOSTS = {host.name: host for host in [
    Host("static", ["203.0.113.22/32", "2001:db8:22::25/64"]),
    # The router tells a prefix. Temporary addresses are preferred; the one that has the PTR is there, too.
    Host("temporary", ["203.0.113.20/32", "2001:db8:20::25/64"], "2001:db8:20::/64", 2),
    Host("advertised", ["203.0.113.21/32"], "2001:db8:21::/64"),
    Host("bound", ["203.0.113.23/32", "2001:db8:23::25/64"], "2001:db8:23::/64", 2, "smtp_bind_address6 = 2001:db8:23::25\n"),
    # Two addresses: the kernel takes the first, name and PTR belong to the second.
    Host("two", ["203.0.113.50/24", "203.0.113.51/24"]),
    Host("chosen", ["203.0.113.54/24", "203.0.113.55/24"], postfix="smtp_bind_address = 203.0.113.55\n"),
    # /etc/hosts
    Host("agrees", ["203.0.113.42/32", "2001:db8:42::25/64"],
         hosts="203.0.113.42 agrees.example.org agrees\n2001:db8:42::25 agrees.example.org agrees\n"),
    Host("lie", ["203.0.113.40/32"], hosts="# moved in spring\n203.0.113.99 lie.example.org lie\n"),
    Host("cloud", ["203.0.113.41/32"], hosts=CLOUD_INIT),
    Host("docker", ["203.0.113.30/32", "2001:db8:30::25/64"], behind="docker"),
    Host("proven", ["203.0.113.31/32", "2001:db8:31::25/64"], behind="docker"),
    Host("mail.example.com", ["2001:db8:12:34::1/64", "2001:db8:12:34::2/64"], behind="mailcow"),
    # Little or nothing to read
    Host("bare", ["203.0.113.60/32"], runs=False),
    Host("closed", ["203.0.113.63/32"], closed=("/etc/postfix/main.cf", "/var/log/mail.log")),
    Host("broken", ["203.0.113.61/32"], runs=False, files={"/etc/postfix/main.cf": BROKEN, "/etc/postfix/master.cf": "smtp unix - -\n\x00\n"}),
    Host("folder", ["203.0.113.62/32"], runs=False, files={"/etc/postfix/main.cf": None, "/var/log/mail.log": None}),
]}


class MailServer(Postfix):
    def __init__(self, root, name, more="", folder="/etc/postfix"):
        self.folder = folder
        self.main = MAIN.format(name=name) + more
        self.master = MASTER
        super().__init__(root)
        if folder != "/etc/postfix":  # as mailcow has it
            for file in ("main.cf", "master.cf", "dynamicmaps.cf"):
                root.run("sh", "-c", f"mkdir -p {folder} && mv /etc/postfix/{file} {folder}/")
        root.run("postfix", "-c", folder, "start")

    def hand_over(self, *recipients):
        """Sends one mail to each, and waits for what becomes of them: {recipient: (status, reply)}."""
        for recipient in recipients:
            self.root.run("sendmail", "-C", self.folder, "-f", SENDER, recipient, stdin=f"Subject: story\nTo: {recipient}\n\nHello.\n")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            rows = re.findall(r"^.* to=<(\S+)>, .*? status=(\w+) \((.*)\)$", self.log().decode("utf-8", "replace"), re.MULTILINE)
            told = {recipient: (status, reply) for recipient, status, reply in rows}
            if all(recipient in told for recipient in recipients):
                return {recipient: told[recipient] for recipient in recipients}
            time.sleep(0.03)
        raise Failed(f"no word of mails to {recipients} in 30 s: {self.log().decode()[-2000:]}")


class Place:
    """A host that is there: `machine` is where doctor runs, `sender` where Postfix is."""

    def __init__(self, host, path, packages, internet, tools, bring):
        """`bring` puts into the machine what doctor needs."""
        self.host = host
        settings = {"resolv.conf": RESOLV_CONF, "hosts": "127.0.0.1 localhost\n" + host.hosts}
        name = "vm1.hosting.example" if host.behind else host.fqdn
        self.machine = Machine(path, packages if host.runs else os.path.join(path, "nothing"), name, settings)
        self.sender = Container(self, host, packages) if host.behind else self.machine
        for machine in {self.machine, self.sender}:
            bring(machine)
        self.machine.start()
        if host.behind == "mailcow":
            self.hide(internet, tools)
        else:
            self.own = internet.connect(self.machine)
            internet.give(self.machine, self.own, host.addresses, default6=not host.advertised)
        if host.behind:
            self.sender.join(self.machine, tools)
        if host.advertised:
            self.listen(internet)
        folder = "/opt/postfix/conf" if host.behind == "mailcow" else "/etc/postfix"
        self.postfix = MailServer(self.sender, host.fqdn, host.postfix, folder) if host.runs else None
        for name in host.closed:
            os.chmod(self.machine.at(name), 0o600)
        for name, text in host.files.items():
            if text is None:
                self.machine.folder(name)
            else:
                self.machine.write(name, text)

    def listen(self, internet):
        """Until it has made addresses from what its router tells."""
        self.machine.set({"eth0/use_tempaddr": self.host.temporary, "eth0/accept_ra": 2})
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            internet.advertise(self.own, self.host.advertised)
            made = [entry for _, entry in self.machine.addresses(6) if entry.get("dynamic")]
            if any(entry.get("temporary") for entry in made) if self.host.temporary else made:
                return
            time.sleep(0.1)
        raise Failed(f"{self.host.name} made no address of {self.host.advertised}")

    def hide(self, internet, tools):
        """A router between: it has the IPv4 address, and hands IPv6 through."""
        router = Network().start()
        router.forward()
        own = internet.connect(router)
        internet.give(router, own, ["203.0.113.5/32"])
        router.ip(f"link add lan type veth peer name eth0 netns {self.machine.pid}", "link set lan up",
                  "address add 192.168.1.1/24 dev lan", "address add 2001:db8:12:34::ffff/64 dev lan nodad",
                  "address add fe80::2/64 dev eth0 nodad", "route add default via fe80::1 dev eth0")
        internet.lead("2001:db8:12:34::/64", own, "fe80::2")
        router.translate(tools, "nft ip ip saddr 192.168.1.0/24 oifname eth0 masquerade")
        self.machine.ip("link set eth0 up", "address add 192.168.1.10/24 dev eth0", "route add default via 192.168.1.1",
                        *(f"address add {address} dev eth0 nodad" for address in self.host.addresses),
                        "route add default via 2001:db8:12:34::ffff")


NETWORKS = {  # of the bridge: its own addresses, the container's, and how the host translates
    "docker": (["172.17.0.1/16", "fd00:17::1/64"], ["172.17.0.2/16", "fd00:17::2/64"],  # as dockerd does it
               ["iptables-nft -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br-mail -j MASQUERADE",
                "ip6tables-nft -t nat -A POSTROUTING -s fd00:17::/64 ! -o br-mail -j MASQUERADE"]),
    "mailcow": (["172.22.1.1/24", "fd4d:6169::1/64"], ["172.22.1.253/24", "fd4d:6169::fe/64"],  # IPv6 by its administrator
                ["iptables-nft -t nat -A POSTROUTING -s 172.22.1.0/24 ! -o br-mail -j MASQUERADE",
                 "nft ip6 ip6 saddr fd4d:6169::/64 oifname != br-mail snat to 2001:db8:12:34::2"]),
}


class Container(Machine):
    """Postfix in a container as docker makes it: root, processes, name and network of its own, on a bridge of the host."""

    def __init__(self, place, host, packages):
        self.kind = host.behind
        self.identity = "4f1c0dec0de5" + "0" * 52
        super().__init__(place.machine.at(f"/var/lib/docker/overlay2/{self.identity[:12]}/merged"), packages, host.fqdn,
                         {"resolv.conf": RESOLV_CONF})
        self.write("/.dockerenv", "")
        if self.kind == "mailcow":
            place.machine.write("/opt/mailcow-dockerized/mailcow.conf", MAILCOW_CONF)

    def join(self, host, tools):
        self.start(host)
        own, given, rules = NETWORKS[self.kind]
        host.forward()
        host.ip("link add br-mail type bridge", "link set br-mail up",
                f"link add veth1 type veth peer name eth0 netns {self.pid}", "link set veth1 master br-mail", "link set veth1 up",
                *(f"address add {address} dev br-mail {'nodad' if ':' in address else ''}" for address in own))
        self.ip("link set eth0 up", *(f"address add {address} dev eth0 {'nodad' if ':' in address else ''}" for address in given),
                *(f"route add default via {address.split('/')[0]}" for address in own))
        host.translate(tools, *rules)
        self.docker = Docker(host.at("/run/docker.sock"), self)

    def names(self):
        return ["mailcowdockerized-postfix-mailcow-1" if self.kind == "mailcow" else "postfix"]

    def labels(self):
        if self.kind != "mailcow":
            return {}
        return {"com.docker.compose.project": "mailcowdockerized", "com.docker.compose.service": "postfix-mailcow",
                "com.docker.compose.project.working_dir": "/opt/mailcow-dockerized"}

    def summary(self):
        return {"Id": self.identity, "Names": ["/" + name for name in self.names()], "State": "running", "Labels": self.labels()}

    def details(self):
        return {"Id": self.identity, "Name": "/" + self.names()[0], "State": {"Running": True, "Pid": self.number_in_host()},
                "Config": {"Hostname": self.name, "Labels": self.labels()}}


MAILCOW_CONF = """\
# ------------------------------
# mailcow web ui configuration
# ------------------------------
MAILCOW_HOSTNAME=mail.example.com
COMPOSE_PROJECT_NAME=mailcowdockerized
ENABLE_IPV6=true
IPV4_NETWORK=172.22.1
IPV6_NETWORK=fd4d:6169:6c63:6f77::/64
"""
