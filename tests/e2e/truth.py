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

PATHS = {"recursion": [], "unbound": ["--resolver", servers.UNBOUND], "bind": ["--resolver", servers.BIND]}
SIDE_BY_SIDE = 4
TIMEOUT_SECONDS = 5
SLACK_SECONDS = 2  # process start and end, on a busy machine


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


def observed(document):
    """The columns of the table, out of one fcrdns/check/1 document."""
    (result,) = document["results"]
    addresses = result["addresses"]
    # That a documentation address is one is told as information; every subject here may be one.
    findings = {found["id"] for found in result["findings"]
                if (found["id"], found["severity"]) != ("special_purpose_address", "info")}
    return {"iprev": result["iprev"] or "-",
            "ptr": counted(address["ptr_status"] for address in addresses),
            "forward": counted(name["status"] for address in addresses for name in address["ptr"]),
            "findings": ",".join(sorted(findings)) or "-",
            "exit": str(document["exit_code"]),
            "dnssec": counted(address["dnssec"] for address in addresses)}


def complaints(row, path, document, exit_code, text, text_exit_code, took):
    """What is wrong with one answer, a line each."""
    seen = observed(document)
    for column in ("iprev", "ptr", "forward", "findings", "exit"):
        if seen[column] not in row.admissible(column, path):
            yield f"{column} is {seen[column]}, must be {' or '.join(row.admissible(column, path))}"
    if path == "recursion" and row.dnssec != "-" and seen["dnssec"] not in row.admissible("dnssec", path):
        yield f"dnssec is {seen['dnssec']}, must be {row.dnssec}"
    if document["schema"] != "fcrdns/check/1" or document["authority"] == "unreachable":
        yield f"schema {document['schema']}, authority {document['authority']}"
    if {exit_code, text_exit_code} != {document["exit_code"]}:
        yield f"exit codes: process {exit_code}, JSON {document['exit_code']}, replayed as text {text_exit_code}"
    if any(not letter.isprintable() and letter != "\n" for letter in text):
        yield f"control characters in the text: {text!r}"
    says_no_ptr = "no ptr" in text.lower()
    if exit_code == 2 and says_no_ptr:
        yield f"DNS trouble reads as \"no PTR\": {text!r}"
    if "ptr_missing" in seen["findings"] and not says_no_ptr:
        yield f"the text does not say \"no PTR\": {text!r}"
    if took > row.seconds + SLACK_SECONDS:
        yield f"took {took:.1f} s with --timeout {row.seconds:g}s"


def check(row, path, program, anchor, record):
    """Asks once, as JSON, and renders the recorded evidence once more, as text. Returns what is wrong."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FCRDNS_")}
    environment["FCRDNS_TRUST_ANCHOR"] = anchor
    asking = [program, "check", "--json", "--timeout", f"{row.seconds:g}s", "--record", record, *PATHS[path], row.subject]
    begun = time.monotonic()
    try:
        asked = subprocess.run(asking, env=environment, capture_output=True, timeout=60)
        took = time.monotonic() - begun
        told = subprocess.run([program, "check", "--replay", record], env=environment, capture_output=True, timeout=60)
        return list(complaints(row, path, json.loads(asked.stdout), asked.returncode, told.stdout.decode("utf-8"),
                               told.returncode, took))
    except subprocess.TimeoutExpired as error:
        return [f"does not end: {' '.join(error.cmd)}"]
    except (ValueError, KeyError) as error:
        return [f"{error!r} in: {asked.stdout[:2000]!r}, stderr {asked.stderr[:2000]!r}, exit {asked.returncode}"]


def check_all(table, program, words, anchor, folder, running):
    rows = [row for row in read(table) if not words or any(word in "\t".join(dataclasses.astuple(row)) for word in words)]
    begun, right, wrong = time.monotonic(), 0, 0
    width = max((len(row.subject) for row in rows), default=0)
    print(f"{'':{width}}  " + "  ".join(f"{path:9}" for path in PATHS))
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        # The rows that wait for silence first, so that the others fill the time.
        jobs = {(number, path): pool.submit(check, row, path, program, anchor,
                                            os.path.join(folder, f"evidence-{number}-{path}.json"))
                for number, row in sorted(enumerate(rows), key=lambda item: item[1].timeout == "-") for path in PATHS}
        for number, row in enumerate(rows):
            outcome = {path: jobs[number, path].result() for path in PATHS}
            print(f"{row.subject:{width}}  "
                  + "  ".join(f"{'WRONG' if outcome[path] else 'ok':9}" for path in PATHS) + "  " + row.story, flush=True)
            for path, lines in outcome.items():
                right, wrong = right + (not lines), wrong + bool(lines)
                for line in lines:
                    print(f"    {path}: {line}")
    dead = [name for name, process in running.started.items() if process.poll() is not None]
    if dead:
        print(f"servers ended on their own: {', '.join(dead)}\n{running.logs()}")
    print(f"{len(rows)} rows x {len(PATHS)} paths: {right} right, {wrong} wrong ({time.monotonic() - begun:.0f} s)")
    return 1 if wrong or dead or not rows else 0
