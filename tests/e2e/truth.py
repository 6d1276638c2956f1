"""truth.tsv: what fcrdns must say about each subject, and the comparison of what it said."""

import collections
import concurrent.futures
import csv
import dataclasses
import json
import os
import subprocess
import time

import servers

# Each way to ask: the options that choose it.
PATHS = {"recursion": [], "unbound": ["--resolver", servers.UNBOUND], "bind": ["--resolver", servers.BIND]}
SIDE_BY_SIDE = 4
TIMEOUT_SECONDS = 8
SLACK_SECONDS = 2  # process start and end, on a busy machine
# What an exit code may be beside an iprev word; without an address the host is missing (1) or could not be read (2).
EXIT_CODES = {"pass": "0", "fail": "1", "permerror": "1", "temperror": "2", "-": "12"}


@dataclasses.dataclass
class Row:
    """Each cell: one expectation, or PATH:EXPECTATION words (* for the other paths); | between admissible ones."""
    subject: str
    iprev: str
    ptr: str        # ptr_status of its addresses
    forward: str    # statuses of all their PTR names
    findings: str   # exactly these ids
    exit: str
    dnssec: str     # as the built-in recursion says it; - is not compared
    timeout: str    # seconds, - for the default
    story: str

    def admissible(self, column, path):
        cell = getattr(self, column)
        by_path = dict(word.split(":", 1) for word in cell.split()) if ":" in cell else {"*": cell}
        return by_path.get(path, by_path.get("*", "")).split("|")

    @property
    def seconds(self):
        return TIMEOUT_SECONDS if self.timeout == "-" else float(self.timeout)


def read(file):
    with open(file, encoding="utf-8", newline="") as lines:
        rows = csv.reader((line for line in lines if line.strip() and not line.startswith("#")), delimiter="\t")
        header = next(rows)
        assert header == [field.name for field in dataclasses.fields(Row)], header
        return [Row(*row) for row in rows]


def counted(words):
    """["noerror", "nodata", "noerror"] -> "nodata,noerror*2"; nothing is "-"."""
    counts = collections.Counter(words)
    return ",".join(word if counts[word] == 1 else f"{word}*{counts[word]}" for word in sorted(counts)) or "-"


def observed(result):
    """The columns of the table, out of one element of a document's results."""
    addresses = result["addresses"]
    # That a documentation address is one is told as information; nearly every subject here is one.
    findings = {found["id"] for found in result["findings"]
                if (found["id"], found["severity"]) != ("special_purpose_address", "info")}
    return {"iprev": result["iprev"] or "-",
            "ptr": counted(address["ptr_status"] for address in addresses),
            "forward": counted(name["status"] for address in addresses for name in address["ptr"]),
            "findings": ",".join(sorted(findings)) or "-",
            "dnssec": counted(address["dnssec"] for address in addresses)}


def differences(row, path, result):
    """Where one result is not what the row says, a line each."""
    for column, seen in observed(result).items():
        if column == "dnssec" and (path != "recursion" or row.dnssec == "-"):
            continue
        if seen not in row.admissible(column, path):
            yield f"{column} is {seen}, must be {' or '.join(row.admissible(column, path))}"


def complaints(row, path, document, exit_code, text, text_exit_code, took):
    """What is wrong with the answer to one subject, a line each."""
    (result,) = document["results"]
    yield from differences(row, path, result)
    if str(exit_code) not in row.admissible("exit", path) or str(exit_code) not in EXIT_CODES[result["iprev"] or "-"]:
        yield f"exit code {exit_code} with {result['iprev']}, must be {' or '.join(row.admissible('exit', path))}"
    if document["schema"] != "fcrdns/check/1" or document["authority"] == "unreachable":
        yield f"schema {document['schema']}, authority {document['authority']}"
    if {document["exit_code"], text_exit_code} != {exit_code}:
        yield f"exit codes: process {exit_code}, JSON {document['exit_code']}, replayed as text {text_exit_code}"
    if any(not letter.isprintable() and letter != "\n" for letter in text):
        yield f"control characters in the text: {text!r}"
    says_no_ptr = "no ptr" in text.lower()
    if exit_code == 2 and says_no_ptr:
        yield f"DNS trouble reads as \"no PTR\": {text!r}"
    if any(found["id"] == "ptr_missing" for found in result["findings"]) and not says_no_ptr:
        yield f"the text does not say \"no PTR\": {text!r}"
    if took > row.seconds + SLACK_SECONDS:
        yield f"took {took:.1f} s with --timeout {row.seconds:g}s"


class Checker:
    """Runs the program under test: built-in recursion by the true root addresses, under our own trust anchor."""

    def __init__(self, program, anchor, folder):
        self.program, self.folder = program, folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("FCRDNS_")}
        self.environment["FCRDNS_TRUST_ANCHOR"] = anchor

    def run(self, *arguments, **streams):
        return subprocess.run([self.program, "check", *arguments], env=self.environment, capture_output=True,
                              timeout=120, **streams)

    def check(self, number, row, path):
        """Asks once, as JSON, and renders the recorded evidence once more, as text. Returns what is wrong."""
        record, begun = os.path.join(self.folder, f"evidence-{number}-{path}"), time.monotonic()
        try:
            asked = self.run("--json", "--timeout", f"{row.seconds:g}s", "--record", record, *PATHS[path], row.subject)
            took = time.monotonic() - begun
            told = self.run("--replay", record)
            return list(complaints(row, path, json.loads(asked.stdout), asked.returncode, told.stdout.decode("utf-8"),
                                   told.returncode, took))
        except subprocess.TimeoutExpired as error:
            return [str(error)]
        except (ValueError, KeyError) as error:
            return [f"{error!r} in {asked.stdout[:2000]!r}, stderr {asked.stderr[:2000]!r}, exit {asked.returncode}"]

    def check_list(self, rows):
        """All subjects at once, as a list on standard input of one process. Returns what is wrong with each."""
        try:
            asked = self.run("--json", "--timeout", f"{TIMEOUT_SECONDS}s", "-",
                             input="".join(row.subject + "\n" for row in rows).encode())
            results = {result["subject"]: result for result in json.loads(asked.stdout)["results"]}
            return [list(differences(row, "recursion", results[row.subject])) for row in rows]
        except subprocess.TimeoutExpired as error:
            return [[str(error)] for _ in rows]
        except (ValueError, KeyError) as error:
            return [[f"{error!r} in the list's output, stderr {asked.stderr[:2000]!r}"] for _ in rows]


def check_all(table, program, words, anchor, folder, running):
    rows = [row for row in read(table)
            if not words or any(word in "\t".join(dataclasses.astuple(row)) for word in words)]
    checker, columns = Checker(program, anchor, folder), [*PATHS, "list"]
    begun, right, wrong = time.monotonic(), 0, 0
    width = max((len(row.subject) for row in rows), default=0)
    print(f"{'':{width}}  " + "  ".join(f"{column:9}" for column in columns))
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        together = pool.submit(checker.check_list, rows)
        # The rows that wait for silence first, so that the others fill the time.
        jobs = {(number, path): pool.submit(checker.check, number, row, path)
                for number, row in sorted(enumerate(rows), key=lambda item: item[1].timeout == "-") for path in PATHS}
        for number, row in enumerate(rows):
            outcome = {path: jobs[number, path].result() for path in PATHS} | {"list": together.result()[number]}
            marks = "  ".join(f"{'WRONG' if outcome[column] else 'ok':9}" for column in columns)
            print(f"{row.subject:{width}}  {marks}  {row.story}", flush=True)
            for column, lines in outcome.items():
                right, wrong = right + (not lines), wrong + bool(lines)
                for line in lines:
                    print(f"    {column}: {line}")
    dead = [name for name, process in running.started.items() if process.poll() is not None]
    if dead:
        print(f"servers ended on their own: {', '.join(dead)}\n{running.logs()}")
    print(f"{len(rows)} rows x {len(columns)} paths: {right} right, {wrong} wrong ({time.monotonic() - begun:.0f} s)")
    return 1 if wrong or dead or not rows else 0
