"""Networks and machines in namespaces: a router has a network only; a host has its own root, processes and name beside it;
a container is a host inside a host. All of it lives in the first process of the test, and goes with it.
"""

import json
import os
import subprocess

from private_root import SETTINGS, Failed, PrivateRoot

SETTINGS = SETTINGS | {"nsswitch.conf": SETTINGS["nsswitch.conf"].replace("hosts: files", "hosts: files dns")}
# The first process: the machine's root becomes the root, its processes are those of /proc, and nothing of the outside is left.
FIRST = """
echo "$2" >/proc/sys/kernel/hostname
mount -t proc proc "$1/proc" && cd "$1" && mkdir -p .old && pivot_root . .old &&
exec chroot . sh -c 'umount -l /.old && rmdir /.old && echo ready && exec sleep infinity'
"""
PATH = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "LOGNAME": "root", "HOME": "/root"}
# Addresses are there at once, and nobody makes one that was not asked for.
QUIET = {"all/accept_dad": 0, "default/accept_dad": 0, "default/dad_transmits": 0, "default/use_tempaddr": 0,
         "default/router_solicitations": 0}


def leaf(pid):
    """The process that `pid` was started for: the last of its children's children."""
    while children := open(f"/proc/{pid}/task/{pid}/children", encoding="ascii").read().split():
        pid = int(children[0])
    return pid


class Network:
    """A network namespace."""

    spaces = ["--net"]

    def start(self, within=None):
        """`within`: from inside that machine."""
        words = [*(within.enter if within else []), "unshare", *self.spaces, *self.first(within)]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, env=PATH)
        said = self.process.stdout.readline().strip()
        if said != "ready":
            raise Failed(f"no namespaces for a {type(self).__name__}: {said}")
        self.pid = leaf(self.process.pid)
        self.set(QUIET)
        self.ip("link set lo up")
        return self

    @staticmethod
    def first(_within):
        return ["sh", "-c", "echo ready; exec sleep infinity"]

    def inside(self, *words, stdin=""):
        """A program of the test, in this network."""
        done = subprocess.run(["nsenter", "-t", str(self.pid), "-n", *words], input=stdin, capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise Failed(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def ip(self, *lines):
        self.inside("ip", "-batch", "-", stdin="\n".join(lines) + "\n")

    def set(self, values, family="ipv6/conf"):
        """Settings below /proc/sys/net."""
        self.inside("sh", "-c", "".join(f"echo {value} >/proc/sys/net/{family}/{name};" for name, value in values.items()))

    def forward(self):
        self.set({"ip_forward": 1}, "ipv4")
        self.set({"all/forwarding": 1})

    def translate(self, tools, *rules):
        """NAT: each rule as iptables(8) or ip6tables(8) has it, or as nft(8) behind "nft" and its family."""
        for number, words in enumerate(rule.split() for rule in rules):
            text = ""
            if words[0] == "nft":
                text = f"table {words[1]} nat{number} {{\n chain out {{\n  type nat hook postrouting priority 100\n  {' '.join(words[2:])}\n }}\n}}\n"
                words = ["nft", "-f", "-"]
            done = subprocess.run(["nsenter", "-t", str(self.pid), "-n", tools.path(words[0]), *words[1:]], input=text, env=tools.env,
                                  capture_output=True, text=True, timeout=30)
            if done.returncode != 0:
                raise Failed(f"{words[0]}: {done.stderr.strip()}")

    def addresses(self, family):
        """[(address, flags)] of global scope on eth0, as ip(8) tells them."""
        told = json.loads(self.inside("ip", "-json", f"-{family}", "address", "show", "dev", "eth0", "scope", "global"))
        return [(entry["local"], entry) for link in told for entry in link.get("addr_info", []) if "local" in entry]


class Machine(PrivateRoot, Network):
    """A host, or a container below a host's root. Roots of containers are to be there before the host is started."""

    spaces = ["--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child"]

    def __init__(self, path, packages, name, settings):
        super().__init__(path, packages, SETTINGS | {"hosts": "127.0.0.1 localhost\n", "hostname": name + "\n",
                                                     "mailname": name + "\n"} | settings)
        self.name = name

    def first(self, within):
        path = "/" + os.path.relpath(self.path, within.path) if within else self.path
        return ["sh", "-c", FIRST, "sh", path, self.name]

    @property
    def enter(self):
        return ["nsenter", "-t", str(self.pid), "-m", "-n", "-u", "-i", "-p"]

    def command(self, *words):
        return [*self.enter, *words]

    def number_in_host(self):
        """The process ID of the first process as the container's host sees it: one for each namespace it is in (proc(5))."""
        status = open(f"/proc/{self.pid}/status", encoding="ascii").read()
        return int(status.split("NSpid:")[1].split("\n")[0].split()[-2])
