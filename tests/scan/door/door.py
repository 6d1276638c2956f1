#!/usr/bin/env python3
"""What goes in and comes out of `fcrdns scan`: lists as they are found, pipes that are slow or closed, state files that do not
fit, packed output, shards, each address once.

    door.py FCRDNS RESPONDER
"""
import collections
import csv
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import threading

from pool import Pool, Report, address, environment, rows_of

COUNT = 20_000


class Door:
    def __init__(self, program, pool, folder):
        self.program, self.pool, self.folder, self.report = program, pool, folder, Report()

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as out:
                out.write(content if isinstance(content, bytes) else content.encode())
        return path

    def scan(self, *words, given=None, resolver=None):
        return subprocess.run([self.program, "scan", "--resolver", resolver or self.pool.resolver, *words], input=given, capture_output=True, text=True,
                              env=environment(), timeout=60, check=False)

    def expect(self, what, done, code, rows=None, says=None, expected=None):
        problems = [done.returncode != code and f"exit code {done.returncode} instead of {code}: {done.stderr}"]
        if rows is not None and sorted(done.stdout.splitlines()) != sorted(rows.splitlines()):  # the order need not be kept
            problems.append(f"rows {done.stdout!r}")
        if expected is not None:
            problems += self.pool.wrong_rows(done.stdout, expected)
        if says is not None and says not in done.stderr:
            problems.append(f"does not say {says!r}: {done.stderr!r}")
        self.report.check(what, *problems)

    def lists(self):
        row = self.pool.truth["10.0.0.2"] + "\t-\n"
        for name, content in {
                "plain": "10.0.0.2\n", "no end of line": "10.0.0.2", "CRLF": "10.0.0.2\r\n", "byte order mark": b"\xef\xbb\xbf10.0.0.2\n", "comments": "# a\n\n10.0.0.2 # b\n; c\n",
                "brackets": "[10.0.0.2]\n", "mapped": "::ffff:10.0.0.2\n", "reverse name": "2.0.0.10.in-addr.arpa.\n", "prefix": "10.0.0.2/32\n", "TSV row": row, "CSV row": "address,iprev\n10.0.0.2,pass\n",
                "NDJSON row": '{"address":"10.0.0.2","iprev":"pass"}\n', "quoted CSV": '"10.0.0.2","a, b"\n', "gzip": gzip.compress(b"10.0.0.2\n")}.items():
            self.expect(f"list: {name}", self.scan("-q", self.path("list", content)), 0, rows=row)
        bad = "\t-\t-\t-\tbad_input\t-\n"
        for name, content, shown in (("leading zero", "10.0.0.02\n", "10.0.0.02"), ("a name", "mail.example.com\n", "mail.example.com"), ("a tab", "x\ty\n", "x\\009y"),
                                     ("NUL", "10.0.0.2\0\n", "10.0.0.2\\000"), ("a terminal's escape", "\x1b[2J\n", "\\027[2J")):
            self.expect(f"bad line: {name}", self.scan("-q", self.path("list", "10.0.0.2\n" + content)), 64, rows=row + shown + bad if shown else None, says=", line 2: ")
        self.expect("bad line: 1 MB", self.scan("-q", self.path("list", "x" * 1_000_000 + "\n10.0.0.2\n")), 64, says="longer than 4,096 octets", rows="x" * 64 + bad + row)
        self.expect("UTF-16", self.scan("-q", self.path("list", "10.0.0.2\n".encode("utf-16"))), 74, rows="", says="is UTF-16")
        self.expect("cut-off gzip", self.scan("-q", self.path("list", gzip.compress(b"10.0.0.2\n" * 9)[:-9])), 74, says="cannot be unpacked to its end")
        self.expect("no such file", self.scan("-q", self.path("nothing-here")), 74, rows="", says="No such file")
        self.expect("a word that is no prefix", self.scan("-q", "10.0.0.1/8"), 64, rows="", says="did you mean 10.0.0.0/8")
        self.expect("a folder", self.scan("-q", self.folder), 74, rows="", says="is a folder")
        self.expect("two ways of asking", self.scan("-q", "--iterate", "10.0.0.2"), 64, rows="", says="give one of them")
        self.expect("nothing in it", self.scan("-q", self.path("list", "")), 0, rows="")

    def sources(self):
        block = collections.Counter(address(number) for number in range(256))
        path = self.path("list", "10.0.1.0/25\n10.0.2.1\n")
        mixed = block + collections.Counter(address(0x100 + number) for number in range(128)) + collections.Counter([address(0x201), address(7)])
        self.expect("a prefix, an address and a list", self.scan("-q", "10.0.0.0/24", "10.0.0.7", path), 0, expected=mixed)
        self.expect("each once", self.scan("-q", "--unique", "10.0.0.0/24", "10.0.0.7", path, "10.0.0.0/25", path), 0, expected=collections.Counter(mixed.keys()))
        self.expect("standard input", self.scan("-q", "-", given="10.0.0.1\n10.0.0.2\n"), 0, expected=collections.Counter(["10.0.0.1", "10.0.0.2"]))
        self.expect("standard input without a word for it", self.scan("-q", given="10.0.0.1\n"), 0, expected=collections.Counter(["10.0.0.1"]))
        self.expect("standard input twice", self.scan("-q", "-", "-", given=""), 64, says="once")
        many = self.path("many", "".join(f"{address(number)}\n" for number in range(5000)))
        parts = "".join(self.scan("-q", "--shard", f"{i}/3", "10.1.0.0/20", many).stdout for i in (1, 2, 3))
        expected = collections.Counter(address(number) for number in range(5000)) + collections.Counter(address(0x10000 + number) for number in range(4096))
        self.report.check("three shards", *self.pool.wrong_rows(parts, expected))
        self.expect("opted out", self.scan("-q", "--opt-out", self.path("out", "10.0.0.128/25\n10.0.1.0/24\n"), "10.0.0.0/24", path), 0,
                    expected=collections.Counter([address(number) for number in range(128)] + [address(0x201)]))

    def outputs(self):
        numbers = list(range(3000))
        path = self.path("list", "".join(f"{address(number)}\n" for number in numbers))
        expected = collections.Counter(address(number) for number in numbers)
        for name in ("rows.tsv", "rows.tsv.gz"):
            done = self.scan("-q", "-o", self.path(name), path)
            self.report.check(f"-o {name}", done.returncode != 0 and done.stderr, done.stdout, *self.pool.wrong_rows(rows_of(self.path(name)), expected))
        done = self.scan("-q", "-o", self.path("rows.tsv.zst"), path)
        again = self.scan("-q", self.path("rows.tsv.zst"))
        self.report.check("-o rows.tsv.zst, and its rows as a list", done.returncode != 0 and done.stderr, *self.pool.wrong_rows(again.stdout, expected))
        rows = [json.loads(line) for line in self.scan("-q", "--json", path).stdout.splitlines()]
        self.report.check("--json", collections.Counter(row["address"] for row in rows) != expected and f"{len(rows)} rows")
        rows = list(csv.DictReader(io.StringIO(self.scan("-q", "--format", "csv", path).stdout, newline="")))
        self.report.check("--format csv", collections.Counter(row["address"] for row in rows) != expected and f"{len(rows)} rows")
        broken = self.scan("-q", "--only", "broken", path).stdout.splitlines()
        wanted = sum(1 for number in numbers if self.pool.truth[address(number)].split("\t")[1] in ("fail", "permerror"))
        self.report.check("--only broken", len(broken) != wanted and f"{len(broken)} rows instead of {wanted}")
        tagged = self.scan("-q", "--tags", self.path("tags.csv", "prefix,customer\n10.0.0.0/24,K-1\n"), "--diff", self.path("rows.tsv"), "10.0.0.3", "10.0.9.3").stdout
        self.report.check("--tags --diff", sorted(line.split("\t")[6:] for line in tagged.splitlines()) !=
                          sorted([["K-1", self.pool.truth["10.0.0.3"].split("\t")[1]], ["-", self.pool.truth["10.0.9.3"].split("\t")[1]]]) and tagged)
        self.expect("rows over the list itself", self.scan("-q", "-o", path, path), 64, says="is read by this scan")
        self.expect("no such folder", self.scan("-q", "-o", self.path("none/rows.tsv"), path), 74, says="No such file")
        self.report.check("the list is still there", os.path.getsize(path) == 0 and "it was overwritten")

    def pipes(self):
        path = self.path("list", "".join(f"{address(number)}\n" for number in range(COUNT)))
        scan = subprocess.Popen([self.program, "scan", "--resolver", self.pool.resolver, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        first = scan.stdout.readline()
        scan.stdout.close()
        errors = scan.stderr.read()
        scan.wait(60)
        self.report.check("a pipe that closes", not first and "no row", scan.returncode != 74 and f"exit code {scan.returncode}", errors and f"it says {errors}")

        scan = subprocess.Popen([self.program, "scan", "-q", "--resolver", self.pool.resolver, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        guard = threading.Timer(30, scan.kill)
        guard.start()
        rows = []
        for number in (1, 2, 3):  # the next line comes only when there is the row of the one before
            scan.stdin.write(f"{address(number)}\n")
            scan.stdin.flush()
            rows.append(scan.stdout.readline())
        scan.stdin.close()
        self.report.check("a pipe that is slow", scan.wait(30) != 0 and "exit code", *self.pool.wrong_rows("".join(rows), collections.Counter(map(address, (1, 2, 3)))))
        guard.cancel()

    def states(self):
        path, out, state = self.path("list", "10.0.0.1\n"), self.path("rows.tsv"), self.path("state")
        begun = ("-q", "-o", out, "--resume", state)
        self.expect("--resume without -o", self.scan("-q", "--resume", state, path), 64, says="needs -o")
        self.expect("a scan with --resume", self.scan(*begun, path), 0)
        self.expect("a finished one asks nobody", self.scan(*begun, path, resolver="127.0.0.1:9"), 0, says="is finished")
        self.expect("another format", self.scan(*begun, "--format", "csv", path), 64, says="--format: then tsv, now csv")
        self.path("list", "10.0.0.1\n10.0.0.2\n")
        self.expect("another list", self.scan(*begun, path), 64, says="the input: then")
        with open(state, "rb") as file:
            octets = file.read()
        for name, damaged in (("cut off", octets[:-20]), ("a bit turned", octets[:50] + bytes([octets[50] ^ 1]) + octets[51:]), ("something else", b"hello\n")):
            self.path("state", damaged)
            self.expect(f"state: {name}", self.scan(*begun, path), 74, says="to begin anew, remove it")
        self.report.check("the rows are still there", not rows_of(out).startswith(self.pool.truth["10.0.0.1"] + "\t") and rows_of(out))


def main():
    program, responder = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder, Pool(responder, COUNT) as pool:
        door = Door(program, pool, folder)
        for part in (door.lists, door.sources, door.outputs, door.pipes, door.states):
            part()
        return door.report.exit_code()


if __name__ == "__main__":
    sys.exit(main())
