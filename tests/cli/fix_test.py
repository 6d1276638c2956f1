#!/usr/bin/env python3
"""`fcrdns fix` as people and scripts meet it, in the lab: the plan, the letters, what is applied by hand, the journal, what
is refused. The back ends have tests of their own (tests/apply). Needs namespaces: the plain lab has no servers of zones to
ask.

Usage: python3 fix_test.py FCRDNS
"""
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

FCRDNS = sys.argv.pop(1)
LAB = [FCRDNS, "lab", "--"]
GOOD = ["203.0.113.10", "mx1.good.example"]
BROKEN = ["203.0.113.5", "mail.example.com"]
STATE = tempfile.TemporaryDirectory()
KEY = "hmac-sha256:update:c2VjcmV0IHRoYXQgbm9ib2R5IG1heSBzZWU="


def run(*arguments, inside=True, environment=None):
    return subprocess.run((LAB if inside else []) + [FCRDNS, "fix", *arguments], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, env={**os.environ, "FCRDNS_STATE_DIR": STATE.name, **(environment or {})})


def has_namespaces():
    got = subprocess.run(LAB + ["sh", "-c", "echo resolver=$FCRDNS_RESOLVER"], capture_output=True, text=True, timeout=60)
    return got.stdout == "resolver=\n"


# What is typed, exit code, in standard output
ROWS = [
    (BROKEN, 0, "5.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.com.  ; 5 in zone 113.0.203.in-addr.arpa"),
    ([*BROKEN, "--ttl", "300"], 0, "5.113.0.203.in-addr.arpa. 300 IN PTR mail.example.com."),
    ([*BROKEN, "--owner", "hetzner-cloud"], 0, "hcloud server set-rdns SERVER --ip 203.0.113.5 --hostname mail.example.com"),
    ([*BROKEN, "--owner", "hetzner-cloud", "-v"], 0, 'resource "hcloud_rdns"'),
    (["5.113.0.203.in-addr.arpa.", "MAIL.Example.com."], 0, "IN PTR mail.example.com."),
    ([*BROKEN, "--ticket"], 0, "please forward this message to your DNS team"),
    ([*BROKEN, "--ticket", "--language", "de"], 0, "5.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.com."),
    ([*BROKEN, "--owner-refuses"], 0, "does nothing: receivers never look there"),
    (["10.0.0.5", "mail.example.com"], 1, "no public PTR"),
    (GOOD, 0, "mx1.good.example leads to 203.0.113.10 already"),
    ([*GOOD, "--apply", "--yes"], 0, "leads to mx1.good.example. and back, on every server"),
    ([*BROKEN, "--apply", "--yes", "--longest", "1s"], 1, "put this in place: 5.113.0.203.in-addr.arpa. 3600 IN PTR mail.example.com."),
    ([*BROKEN, "--dry-run"], 0, "put this in place: 5.113.0.203.in-addr.arpa."),
]
# What is typed, exit code, in the one line on standard error
REFUSED = [
    ([], 64, "give the address and the host name"),
    (["203.0.113.5"], 64, "give the address and the host name"),
    (["mail.example.com", "203.0.113.5"], 64, "the address comes first"),
    (["203.0.113.5", "mail"], 64, "single label"),
    (["203.0.113.05", "mail.example.com"], 64, "203.0.113.05"),
    ([*BROKEN, "--via", "nobody"], 64, "rfc2136"),
    ([*BROKEN, "--via", "forward=hetzner-robot"], 64, "fcrdns help backends"),
    ([*BROKEN, "--via", "rfc2136"], 64, "give --apply"),
    ([*BROKEN, "--owner", "nobody"], 64, "hetzner-cloud"),
    ([*BROKEN, "--set", "novalue", "--apply"], 64, "KEY=VALUE"),
    ([*BROKEN, "--ttl", "-1"], 64, "--ttl"),
    ([*BROKEN, "--format", "html"], 64, "--format"),
    ([*BROKEN, "--ticket", "--language", "xx"], 64, "de, en"),
    ([*BROKEN, "--apply", "--via", "rfc2136"], 74, "FCRDNS_TSIG_KEY"),
    ([*BROKEN, "--apply", "--yes", "--via", "rfc2136", "--secret", "/no/such/file"], 74, "/no/such/file"),
    ([*BROKEN, "--undo"], 1, "nothing to put back"),
    ([*BROKEN, "--apply", "--yes", "--state-dir", "/proc/none"], 74, "--state-dir"),
]


class Fix(unittest.TestCase):
    def test_rows(self):
        for arguments, code, said in ROWS:
            with self.subTest(" ".join(arguments)):
                got = run(*arguments)
                self.assertEqual(got.returncode, code, got.stdout + got.stderr)
                self.assertIn(said, got.stdout)
                self.assertTrue(got.stdout.isascii() or "--language" in arguments)

    def test_what_is_refused(self):
        for arguments, code, said in REFUSED:
            with self.subTest(" ".join(arguments)):
                got = run(*arguments)
                self.assertEqual(got.returncode, code, got.stdout + got.stderr)
                self.assertIn(said, got.stderr)
                self.assertEqual(got.stderr.count("\n"), 1, got.stderr)

    def test_the_document(self):
        for more, states in (([], ["done", "done", "todo", "todo", "todo"]),
                             (["--apply", "--yes", "--longest", "1s"], ["done", "done", "by_hand", "failed", "todo"])):
            got = run(*BROKEN, "--json", *more)
            document = json.loads(got.stdout)
            self.assertEqual(document["schema"], "fcrdns/fix/1")
            self.assertEqual([document["address"], document["hostname"]], ["203.0.113.5", "mail.example.com."])
            self.assertEqual([step["step"] for step in document["steps"]], ["forward", "wait_forward", "ptr", "wait_ptr", "verify"])
            self.assertEqual([step["state"] for step in document["steps"]], states)
            self.assertEqual(document["exit_code"], got.returncode)
            for step in document["steps"]:
                self.assertLessEqual({"step", "action", "record", "backend", "state", "detail"}, step.keys())

    def test_nothing_is_changed_unasked(self):
        got = run(*BROKEN, "--apply", "--via", "rfc2136", environment={"FCRDNS_TSIG_KEY": KEY})
        self.assertEqual(got.returncode, 64)
        self.assertIn("--yes", got.stderr)

    def test_a_secret_others_can_read_is_not_taken(self):
        with tempfile.NamedTemporaryFile("w", suffix=".key") as file:
            file.write(KEY)
            file.flush()
            os.chmod(file.name, 0o644)
            got = run(*BROKEN, "--apply", "--yes", "--via", "rfc2136", "--secret", file.name)
            self.assertEqual(got.returncode, 74)
            self.assertIn("chmod 600", got.stderr)

    def test_a_server_that_does_not_know_the_key_changes_nothing_and_the_key_is_not_shown(self):
        got = run(*BROKEN, "--apply", "--yes", "--trace", "--longest", "2s", "--via", "rfc2136", environment={"FCRDNS_TSIG_KEY": KEY})
        self.assertEqual(got.returncode, 1, got.stdout + got.stderr)
        self.assertNotIn(KEY.rsplit(":", 1)[1], got.stdout + got.stderr)

    def test_a_journal_is_the_users_own_and_is_held_by_one_run(self):
        with tempfile.TemporaryDirectory() as folder:
            state = pathlib.Path(folder) / "state"
            run(*GOOD, "--apply", "--yes", "--state-dir", str(state))
            self.assertEqual(stat.S_IMODE(state.stat().st_mode), 0o700)
            first = subprocess.Popen([FCRDNS, "lab", "--", "sh", "-c",
                                      f"{FCRDNS} fix 203.0.113.5 mail.example.com --apply --yes --longest 20s & "
                                      "while ! ls $FCRDNS_STATE_DIR/*.lock; do :; done; "
                                      f"{FCRDNS} fix 203.0.113.5 mail.example.com --apply --yes; echo code=$?; kill -INT $!; wait $!; echo first=$?"],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "FCRDNS_STATE_DIR": str(state / "two")})
            out, err = first.communicate(timeout=60)
            self.assertIn("another fcrdns fix works on 203.0.113.5", err)
            self.assertIn("code=74", out)

    def test_a_journal_that_cannot_be_read_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "fix-203.0.113.5.json"
            path.write_text("{broken")
            got = run(*BROKEN, "--apply", "--yes", "--state-dir", folder)
            self.assertEqual(got.returncode, 74)
            self.assertIn("move it away", got.stderr)
            self.assertEqual(path.read_text(), "{broken")

    def test_ctrl_c(self):
        process = subprocess.Popen([FCRDNS, "lab", "--", "sh", "-c", f"exec {FCRDNS} fix 203.0.113.5 mail.example.com --apply --yes"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "FCRDNS_STATE_DIR": STATE.name},
                                   start_new_session=True)
        for line in process.stdout:
            if "still says" in line:
                break
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        self.assertIn("run the same command again", out)
        self.assertEqual(process.returncode, 130)


if __name__ == "__main__":
    if not has_namespaces():
        print("skipped: no network namespaces here")
        sys.exit(77)
    unittest.main()
