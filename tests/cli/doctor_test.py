#!/usr/bin/env python3
"""`fcrdns doctor` as people and scripts meet it: what is typed, what it reads of a mail server in another root, what is written
and put back. The kernel is this machine's own; what receivers see is given, so that the lab's DNS can tell of it. What real
mail servers do beside what is predicted: tests/doctor.

Usage: fcrdns lab --plain -- python3 doctor_test.py FCRDNS
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

FCRDNS = sys.argv.pop(1)
GOOD = "203.0.113.10"  # mx1.good.example leads back to it
MAIN = "myhostname = {}\ninet_protocols = all\n"
MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
  -o inet_protocols=ipv4
relay     unix  -       -       y       -       -       smtp
local     unix  -       n       n       -       -       local
"""


def run(*arguments):
    return subprocess.run([FCRDNS, "doctor", *arguments], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, "FCRDNS_NO_RDAP": "1"})


# What is typed, exit code, in the one line on standard error
REFUSED = [
    (["--observe"], 64, "--send-to"),
    (["--send-to", "you@example.net"], 64, "--observe"),
    (["--config-dir", "/etc", "--container", "x"], 64, "not both"),
    (["--config-dir", "/nonexistent"], 74, "nothing of that name"),
    (["--container", "no-such-container"], 74, "no-such-container"),
    (["--public", "203.0.113.5", "--public", "203.0.113.6"], 64, "one of each family"),
    (["--public", "203.0.113.05"], 64, "203.0.113.05"),
    (["--format", "html"], 64, "text or json"),
]


class Root(unittest.TestCase):
    """A machine's files below a folder of ours."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.postfix = self.root / "etc" / "postfix"
        self.postfix.mkdir(parents=True)

    def put(self, main, master=MASTER):
        (self.postfix / "main.cf").write_text(main)
        (self.postfix / "master.cf").write_text(master)

    def document(self, *arguments):
        got = run("--config-dir", str(self.root), "--json", *arguments)
        self.assertNotIn("fcrdns:", got.stderr)
        return json.loads(got.stdout), got.returncode

    def taken(self, document):
        taken = [path for path in document["paths"] if path["turn"] != "never" and path["family"] == "ipv4"]
        if not taken:
            self.skipTest("no IPv4 route leads out of this machine")
        return taken

    def test_reads_the_mail_server(self):
        self.put(MAIN.format("mail.example.com"))
        document, code = self.document("--public", GOOD)
        self.assertEqual(document["schema"], "fcrdns/doctor/1")
        self.assertEqual((document["mta"]["kind"], document["mta"]["hostname"]), ("postfix", "mail.example.com"))
        self.assertEqual(document["exit_code"], code)
        for path in document["paths"]:
            self.assertLessEqual({"destination", "family", "source", "source_outside", "known_from", "helo", "spf", "check"}, set(path))
            if path["family"] == "ipv6" and path["client"]:
                self.assertEqual(path["turn"], "never")
                self.assertRegex(path["why_never"], r"inet_protocols.*master\.cf:\d")
        for path in self.taken(document):
            self.assertEqual((path["source_outside"], path["known_from"], path["helo"]), (GOOD, "option", "mail.example.com"))
            self.assertEqual((path["check"]["subject"], path["check"]["iprev"]), (GOOD, "pass"))

    def test_a_helo_that_is_none_is_mended_by_the_name_that_leads_back(self):
        self.put(MAIN.format("localhost"))
        document, code = self.document("--public", GOOD)
        self.taken(document)
        self.assertIn("helo_invalid", [finding["id"] for finding in document["findings"]])
        self.assertEqual(code, 1)
        self.assertIn("mx1.good.example", "\n".join(document["changes"][0]["diff"]))

    def test_writes_only_when_somebody_says_so(self):
        self.put(MAIN.format("localhost"))
        self.taken(self.document("--public", GOOD)[0])
        before = {path.name: path.read_text() for path in self.postfix.iterdir()}
        got = run("--config-dir", str(self.root), "--public", GOOD, "--write")
        self.assertEqual((got.returncode, got.stderr), (64, "fcrdns: nobody is here to be asked: give --yes\n"))
        self.assertEqual(before, {path.name: path.read_text() for path in self.postfix.iterdir()})

    def test_puts_back_what_the_mail_server_does_not_accept(self):
        """There is no Postfix in this root that could say that all is well."""
        self.put(MAIN.format("localhost"))
        self.taken(self.document("--public", GOOD)[0])
        before = {path.name: path.read_text() for path in self.postfix.iterdir()}
        got = run("--config-dir", str(self.root), "--public", GOOD, "--write", "--yes")
        self.assertEqual(got.returncode, 1, got.stderr)
        self.assertIn("the former content was put back", got.stderr)
        after = {path.name: path.read_text() for path in self.postfix.iterdir()}
        self.assertEqual(before, {name: after[name] for name in before})
        self.assertGreater(len(after), len(before))  # the copies that were kept

    def test_no_mail_server(self):
        got = run("--config-dir", str(self.root), "--public", GOOD)
        self.assertIn("no mail server", got.stdout)
        document, _ = self.document()
        self.assertIsNone(document["mta"])

    def test_broken_and_hostile_files_are_said_and_no_more(self):
        self.put("myhostname\n\x1b[31m\x00 = x\n" + MAIN.format("mail.example.com"), "smtp unix\n\x00\xff\n" + MASTER)
        got = run("--config-dir", str(self.root), "--public", GOOD)
        self.assertIn(got.returncode, (0, 1, 2))
        self.assertIn("main.cf:1", got.stdout)
        self.assertTrue(all(char == "\n" or " " <= char <= "~" for char in got.stdout + got.stderr))


class Words(unittest.TestCase):
    def test_refuses_in_one_line(self):
        for typed, code, words in REFUSED:
            with self.subTest(typed):
                got = run(*typed)
                self.assertEqual(got.returncode, code, got.stderr)
                self.assertIn(words, got.stderr)
                self.assertEqual(got.stdout, "")


if __name__ == "__main__":
    unittest.main()
