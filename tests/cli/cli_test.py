#!/usr/bin/env python3
"""The command line as scripts meet it: exit codes, streams, formats. Runs inside `fcrdns lab --plain`.

Usage: fcrdns lab --plain -- python3 cli_test.py FCRDNS
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

FCRDNS = sys.argv.pop(1)


def run(*arguments, stdin=None, **more):
    return subprocess.run([FCRDNS, *arguments], input=stdin, capture_output=True, timeout=60, **more)


# arguments, standard input, exit code, in standard output, in standard error
ROWS = [
    (["203.0.113.10"], None, 0, "forward-confirmed", ""),
    (["check", "203.0.113.10"], None, 0, "mx1.good.example.", ""),
    (["203.0.113.5"], None, 1, "no PTR", ""),
    (["203.0.113.30"], None, 1, "forward_mismatch", ""),
    (["198.51.100.101"], None, 2, "reverse_unreachable", ""),
    (["203.0.113.10", "203.0.113.5"], None, 1, "2 subjects: 1 pass, 1 fail", ""),
    (["198.51.100.101", "203.0.113.5"], None, 1, "", ""),
    (["198.51.100.101", "203.0.113.10"], None, 2, "", ""),
    (["5.113.0.203.in-addr.arpa."], None, 1, "taken out of its reverse name", ""),
    (["-q", "203.0.113.5"], None, 1, "", ""),
    (["--format", "nagios", "203.0.113.10"], None, 0, "FCRDNS OK - ", ""),
    (["--format", "nagios", "203.0.113.17"], None, 1, "FCRDNS WARNING - ", ""),
    (["--format", "nagios", "203.0.113.5"], None, 2, "FCRDNS CRITICAL - ", ""),
    (["--format", "nagios", "198.51.100.101"], None, 3, "FCRDNS UNKNOWN - ", ""),
    (["--format", "markdown", "203.0.113.5"], None, 1, "## 203.0.113.5", ""),
    (["--format", "html", "203.0.113.5"], None, 1, "<!doctype html>", ""),
    (["--trace", "203.0.113.10"], None, 0, "longest chain", ""),
    (["--only", "v4", "both.good.example"], None, 0, "203.0.113.11", ""),
    (["check", "-"], b"203.0.113.10\r\n\n# comment\n\xef\xbb\xbf203.0.113.5\n", 1, "2 subjects", ""),
    (["check", "-"], b"203.0.113.10\nno such line\n203.0.113.5", 64, "line 2", ""),
    (["check", "-"], b"x" * 10000 + b"\n203.0.113.10\n", 64, "1 pass", ""),
    (["check", "-"], b"", 0, "", ""),
    (["--help"], None, 0, "Usage:", ""),
    (["check", "--help"], None, 0, "--resolver", ""),
    (["help", "check"], None, 0, "--resolver", ""),
    (["--version"], None, 0, "fcrdns ", ""),
    (["lab", "--list"], None, 0, "203.0.113.5", ""),
    (["203.0.113.64/29"], None, None, "6 addresses (.64 and .71 left out)", ""),
    (["check", "--as", "host", "example.com"], None, None, "example.com", ""),
    (["postmaster@example.com"], None, None, "Which of these sends?", ""),
    (["check", "--expect", "mx1.good.example", "203.0.113.5"], None, 1, "Would mx1.good.example. do as the PTR?", ""),
    (["check", "--json", "--helo", "mx1.good.example", "203.0.113.10"], None, 0, '"confirmed_name": true', ""),
    (["check", "--helo", "localhost", "203.0.113.10"], None, 1, "HELO says", ""),
    (["check", "--mail-from", "user@pass.spf.example", "203.0.113.10"], None, 0, "through include:network.spf.example", ""),
    (["check", "--mail-from", "forbids.spf.example", "203.0.113.10"], None, 0, "ip4:203.0.113.99 ip4:203.0.113.10 -all", ""),
    (["check", "--json", "--mail-from", "<>", "--helo", "forbids.spf.example", "203.0.113.10"], None, 0, '"explanation": "203.0.113.10 may not send for forbids.spf.example"', ""),
    (["check", "--json", "--profile", "rfc8601", "203.0.113.10"], None, 0, '"profile": "rfc8601"', ""),
    (["help"], None, 0, "help finding ID", ""),
    (["help", "finding"], None, 0, "ptr_missing\n", ""),
    (["help", "finding", "ptr_missing"], None, 0, "dig ", ""),
    (["help", "finding", "no_such"], None, 64, "", "ptr_missing, "),
    (["help", "finding", "../worlds/lab"], None, 64, "", "no finding is called"),
    ([], b"", 0, "Nothing was refused", ""),
    (["check"], None, 64, "", "nothing to check"),
    (["check", "--no-such-option", "203.0.113.5"], None, 64, "", "--no-such-option"),
    (["check", "--timeout", "soon", "203.0.113.5"], None, 64, "", "--timeout soon: not a duration"),
    (["check", "--resolver", "nowhere", "203.0.113.5"], None, 64, "", "--resolver nowhere"),
    (["check", "--max-names", "0", "203.0.113.5"], None, 64, "", "--max-names 0"),
    (["check", "--format", "xml", "203.0.113.5"], None, 64, "", "--format xml"),
    (["check", "--profile", "lenient", "203.0.113.5"], None, 64, "", "--profile lenient: give google"),
    (["check", "--as", "network", "203.0.113.5"], None, 64, "", "--as network: give host or domain"),
    (["check", "--helo", " ", "203.0.113.5"], None, 64, "", "give the name your mail server says"),
    (["check", "--mail-from", "a b@example.com", "203.0.113.5"], None, 64, "", "no white space can stand before the"),
    (["check", "--mail-from", "user@localhost", "203.0.113.5"], None, 64, "", "--mail-from user@localhost: "),
    (["check", "--domain", "not a name", "203.0.113.5"], None, 64, "", "--domain not a name"),
    (["check", "--rdap-bootstrap", "/nonexistent", "203.0.113.5"], None, 74, "", "/nonexistent"),
    (["check", "--data-dir", "/nonexistent", "203.0.113.5"], None, 74, "", "/nonexistent"),
    (["010.1.2.3"], None, 64, "", "leading zero"),
    (["203.0.0.0/16"], None, 64, "", "/24"),
    (["explain", "bounce.eml"], None, 74, "", "bounce.eml: No such file"),
    (["550 5.7.25 no PTR record"], None, 2, "--address ADDRESS", ""),
    (["guard"], None, 64, "", "not part of this version"),
    (["check", "--proof", "203.0.113.10"], None, 0, "mx1.good.example.", ""),
    (["help", "nothing"], None, 64, "", "no help on"),
    (["check", "--replay", "/nonexistent"], None, 74, "", "cannot read /nonexistent"),
    (["check", "--replay", __file__], None, 74, "", "not recorded evidence"),
    (["check", "--record", "/nonexistent/file", "203.0.113.10"], None, 74, "", "cannot write the evidence"),
]


class CommandLine(unittest.TestCase):
    def test_rows(self):
        for arguments, stdin, code, out, err in ROWS:
            with self.subTest(arguments=arguments):
                done = run(*arguments, stdin=stdin)
                if code is not None:
                    self.assertEqual(done.returncode, code, done)
                self.assertIn(out, done.stdout.decode())
                self.assertIn(err, done.stderr.decode())
                self.assertLessEqual(done.stderr.count(b"\n"), 1, "one line says what is wrong")
                if code == 64 and not out:
                    self.assertEqual(done.stdout, b"")

    def test_quiet_prints_nothing(self):
        self.assertEqual(run("-q", "203.0.113.5").stdout, b"")

    def test_json_is_one_document_with_a_bad_line_in_place(self):
        done = run("check", "--json", "-", stdin=b"203.0.113.10\n\xff\xfe\x1b[31m\nboth.good.example\n")
        document = json.loads(done.stdout)
        self.assertEqual(done.returncode, 64)
        self.assertEqual(document["exit_code"], 64)
        self.assertEqual(document["schema"], "fcrdns/check/1")
        self.assertEqual(["error" in result for result in document["results"]], [False, True, False])
        self.assertEqual(document["results"][2]["iprev"], "pass")

    def test_no_subject_is_an_empty_document(self):
        self.assertEqual(json.loads(run("check", "--json", "-", stdin=b"\n").stdout)["results"], [])

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([FCRDNS, "203.0.113.10"], stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"cannot write to standard output", done.stderr)

    def test_record_and_replay_say_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "evidence.json")
            for arguments in (["split.wrong.example"], ["203.0.113.5", "203.0.113.10"], ["203.0.113.110"]):
                asked = run("check", "--json", "--trace", "--record", file, *arguments)
                replayed = run("check", "--json", "--trace", "--replay", file)
                self.assertEqual(asked.stdout, replayed.stdout)
                self.assertEqual(asked.returncode, replayed.returncode)

    def test_interrupt_ends_the_document(self):
        # 198.51.100.103 is silent: the first two results are there, the third never comes in this time.
        process = subprocess.Popen([FCRDNS, "check", "--json", "--timeout", "60s", "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(b"203.0.113.10\n203.0.113.5\n198.51.100.103\n")
        process.stdin.flush()
        seen = b""
        while seen.count(b'"subject"') < 2:
            seen += os.read(process.stdout.fileno(), 65536)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        document = json.loads(seen + rest)
        self.assertEqual(process.returncode, 130)
        self.assertEqual([result["subject"] for result in document["results"]], ["203.0.113.10", "203.0.113.5"])
        self.assertEqual(document["exit_code"], 130)

    def test_every_finding_has_a_page(self):
        for finding in run("help", "finding").stdout.decode().split():
            with self.subTest(finding=finding):
                page = run("help", "finding", finding)
                self.assertEqual(page.returncode, 0, page)
                self.assertIn(finding, page.stdout.decode())

    def test_switches_of_the_environment(self):
        # The lab without namespaces says FCRDNS_NO_WALK=1: nothing else can be asked there.
        walked = {key: value for key, value in os.environ.items() if key != "FCRDNS_NO_WALK"}
        for value in ("1", "yes"):
            done = run("203.0.113.5", env=walked | {"FCRDNS_NO_WALK": value})
            self.assertIn(b"servers were not asked", done.stdout)
        self.assertIn(b"FCRDNS_NO_WALK", run("check", "--help").stdout)

    def test_colour_only_when_wanted(self):
        self.assertNotIn(b"\x1b", run("203.0.113.5").stdout)


if __name__ == "__main__":
    unittest.main()
