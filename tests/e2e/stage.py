"""What a test with real servers stands on: the servers fetched, a namespace of its own, and a small internet in it."""

import os
import subprocess
import sys
import tempfile

import master_files
import namespace
import packages
import servers

SKIPPED = 77


def enter(script, arguments):
    """Fetches the servers and runs the script again inside the namespaces: `script --inside ROOT FOLDER ARGUMENT...`."""
    reason = namespace.refused()
    if reason:
        print(f"skipped: no network namespace can be had here ({reason})")
        return SKIPPED
    try:
        root = packages.fetch()
    except (packages.Unavailable, OSError, subprocess.SubprocessError) as error:
        print(f"skipped: {error}")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="fcrdns-e2e-") as folder:
        return subprocess.run([*namespace.UNSHARE, sys.executable, os.path.abspath(script), "--inside", root, folder,
                               *arguments]).returncode


class NoNetwork(Exception):
    """Why the addresses cannot be had, in one line: a kernel without IPv6, mostly."""


class Stage:
    """Inside: writes the zones of the world and starts its servers. `beside` are further addresses to own."""

    def __init__(self, world, root, folder, ready=servers.VALIDATION, beside=(), **options):
        try:
            namespace.bring_up_loopback()
            namespace.own([address for server in world.servers.values() for address in server.addresses]
                          + [servers.UNBOUND, servers.BIND, *beside])
        except OSError as error:
            raise NoNetwork(error.strerror or str(error)) from error
        self.world, self.folder, self.programs = world, folder, packages.Programs(root)
        self.anchor = master_files.write(world, folder, self.programs)
        self.running = servers.Servers(world, self.anchor, folder, self.programs, ready, **options)

    def environment(self):
        """For the program under test: the true root's addresses, under our own trust anchor, and no registry."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FCRDNS_")}
        return clean | {"FCRDNS_TRUST_ANCHOR": self.anchor, "FCRDNS_NO_RDAP": "1"}


def main(script, usage, inside, arguments):
    """`inside(root, folder, arguments)` in the namespaces; a first argument that names a program is made absolute."""
    if arguments[:1] == ["--inside"]:
        try:
            return inside(arguments[1], arguments[2], arguments[3:])
        except NoNetwork as error:
            print(f"skipped: {error}")
            return SKIPPED
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage.strip())
        return 0 if arguments else 64
    if not arguments[0].startswith("-"):
        arguments[0] = os.path.abspath(arguments[0])
    return enter(script, arguments)
