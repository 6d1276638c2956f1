"""The servers of Debian, fetched and unpacked into a private root, never installed.

apt itself says which packages an installation would add to this machine; exactly those are downloaded and unpacked
below a cache folder named after their versions. What is installed already is used where it is.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

WANTED = ["bind9", "knot", "nsd", "unbound"]
ENV = dict(os.environ, LC_ALL="C", DEBIAN_FRONTEND="noninteractive")


class Unavailable(Exception):
    """Why the servers cannot be had here, in one line."""


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("FCRDNS_TEST_CACHE") or os.path.join(base, "fcrdns-tests")


def missing_packages(wanted):
    """["nsd:amd64=4.6.1-1", ...]: what apt would install, dependencies included."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable("apt-get and dpkg-deb are needed to fetch the servers")
    plan = subprocess.run(["apt-get", "-s", "--no-install-recommends", "install", *wanted],
                          env=ENV, capture_output=True, text=True, timeout=120)
    if plan.returncode != 0:
        reason = (plan.stderr.strip() or "apt-get failed").splitlines()[-1]
        raise Unavailable(f"apt knows no way to the packages {' '.join(wanted)} ({reason}); try apt-get update")
    added = re.findall(r"^Inst (\S+) (?:\[\S+\] )?\((\S+) .*\[(\w+)\]\)", plan.stdout, re.MULTILINE)
    return sorted(f"{name}{'' if arch == 'all' or ':' in name else ':' + arch}={version}"
                  for name, version, arch in added)


def fetch(wanted=WANTED):
    """The private root, unpacked now or by an earlier run; Unavailable when there is no way to get it."""
    packages = missing_packages(wanted)
    cache = cache_folder()
    root = os.path.join(cache, "servers-" + hashlib.sha256("\n".join(packages).encode()).hexdigest()[:16])
    if os.path.isdir(root):
        return root
    os.makedirs(cache, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        if packages:
            load = subprocess.run(["apt-get", "download", *packages], cwd=work, env=ENV, capture_output=True, text=True,
                                  timeout=300)
            if load.returncode != 0:
                reason = (load.stderr.strip() or "no reason given").splitlines()[-1]
                raise Unavailable(f"apt-get download failed: {reason}")
        unpacked = os.path.join(work, "root")
        os.mkdir(unpacked)
        for archive in sorted(glob.glob(os.path.join(work, "*.deb"))):
            subprocess.run(["dpkg-deb", "-x", archive, unpacked], check=True)
        try:
            os.rename(unpacked, root)
        except OSError:  # another run was faster
            if not os.path.isdir(root):
                raise
    return root


class Programs:
    """Finds the programs of the private root, and gives them its libraries."""

    def __init__(self, root):
        self.root = root
        folders = sorted({os.path.dirname(path) for pattern in ("usr/lib/*/*.so*", "lib/*/*.so*", "usr/lib/*.so*")
                          for path in glob.glob(os.path.join(root, pattern))})
        self.env = dict(ENV, LD_LIBRARY_PATH=":".join(folders), PATH="/usr/sbin:/usr/bin:/sbin:/bin")

    def path(self, name):
        places = [os.path.join(self.root, folder) for folder in ("usr/sbin", "usr/bin", "sbin", "bin")]
        found = shutil.which(name, path=":".join([*places, "/usr/sbin", "/usr/bin"]))
        if not found:
            raise Unavailable(f"the packages hold no program {name}")
        return found

    def run(self, name, *args, cwd):
        done = subprocess.run([self.path(name), *args], cwd=cwd, env=self.env, capture_output=True, text=True,
                              timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{name} {' '.join(args)}: {done.stderr.strip()}")
        return done.stdout
