"""The half fix: a Postfix that prefers IPv4, whose IPv6 address has no PTR. Receivers put it off over IPv4 (450), so its mail
goes out over IPv6 all the same; doctor must say so, and with what it proposes no mail must leave over IPv6 any more: once
written by doctor itself, and once typed by hand. And what doctor writes for the other three mail servers ends IPv6, too.
"""

import json
import os
import subprocess

import matrix_places as places
from matrix_servers import SERVERS, Postfix
from private_root import mount

MAILS = 10
FINDING = "ipv4_preference_half_fix"


class Host:
    """The mail host; fcrdns runs in its root, so that its files and programs are the machine's own."""

    def __init__(self, sink, work, packages, program, kind=Postfix, way="prefer4"):
        self.sink, self.server, self.sent = sink, kind(work, packages, way), 0
        root = self.server.root
        root.write("/usr/bin/fcrdns", "")
        mount("--bind", program, root.at("/usr/bin/fcrdns"))
        with open(os.environ["FCRDNS_TRUST_ANCHOR"], encoding="ascii") as anchor:
            root.write("/etc/root.key", anchor.read())
        self.server.start()

    def fcrdns(self, *words):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root", "FCRDNS_TRUST_ANCHOR": "/etc/root.key"}
        return subprocess.run(self.server.root.command("fcrdns", *words), capture_output=True, text=True, timeout=120, cwd="/",
                              env=environment)

    def doctor(self):
        done = self.fcrdns("doctor", "--json", "--no-rdap", "--dest", places.domain(self.server.name, "takes"))
        try:
            return json.loads(done.stdout)
        except ValueError as error:
            raise RuntimeError(f"doctor: exit {done.returncode}: {(done.stderr.strip() or 'no JSON').splitlines()[-1]}") from error

    def write(self):
        done = self.fcrdns("doctor", "--write", "--yes", "--no-rdap", "--dest", places.domain(self.server.name, "takes"))
        print("".join(f"      {line}\n" for line in done.stderr.splitlines()), end="")

    def send(self):
        """What the receivers saw of mails that are put off over IPv4: the families, in order."""
        domains = [places.domain(*one) for one in places.all_of("postfix", "defers4")[self.sent:self.sent + MAILS]]
        self.sent += MAILS
        self.server.deliver([self.server.to(domain) for domain in domains])
        rows = self.sink.taken(self.server)
        return ["".join(str(row["family"]) for row in rows if row["recipient"] == self.server.to(domain)) for domain in domains]


def expect(what, right):
    print(f"{'ok   ' if right else 'WRONG'} {what}", flush=True)
    return 0 if right else 1


def perform(sink, work, packages, program):
    """How much was wrong."""
    own = dict(zip(SERVERS, packages.split(":")))
    wrong = sum(mended(Host(sink, os.path.join(work, f"half-{by}"), own["postfix"], program), by) for by in ("doctor", "hand"))
    for name in ("exim", "opensmtpd", "sendmail"):
        wrong += ended(Host(sink, os.path.join(work, f"ended-{name}"), own[name], program, SERVERS[name], "default"))
    return wrong


def mended(host, by):
    wrong = 0
    seen = host.send()
    wrong += expect(f"smtp_address_preference=ipv4, put off over IPv4: {seen.count('46')} of {MAILS} mails went on over IPv6",
                    seen == ["46"] * MAILS)
    found = host.doctor()
    wrong += expect(f"doctor names {FINDING}, as an error",
                    [one["severity"] for one in found["findings"] if one["id"] == FINDING] == ["error"])
    proposed = next((one for one in found["changes"] if "inet_protocols" in "".join(one["commands"] + one["diff"])), None)
    wrong += expect(f"and proposes {proposed['commands'] if proposed else 'nothing of it'}", proposed is not None)
    if by == "doctor":
        host.write()
    else:
        for command in proposed["commands"]:
            print(f"      # {command}")
            host.server.root.run("sh", "-c", command)
    seen = host.send()
    wrong += expect(f"{'written by doctor' if by == 'doctor' else 'typed by hand'}, put off over IPv4: {seen.count('4')} of {MAILS} "
                    "mails stayed on IPv4, and wait", seen == ["4"] * MAILS)
    left = {one["id"] for one in host.doctor()["findings"]}
    wrong += expect(f"doctor names {FINDING} no more", FINDING not in left)
    host.server.stop()
    return wrong


def ended(host):
    """IPv6 has no PTR and goes first: the change that doctor writes ends that, and all mail still arrives."""
    server = host.server
    host.write()
    server.stop()
    server.start()
    domains = [places.domain(*one) for receiver in ("takes", "defers") for one in places.all_of(server.name, receiver)]
    server.deliver([server.to(domain) for domain in domains])
    seen = [row["family"] for row in host.sink.taken(server)]
    server.stop()
    return expect(f"{server.name}, written by doctor: {seen.count(4)} of {len(domains)} mails came over IPv4, {seen.count(6)} over IPv6",
                  seen == [4] * len(domains))
