#!/usr/bin/env python3
"""`fcrdns explain` and the front door as users meet them: what they have in hand, in whatever form, and what is printed.
Runs inside `fcrdns lab --plain`.

Usage: fcrdns lab --plain -- python3 explain_test.py FCRDNS SAMPLES
"""
import gzip
import json
import lzma
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

SAMPLES = pathlib.Path(sys.argv.pop(2))
FCRDNS = sys.argv.pop(1)
REPLY = (b"550-5.7.25 [203.0.113.5] The IP address sending this message does not have a\n"
         b"550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not\n"
         b"550 5.7.25 point to the sending IP.\n")
DSN = SAMPLES / "messages" / "postfix-dsn-01.eml"
MAILBOX = b"".join(b"From MAILER-DAEMON Sat Nov 21 19:10:49 2026\n" + DSN.read_bytes() + b"\n" for _ in range(3))


def run(*arguments, stdin=b"", **more):
    return subprocess.run([FCRDNS, *map(str, arguments)], input=stdin, capture_output=True, timeout=60, **more)


def rejects(count):
    """A log of our own server refusing others."""
    line = ("Nov 21 19:%02d:%02d mx postfix/smtpd[123]: NOQUEUE: reject: RCPT from unknown[198.51.%d.%d]: 450 4.7.25 Client host "
            "rejected: cannot find your hostname, [198.51.%d.%d]; from=<x@example.net> to=<me@example.com> proto=ESMTP helo=<x>\n")
    return "".join(line % (i // 60 % 60, i % 60, i // 250, i % 250, i // 250, i % 250) for i in range(count)).encode()


# What is typed, standard input, exit code, in standard output, in standard error
ROWS = [
    ([], REPLY, 1, "203.0.113.5 has no PTR record", ""),
    (["explain"], REPLY, 1, "WHAT TO DO", ""),
    (["explain", "-"], REPLY, 1, "550 5.7.25 (permanent)", ""),
    (["explain", "--no-check"], REPLY, 1, "Whether that still holds: fcrdns 203.0.113.5", ""),
    (["--no-check"], REPLY, 1, "does not lead back", ""),
    ([REPLY.decode()], b"", 1, "203.0.113.5 has no PTR record", ""),
    (["550", "5.7.25", "[203.0.113.5]", "no", "PTR", "record"], b"", 1, "203.0.113.5 has no PTR record", ""),
    ([DSN, "--no-check"], b"", 1, "by gmail-smtp-in.l.google.com", ""),
    (["explain", "--list", DSN], b"", 1, "B6F53B3048E\tsender@out.example.org\ta@gmail.test\tgoogle", ""),
    (["explain", "--no-check"], MAILBOX, 1, "3 mails in all", ""),
    (["explain", "--no-check"], gzip.compress(MAILBOX), 1, "3 mails in all", ""),
    (["explain", "--no-check"], lzma.compress(MAILBOX), 1, "3 mails in all", ""),
    (["explain", "--no-check", "--summary", SAMPLES / "logs" / "postfix.log"], b"", 1, "YOUR ADDRESS", ""),
    (["explain", "--no-check", "--format", "markdown", "--summary", SAMPLES / "logs" / "postfix.log"], b"", 1, "| MAILS | CAUSE |", ""),
    (["explain", "--no-check", "--format", "html", DSN], b"", 1, "<!doctype html>", ""),
    (["explain", "--no-check", SAMPLES / "logs" / "journald.json"], b"", 1, "3 mails in all", ""),
    (["explain", "--no-check", SAMPLES / "logs" / "docker-compose.log"], b"", 1, "refused your mail", ""),
    (["explain", "--no-check", "--receiver", "google", "--list", SAMPLES / "logs" / "postfix.log"], b"", 1, "\tgoogle\t", ""),
    (["explain", "--no-check", "--since", "2030-01-01", SAMPLES / "logs" / "postfix.log"], b"", 0, "Nothing was refused", ""),
    (["explain"], rejects(10000), 0, "10,000 mails of others were refused by this very server", ""),
    (["explain"], b"550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate "
                  b"with either SPF or DKIM.", 3, "SPF, DKIM, DMARC), not for its", ""),
    (["explain"], b"Dear all, the meeting is at noon.\n", 0, "Nothing was refused", ""),
    (["explain"], b"", 0, "Nothing was refused", ""),
    (["explain"], b"421 Refused. Your reverse DNS entry does not resolve to an IP.\n", 2, "--address ADDRESS", ""),
    (["explain", "--address", "203.0.113.5"], b"421 Refused. Your reverse DNS entry does not resolve to an IP.\n", 1, "has no PTR record", ""),
    (["explain", "--address", "none"], b"", 64, "", "--address none"),
    (["explain", "--since", "yesterday"], b"", 64, "", "give how long ago"),
    (["explain", "--format", "nagios"], b"", 64, "", "give text, json, markdown or html"),
    (["explain", "/no/such/file"], b"", 74, "", "/no/such/file"),
    (["explain", "--help"], b"", 0, "--no-check", ""),
    (["help", "code", "5.7.26"], b"", 0, "SPF", ""),
    (["help", "code", "550", "5.7.25"], b"", 0, "5.7.25", ""),
    (["help", "code"], b"", 0, "S3150", ""),
    (["help", "code", "9.9.9"], b"", 64, "", "nothing is known"),
]


class Explain(unittest.TestCase):
    def test_rows(self):
        for arguments, stdin, code, out, err in ROWS:
            with self.subTest(arguments=arguments, stdin=stdin[:60]):
                got = run(*arguments, stdin=stdin)
                self.assertEqual(got.returncode, code, got)
                self.assertIn(out, got.stdout.decode())
                self.assertIn(err, got.stderr.decode())
                if err:
                    self.assertEqual(got.stderr.count(b"\n"), 1)

    def test_quiet_is_quiet(self):
        self.assertEqual(run("explain", "-q", stdin=REPLY).stdout, b"")

    def test_a_maildir(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("new", "cur", "tmp"):
                (pathlib.Path(folder) / name).mkdir()
            (pathlib.Path(folder) / "new" / "1.M1.host").write_bytes(DSN.read_bytes())
            (pathlib.Path(folder) / "cur" / "2.M2.host:2,S").write_bytes((SAMPLES / "messages" / "qmail.eml").read_bytes())
            got = run("--no-check", "--list", folder)
            self.assertEqual(got.returncode, 1, got)
            self.assertGreaterEqual(len(got.stdout.splitlines()), 3)

    def test_a_folder_called_like_a_host_is_no_maildir(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "mx1.good.example").mkdir()
            got = run("mx1.good.example", cwd=folder)
            self.assertEqual(got.returncode, 0, got)
            self.assertIn(b"forward-confirmed", got.stdout)

    def test_json_is_one_valid_document(self):
        for stdin, conclusion, messages in ((REPLY, "still_broken", 1), (b"", "not_reverse_dns", 0), (rejects(200), "not_ours", 200),
                                             (b"550 5.7.25 [203.0.113.5] no PTR \xff\xfe\x1b[31m record\n", "still_broken", 1)):
            with self.subTest(stdin=stdin[:40]):
                got = run("explain", "--json", stdin=stdin)
                document = json.loads(got.stdout.decode("utf-8", errors="strict"))
                self.assertEqual(document["schema"], "fcrdns/explain/1")
                self.assertEqual(document["conclusion"], conclusion)
                self.assertEqual(len(document["messages"]), messages)
                self.assertEqual(document["summary"]["messages"], messages)
                self.assertEqual(document["exit_code"], got.returncode)
                self.assertEqual(document["check"] is None, conclusion != "still_broken")
        bare = json.loads(run("explain", "--json", "--no-check", stdin=REPLY).stdout)
        self.assertIsNone(bare["conclusion"])
        self.assertIsNone(bare["check"])
        self.assertEqual(json.loads(run("explain", "--json", "--summary", "--no-check", stdin=rejects(50)).stdout)["messages"], [])

    def test_the_check_is_a_whole_document(self):
        document = json.loads(run("explain", "--json", stdin=REPLY).stdout)
        self.assertEqual(document["check"]["schema"], "fcrdns/check/1")
        self.assertEqual(document["check"]["results"][0]["addresses"][0]["from"], ["bounce"])

    def test_nothing_of_others_reaches_the_terminal_unescaped(self):
        evil = b"550 5.7.25 [203.0.113.5] no PTR record \x1b]0;x\x07 <script>alert(1)</script> | pipe\n"
        for form in ("text", "markdown", "html"):
            out = run("explain", "--no-check", "--format", form, stdin=evil).stdout
            self.assertNotIn(b"\x1b", out)
            self.assertNotIn(b"\x07", out)
            if form == "html":
                self.assertNotIn(b"<script>alert", out)
        self.assertNotIn(b"\x1b", run("explain", "--list", stdin=evil).stdout)

    def test_a_log_is_followed_until_interrupted(self):
        lines = (SAMPLES / "logs" / "postfix.log").read_text().splitlines(keepends=True)
        refused = [i for i, line in enumerate(lines) if "status=bounced (host" in line]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "mail.log"
            path.write_text("".join(lines[:refused[0]]))
            process = subprocess.Popen([FCRDNS, "explain", "-f", "--no-check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertIn(b"queue_id", process.stdout.readline())
            with path.open("a") as log:
                log.write("".join(lines[refused[0]:]))
            self.assertIn(b"a@gmail.test", process.stdout.readline())
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 1, out)
            self.assertIn(b"refused your mail", out)


if __name__ == "__main__":
    unittest.main()
