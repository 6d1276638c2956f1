#!/usr/bin/env python3
"""`fcrdns wait` as scripts and people meet it, in the lab: exit codes, the lines for logs, the live table on a terminal,
the document. Needs namespaces: the plain lab has no servers of zones to ask.

Usage: python3 wait_test.py FCRDNS WORLD
"""
import json
import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import time
import unittest

WORLD = pathlib.Path(sys.argv.pop(2))
FCRDNS = sys.argv.pop(1)
LAB = [FCRDNS, "lab", "--"]
GOOD = ["203.0.113.10", "mx1.good.example"]
BROKEN = ["203.0.113.5", "mail.example.com"]


def run(*arguments, inside=True):
    return subprocess.run((LAB if inside else []) + [FCRDNS, "wait", *arguments], capture_output=True, text=True, timeout=60)


def has_namespaces():
    got = subprocess.run(LAB + ["sh", "-c", "echo resolver=$FCRDNS_RESOLVER"], capture_output=True, text=True, timeout=60)
    return got.stdout == "resolver=\n"


# What is typed, exit code, in standard output
ROWS = [
    (["--since", "3d", *GOOD], 0, "safe to send: both zones right"),
    (["--timeout", "2s", *GOOD], 2, "caches nobody can see: until"),
    (["--until", "earliest", *GOOD], 0, "safe to send"),
    (["--until", "earliest", "--timeout", "3s", "--since", "1s", *GOOD], 0, "caches nobody can see: until"),
    (["--timeout", "2s", "--since", "1s", *GOOD], 2, "not safe yet, the time is over: both zones right since"),
    (["--timeout", "2s", *BROKEN], 2, "waiting for ns1.hosting.example (NXDOMAIN), ns2.hosting.example (NXDOMAIN)"),
    (["--timeout", "2s", "203.0.113.10", "mail.example.com"], 2, "mx1.good.example."),
    (["--since", "3d", "--cache", "127.0.0.53", *GOOD], 0, "forward cache 127.0.0.53 right  203.0.113.10"),
    (["--until", "earliest", "[203.0.113.10]", "MX1.Good.Example."], 0, "safe to send"),
    (["--until", "earliest", "10.113.0.203.in-addr.arpa", "mx1.good.example"], 0, "safe to send"),
]
# What is typed, in the one line on standard error
USAGE = [
    ([], "give the address and the host name"),
    (["203.0.113.5"], "give the address and the host name"),
    (["mail.example.com", "203.0.113.5"], "the address comes first"),
    (["203.0.113.5", "mail"], "mail"),
    (["203.0.113.5", "203.0.113.5"], "203.0.113.5"),
    (["203.0.113.5", "mail_.example.local"], "cannot be a host name"),
    (["203.0.113.05", "mail.example.com"], "203.0.113.05"),
    (["192.168.1.1", "mail.example.com"], "no public PTR is possible"),
    (["--no-walk", *GOOD], "--no-walk"),
    (["--until", "soon", *GOOD], "earliest or latest"),
    (["--format", "html", *GOOD], "text or json"),
    (["--interval", "10ms", *GOOD], "a second or more"),
    (["--since", "2999-01-01", *GOOD], "yet to come"),
    (["--cache", "here", *GOOD], "--cache"),
    (["--timeout", "0", *GOOD], "--timeout"),
    (["\x1b[31m", "mail.example.com"], "\\027[31m"),
]
HOSTILE = """
$ZONE [203.0.113.250] ns1.colo.net.
@ PTR \\027[31mred\\010\\255.example.
"""


class Wait(unittest.TestCase):
    def test_rows(self):
        for arguments, code, out in ROWS:
            with self.subTest(arguments=arguments):
                got = run(*arguments)
                self.assertEqual(got.returncode, code, got)
                self.assertIn(out, got.stdout)
                self.assertEqual(got.stderr, "")

    def test_usage(self):
        for arguments, err in USAGE:
            with self.subTest(arguments=arguments):
                got = run(*arguments, inside=False)
                self.assertEqual(got.returncode, 64, got)
                self.assertIn(err, got.stderr)
                self.assertEqual(got.stderr.count("\n"), 1, got)

    def test_one_line_per_change(self):
        """What stays as it is, is told once, however often it is looked at."""
        got = run("--timeout", "5s", "--interval", "1s", *BROKEN)
        self.assertEqual(got.returncode, 2)
        lines = got.stdout.splitlines()
        self.assertEqual(len([line for line in lines if "still" in line]), 4, got.stdout)
        self.assertEqual(len([line for line in lines if "Z waiting for" in line]), 1, got.stdout)

    def test_quiet(self):
        got = run("-q", "--since", "3d", *GOOD)
        self.assertEqual((got.returncode, got.stdout, got.stderr), (0, "", ""))

    def test_json(self):
        document = json.loads(run("--json", "--since", "3d", *GOOD).stdout)
        self.assertEqual(document["schema"], "fcrdns/wait/1")
        self.assertEqual((document["address"], document["hostname"]), ("203.0.113.10", "mx1.good.example."))
        self.assertEqual((document["result"], document["exit_code"]), ("safe", 0))
        self.assertEqual(document["right_since_known_by"], "told")
        self.assertEqual(document["safe_to_resend"]["basis"], "observed")
        self.assertEqual({(h["side"], h["kind"]) for h in document["holders"]},
                         {("forward", "server"), ("reverse", "server"), ("forward", "cache"), ("reverse", "cache")})
        document = json.loads(run("--json", "--timeout", "1s", *BROKEN).stdout)
        self.assertEqual((document["result"], document["exit_code"], document["safe_to_resend"]), ("timeout", 2, None))
        self.assertEqual({h["holds"] for h in document["holders"] if h["side"] == "reverse"}, {"absent"})

    def test_no_cache_is_asked_for_what_is_not_there(self):
        """The question would plant the absence anew."""
        document = json.loads(run("--json", "--timeout", "1s", *BROKEN).stdout)
        self.assertNotIn(("reverse", "cache"), {(h["side"], h["kind"]) for h in document["holders"]})

    def test_hostile_names(self):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".world") as world:
            world.write(WORLD.read_text(encoding="utf-8") + HOSTILE)
            world.flush()
            got = subprocess.run([FCRDNS, "lab", "--world", world.name, "--", FCRDNS, "wait", "--timeout", "2s", "203.0.113.250", "mail.example.com"],
                                 capture_output=True, timeout=60)
        self.assertEqual(got.returncode, 2, got)
        self.assertIn(b"\\027[31mred\\010\\255.example.", got.stdout)
        self.assertTrue(all(octet == 10 or 32 <= octet < 127 for octet in got.stdout + got.stderr), got)

    def test_a_network_that_blocks_direct_dns(self):
        got = subprocess.run([FCRDNS, "lab", "--world", "blocked", "--", FCRDNS, "wait", "--interval", "1s", *BROKEN], capture_output=True, text=True, timeout=120)
        self.assertEqual(got.returncode, 2, got)
        self.assertIn("this network blocks direct DNS", got.stdout)

    def on_terminal(self, *arguments, interrupt_after=None):
        child, terminal = pty.fork()
        if child == 0:
            os.execv(FCRDNS, LAB + [FCRDNS, "wait", *arguments])
        out, begun = b"", time.monotonic()
        while time.monotonic() - begun < 60:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    out += os.read(terminal, 65536)
                except OSError:
                    break
            if interrupt_after and interrupt_after in out:
                os.write(terminal, b"\x03")
                interrupt_after = None
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), out

    def test_terminal(self):
        code, out = self.on_terminal("--since", "3d", *GOOD)
        self.assertEqual(code, 0)
        self.assertTrue(out.endswith(b"\a"), out)
        self.assertIn(b"\x1b[J", out)
        self.assertIn(b"10.113.0.203.in-addr.arpa PTR mx1.good.example\r\n", out)
        self.assertNotIn(b"\a", self.on_terminal("--no-bell", "--since", "3d", *GOOD)[1])

    def test_interrupted(self):
        code, out = self.on_terminal(*BROKEN, interrupt_after=b"waiting for ns1.hosting.example")
        self.assertEqual(code, 130)
        self.assertIn(b"interrupted: ", out)
        self.assertNotIn(b"\a", out)

    def test_a_full_disk(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            got = subprocess.run(LAB + [FCRDNS, "wait", *GOOD], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(got.returncode, 74, got)

    def test_help(self):
        got = run("--help", inside=False)
        self.assertEqual(got.returncode, 0)
        for word in ("--since", "--cache", "--until", "--no-bell", "--interval", "Exit codes", "fcrdns wait 203.0.113.5 mail.example.com"):
            self.assertIn(word, got.stdout)


if __name__ == "__main__":
    if not has_namespaces():
        print("cannot run here: the lab has no namespace of its own")
        sys.exit(77)
    unittest.main()
