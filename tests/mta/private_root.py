"""A private root for one mail server: the machine's /usr with the server's packages on top, an /etc and a /var of its own.

It lies in the mount namespace of the test, and goes with it. Nothing is written outside: whatever a server changes ends
in memory, and the machine's own mail, queues and settings are not seen inside.
"""

import os
import shutil
import subprocess

from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS

# name: (uid, gid, groups beside); what the packages' scripts would add to the machine
USERS = {"root": (0, 0), "mail": (8, 8), "nobody": (65534, 65534), "postfix": (201, 201), "Debian-exim": (202, 202),
         "opensmtpd": (203, 203), "opensmtpq": (204, 204), "smmta": (205, 205), "smmsp": (206, 206), "sender": (1000, 1000)}
GROUPS = {name: gid for name, (_, gid) in USERS.items()} | {"tty": 5, "postdrop": 211, "nogroup": 65534}
UID = {name: uid for name, (uid, _) in USERS.items()}

SETTINGS = {
    "passwd": "".join(f"{name}:x:{uid}:{gid}::{'/root' if uid == 0 else f'/home/{name}'}:/bin/sh\n"
                      for name, (uid, gid) in USERS.items()),
    "group": "".join(f"{name}:x:{gid}:\n" for name, gid in GROUPS.items()),
    "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n",
    "hosts": f"127.0.0.1 localhost\n{CLIENT4} {HOST} out\n{CLIENT6} {HOST} out\n"
             + "".join(f"{receiver.address} {receiver.host}\n" for receiver in RECEIVERS),
    "services": "smtp 25/tcp mail\n",
    "protocols": "ip 0 IP\ntcp 6 TCP\nudp 17 UDP\n",
    "host.conf": "multi on\n",
    "hostname": HOST + "\n", "mailname": HOST + "\n",
    "aliases": "", "resolv.conf": "",
}
OF_THE_MACHINE = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives"]  # where its libraries and programs are
DEVICES = ["null", "zero", "full", "random", "urandom"]
TOP_LEVEL = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]


UNSHARE = ["unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child"]


def refused():
    """Why no mail server can be run here, or None."""
    if os.geteuid() != 0:
        return "mail servers change their user, which needs root"
    with open("/proc/self/uid_map", encoding="ascii") as rows:
        if sum(int(row.split()[2]) for row in rows) < 65536:
            return "mail servers change their user, and this user namespace has too few"
    for program in ("unshare", "mount", "chroot"):
        if not shutil.which(program):
            return f"{program} is missing"
    trial = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True)
    said = (trial.stderr.strip() or "unshare failed").splitlines()[-1]
    return None if trial.returncode == 0 else f"no namespaces can be had here ({said})"


class Failed(Exception):
    """What a program in here did not do, in one line."""


class NoMount(Exception):
    """Why a private root cannot be had on this machine, in one line."""


def mount(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise NoMount((done.stderr.strip() or f"mount {' '.join(arguments)} failed").splitlines()[-1])


class PrivateRoot:
    def __init__(self, path, packages, settings=SETTINGS):
        self.path = path
        os.makedirs(path, exist_ok=True)
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", path)
        self.programs(packages)
        self.devices()
        for folder in ("etc", "var"):
            if os.path.isdir(os.path.join(packages, folder)):
                shutil.copytree(os.path.join(packages, folder), self.at(folder), symlinks=True)
        self.settings(settings)
        for folder in ("/var/log", "/var/lib", "/var/spool", "/run", "/root"):
            self.folder(folder)
        self.folder("/tmp", mode=0o1777)
        self.folder("/var/mail", "root", "mail", 0o2775)
        self.folder("/home/sender", "sender", "sender", 0o700)
        if not os.path.lexists(self.at("/var/run")):
            os.symlink("/run", self.at("/var/run"))

    def programs(self, packages):
        """/usr of the machine, below that of the packages; what is not merged into /usr yet stays beside it."""
        upper, work = self.folder("/.upper"), self.folder("/.work")
        lower = ":".join(folder for folder in (os.path.join(packages, "usr"), "/usr") if os.path.isdir(folder))
        mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", "overlay", self.folder("/usr"))
        for name in TOP_LEVEL:
            if os.path.islink("/" + name):
                os.symlink(os.readlink("/" + name), self.at(name))
            elif os.path.isdir("/" + name):
                mount("--bind", "/" + name, self.folder(name))
            if os.path.isdir(os.path.join(packages, name)) and os.path.islink("/" + name):
                shutil.copytree(os.path.join(packages, name), self.at("/usr/" + name), symlinks=True, dirs_exist_ok=True)

    def settings(self, texts):
        for name, text in texts.items():
            self.write("/etc/" + name, text)
        for name in OF_THE_MACHINE:
            source = os.path.join("/etc", name)
            if os.path.isdir(source):
                shutil.copytree(source, self.at("/etc/" + name), symlinks=True, dirs_exist_ok=True)
            elif os.path.exists(source):
                shutil.copy(source, self.at("/etc/" + name))

    def devices(self):
        mount("-t", "proc", "proc", self.folder("/proc"))
        self.folder("/dev")
        for name in DEVICES:
            self.write("/dev/" + name, "")
            mount("--bind", "/dev/" + name, self.at("/dev/" + name))

    def at(self, path):
        return os.path.join(self.path, path.lstrip("/"))

    def folder(self, path, user="root", group="root", mode=0o755):
        full = self.at(path)
        os.makedirs(full, exist_ok=True)
        os.chown(full, UID[user], GROUPS[group])
        os.chmod(full, mode)
        return full

    def write(self, path, text, user="root", group="root", mode=0o644):
        full = self.at(path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)
        os.chown(full, UID[user], GROUPS[group])
        os.chmod(full, mode)

    def setgid(self, program, group):
        """As a package's script makes a program that may write into a queue."""
        os.chown(self.at(program), 0, GROUPS[group])
        os.chmod(self.at(program), 0o2755)

    def read(self, path):
        try:
            with open(self.at(path), "rb") as source:
                return source.read()
        except FileNotFoundError:
            return b""

    def command(self, *words):
        return ["chroot", self.path, *words]

    def run(self, *words, stdin="", check=True):
        done = subprocess.run(self.command(*words), input=stdin, capture_output=True, text=True, timeout=60, cwd="/",
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "LOGNAME": "root"})
        if check and done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
            raise Failed(f"{' '.join(words[:3])}: exit {done.returncode}: {said[-1]}")
        return done.stdout
