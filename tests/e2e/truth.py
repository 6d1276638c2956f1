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
SIDE_BY_SIDE = 6
TIMEOUT_SECONDS = 8
WALK_SECONDS = 10   # what explains the verdict may take so long where servers are dead
SLACK_SECONDS = 3   # process start and end, on a busy machine
UNREACHABLE_ROOT = "dead.hints"  # the file of that name, in the folder that the program runs in
SEVERITIES = {"error": "", "warning": "/W", "info": "/I", "undetermined": "/U"}


@dataclasses.dataclass
class Row:
    """Each cell: one expectation, or PATH:EXPECTATION words (* for the other paths). Between admissible ones stands |,
    and || where one choice is made for the whole row: the first of each cell, or the second of each."""
    subject: str    # and options
    iprev: str
    ptr: str        # ptr_status of its addresses
    forward: str    # statuses of all their PTR names
    findings: str   # exactly these ids; /W warning, /I information, /U undetermined, else an error
    exit: str
    zone: str       # the deepest reverse zone, where the record is or should be; - when it was not walked
    negative: str   # its negative TTL, seconds; - when no server tells
    servers: str    # of that zone: NAME=WHAT, both transports and families
    dnssec: str     # as the built-in recursion says it; - is not compared
    timeout: str    # seconds, - for the default
    story: str

    @property
    def argv(self):
        return self.subject.split()

    def cell(self, column, path):
        cell = getattr(self, column)
        by_path = dict(word.split(":", 1) for word in cell.split()) if "*:" in cell else {"*": cell}
        return by_path.get(path, by_path["*"])

    def choices(self, path):
        return max(self.cell(field.name, path).count("||") + 1 for field in dataclasses.fields(self))

    def admissible(self, column, path, choice):
        tied = self.cell(column, path).split("||")
        return tied[choice if len(tied) > 1 else 0].split("|")

    @property
    def profile(self):
        """The option that moves severities: a report from a record needs it too."""
        at = self.argv.index("--profile") if "--profile" in self.argv else len(self.argv)
        return self.argv[at:at + 2]

    @property
    def seconds(self):
        return TIMEOUT_SECONDS if self.timeout == "-" else float(self.timeout)


def read(file):
    with open(file, encoding="utf-8", newline="") as lines:
        rows = csv.reader((line for line in lines if line.strip() and not line.startswith("#")), delimiter="\t",
                          quoting=csv.QUOTE_NONE)
        header = next(rows)
        assert header == [field.name for field in dataclasses.fields(Row)], header
        return [Row(*row) for row in rows]


def counted(words):
    """["noerror", "nodata", "noerror"] -> "nodata,noerror*2"; nothing is "-"."""
    counts = collections.Counter(words)
    return ",".join(word if counts[word] == 1 else f"{word}*{counts[word]}" for word in sorted(counts)) or "-"


def each_once(words):
    """What is known of each zone, in the order of the addresses; nothing is "-"."""
    return ",".join(dict.fromkeys(words)) or "-"


def servers_of(zone):
    """"alpha=noerror,beta=refused": what each listed server said, over every address and transport."""
    said = {}
    for server in zone["nameservers"]:
        said.setdefault(server["name"], set()).update((server["udp"], server["tcp"]))
    said |= {name: {"noaddress"} for name in zone["nameservers_without_address"]}
    words = [f"{name.removesuffix('.servers.net.')}={'+'.join(sorted(said[name]))}" for name in sorted(said)]
    if zone["nameservers_left_out"]:
        words.append(f"left_out={zone['nameservers_left_out']}")
    return ",".join(words)


def observed(result):
    """The columns of the table, out of one element of a document's results."""
    addresses = result["addresses"]
    zones = [address["zone"] for address in addresses if address["zone"] and address["zone"]["apex"]]
    # That a documentation address is one is told as information; nearly every subject here is one.
    findings = {found["id"] + SEVERITIES[found["severity"]] for found in result["findings"]
                if (found["id"], found["severity"]) != ("special_purpose_address", "info")}
    return {"iprev": result["iprev"] or "-",
            "ptr": counted(address["ptr_status"] for address in addresses),
            "forward": counted(name["status"] for address in addresses for name in address["ptr"]),
            "findings": ",".join(sorted(findings)) or "-",
            "zone": each_once(zone["apex"] for zone in zones),
            "negative": each_once("-" if zone["negative_ttl"] is None else str(zone["negative_ttl"]) for zone in zones),
            "servers": each_once(servers_of(zone) for zone in zones),
            "dnssec": counted(address["dnssec"] for address in addresses)}


def compared(row, path, seen):
    """Where the columns are not what the row says, a line each; of its choices the nearest counts."""
    nearest = None
    for choice in range(row.choices(path)):
        lines = [f"{column} is {value}, must be {' or '.join(row.admissible(column, path, choice))}"
                 for column, value in seen.items() if value not in row.admissible(column, path, choice)]
        if nearest is None or len(lines) < len(nearest):
            nearest = lines
    return nearest


def differences(row, path, result, exit_code=None):
    seen = observed(result)
    if path != "recursion" or row.dnssec == "-":
        del seen["dnssec"]
    if exit_code is not None:
        seen["exit"] = str(exit_code)
    return compared(row, path, seen)


def complaints(row, path, document, exit_code, text, text_exit_code, took):
    """What is wrong with the answer to one subject, a line each."""
    (result,) = document["results"]
    yield from differences(row, path, result, exit_code)
    authority = "unreachable" if UNREACHABLE_ROOT in row.argv else "reachable" if row.cell("zone", path) != "-" else None
    if document["schema"] != "fcrdns/check/1" or document["authority"] != (authority or document["authority"]):
        yield f"schema {document['schema']}, authority {document['authority']}, must be {authority}"
    if {document["exit_code"], text_exit_code} != {exit_code}:
        yield f"exit codes: process {exit_code}, JSON {document['exit_code']}, replayed as text {text_exit_code}"
    if any(not letter.isprintable() and letter != "\n" for letter in text):
        yield f"control characters in the text: {text!r}"
    says_no_ptr = "no ptr" in text.lower()
    if exit_code == 2 and says_no_ptr:
        yield f"DNS trouble reads as \"no PTR\": {text!r}"
    if any(found["id"] == "ptr_missing" for found in result["findings"]) and not says_no_ptr:
        yield f"the text does not say \"no PTR\": {text!r}"
    if took > max(row.seconds, WALK_SECONDS) + SLACK_SECONDS:
        yield f"took {took:.1f} s with --timeout {row.seconds:g}s"


class Checker:
    def __init__(self, program, scene):
        self.program, self.folder, self.environment = program, scene.folder, scene.environment()
        with open(os.path.join(self.folder, UNREACHABLE_ROOT), "w", encoding="ascii") as hints:
            hints.write(". NS nobody-listens.\nnobody-listens. A 192.0.2.11\n")

    def run(self, *arguments, **streams):
        return subprocess.run([self.program, "check", *arguments], env=self.environment, cwd=self.folder,
                              capture_output=True, timeout=120, **streams)

    def check(self, number, row, path):
        """Asks once, as JSON, and renders the recorded evidence once more, as text. Returns what is wrong."""
        record, begun = os.path.join(self.folder, f"evidence-{number}-{path}"), time.monotonic()
        try:
            asked = self.run("--json", "--timeout", f"{row.seconds:g}s", "--record", record, *PATHS[path], *row.argv)
            took = time.monotonic() - begun
            told = self.run("--replay", record, *row.profile)
            return list(complaints(row, path, json.loads(asked.stdout), asked.returncode, told.stdout.decode("utf-8"),
                                   told.returncode, took))
        except subprocess.TimeoutExpired as error:
            return [str(error)]
        except (ValueError, KeyError) as error:
            return [f"{error!r} in {asked.stdout[:2000]!r}, stderr {asked.stderr[:2000]!r}, exit {asked.returncode}"]

    def check_list(self, rows):
        """All subjects as lists on standard input, a process for each set of options. What is wrong with each."""
        by_options = {}
        for number, row in enumerate(rows):
            by_options.setdefault(tuple(row.argv[1:]), []).append(number)
        wrong = {}
        for options, numbers in by_options.items():
            for number, lines in zip(numbers, self.check_one_list([rows[number] for number in numbers], options)):
                wrong[number] = lines
        return [wrong[number] for number in range(len(rows))]

    def check_one_list(self, rows, options):
        try:
            asked = self.run("--json", "--timeout", f"{TIMEOUT_SECONDS}s", *options, "-",
                             input="".join(row.argv[0] + "\n" for row in rows).encode())
            results = {result["subject"]: result for result in json.loads(asked.stdout)["results"]}
            return [list(differences(row, "recursion", results[row.argv[0]])) for row in rows]
        except subprocess.TimeoutExpired as error:
            return [[str(error)] for _ in rows]
        except (ValueError, KeyError) as error:
            return [[f"{error!r} in the list's output, stderr {asked.stderr[:2000]!r}"] for _ in rows]


def check_all(table, program, words, scene):
    rows = [row for row in read(table)
            if not words or any(word in "\t".join(dataclasses.astuple(row)) for word in words)]
    checker, columns = Checker(program, scene), [*PATHS, "list"]
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
    dead = scene.running.ended()
    if dead:
        print(f"servers ended on their own: {', '.join(dead)}\n{scene.running.logs()}")
    walked = sum(row.zone != "-" for row in rows)
    print(f"{len(rows)} rows x {len(columns)} paths: {right} right, {wrong} wrong; {walked} rows walked, zone apex, "
          f"negative TTL and every server compared ({time.monotonic() - begun:.0f} s)")
    return 1 if wrong or dead or not rows else 0
