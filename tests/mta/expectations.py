"""What `fcrdns explain` must say of each log and each bounce: expected.tsv, and how it is compared."""

import csv
import json
import os
import re
import subprocess
import time

from receivers import MAILS

REVERSE_DNS = {"no_ptr", "fcrdns_mismatch", "no_ptr_or_mismatch", "generic_ptr", "dns_tempfail", "ipv6_policy"}
FIELDS = {"code": "reply_code", "enhanced": "enhanced_code", "cause": "cause", "permanent": "permanent",
          "address": "address", "remote": "remote_mta"}
# "gmail-550" or "trio/gmail-550", a mail to several: (name of the mail, recipient, Receiver)
ABOUT = {receiver.name if len(mail.to) == 1 else f"{mail.name}/{receiver.name}": (mail.name, recipient, receiver)
         for mail in MAILS for recipient, receiver in mail.to.items()}
REFUSED = {recipient for _, recipient, receiver in ABOUT.values() if receiver.stage}


def read(path, words):
    with open(path, encoding="ascii") as source:
        rows = list(csv.DictReader((line for line in source if line[0] != "#"), delimiter="\t"))
    return [row for row in rows if not words or {row["mta"], row["receiver"]} & set(words)]


def files(row, folder):
    """What the row is about: the log, the bounce, the warning before it, or two of them when one alone does not tell."""
    name = f"{row['mta']}-{ABOUT[row['receiver']][0]}"
    names = {"log": row["mta"] + ".log", "dsn": name + ".eml", "warning": name + "-warning.eml"}
    return [os.path.join(folder, names[part]) for part in row["in"].split("+")]


def word(value):
    """A JSON value as the table writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", 0):
        return "-"
    return str(value).rstrip(".")


class Explained:
    """`fcrdns explain --no-check --json`, once for each set of files."""

    def __init__(self, program):
        self.program, self.known = program, {}

    def __call__(self, paths):
        key = tuple(paths)
        if key not in self.known:
            clean = {name: value for name, value in os.environ.items() if not name.startswith("FCRDNS_")}
            try:
                done = subprocess.run([self.program, "explain", "--no-check", "--json", *paths], env=clean,
                                      capture_output=True, text=True, timeout=60)
                answer = json.loads(done.stdout)["messages"], done.returncode, done.stderr.strip()
            except (ValueError, KeyError, TypeError):
                answer = None, done.returncode, done.stderr.strip()
            except subprocess.TimeoutExpired:
                answer = None, None, "no answer in 60 s"
            self.known[key] = answer
        return self.known[key]


def wrong(row, paths, explained):
    """What is wrong, in one line, or None."""
    messages, status, said = explained(paths)
    if messages is None:
        return f"no JSON, exit {status}: {said}"
    _, recipient, _ = ABOUT[row["receiver"]]
    # OpenSMTPD logs a refusing banner before it tells whose mail that was for.
    others = {word(message["recipient"]) for message in messages} - REFUSED - ({"-"} if "log" in row["in"] else set())
    if others:
        return f"told of {', '.join(sorted(others))}"
    if row["cause"] == "-":
        return None
    told = [message for message in messages if message["recipient"] == recipient]
    if not told:
        return "nothing is told of " + recipient
    causes = row["cause"].split("|")
    for message in told:
        if message["direction"] != "outbound":
            return f"direction {message['direction']} in line {message['line']}"
        if message["reverse_dns"] != (message["cause"] in REVERSE_DNS):
            return f"reverse_dns {message['reverse_dns']} with cause {message['cause']}"
        if message["reverse_dns"] and message["cause"] not in causes:
            return f"cause {message['cause']} in line {message['line']}"
        if message["reverse_dns"] and "other" in causes and message["certainty"] != "words":
            return f"cause {message['cause']} in line {message['line']} is no guess"
    differences = [", ".join(f"{column} {word(message[field])}" for column, field in FIELDS.items()
                             if row[column] != "*" and word(message[field]) not in row[column].split("|"))
                   for message in told]
    if "" not in differences:
        return min(differences, key=len)
    if row["in"] == "dsn" and "/" not in row["receiver"] and status != (1 if set(causes) & REVERSE_DNS else 3):
        return f"exit {status}"
    return None


def lines_missing(row, paths):
    """Without the program: do the files hold as much of the reply as the table says?"""
    text = b"".join(open(path, "rb").read() for path in paths if os.path.exists(path)).decode("latin-1")
    text = re.sub(r"\s+", "", text)
    spoken = [re.sub(r"^\d{3}[ -]([245]\.\d+\.\d+)?|\s+", "", line) for line in ABOUT[row["receiver"]][2].reply.splitlines()]
    found = [line in text for line in spoken]
    wanted = {"all": [True] * len(spoken), "first": [True] + [False] * (len(spoken) - 1), "none": [False] * len(spoken)}
    if found == wanted[row["text"]]:
        return None
    return f"{sum(found)} of {len(spoken)} lines of the reply"


def check(rows, folder, program, began):
    """Prints a line for each mail server and receiver, and the count; an exit code."""
    explained = Explained(program)
    seen = {}
    for row in rows:
        paths = files(row, folder)
        absent = [path for path in paths if not os.path.exists(path)] if row["cause"] != "-" else []
        if absent:
            problem = "missing: " + ", ".join(map(os.path.basename, absent))
        elif program is None:
            problem = lines_missing(row, paths)
        else:
            problem = wrong(row, [path for path in paths if os.path.exists(path)], explained)
        seen.setdefault((row["mta"], row["receiver"]), []).append((row["in"], problem))
    for (mta, receiver), answers in seen.items():
        print(f"{mta:9} {receiver:18}  " + "  ".join(f"{where} {'ok' if problem is None else 'WRONG'}"
                                                   for where, problem in answers))
        for where, problem in answers:
            if problem is not None:
                print(f"    {where}: {problem}")
    bad = sum(any(problem is not None for _, problem in answers) for answers in seen.values())
    print(f"{len(seen)} rows: {len(seen) - bad} right, {bad} wrong ({time.monotonic() - began:.0f} s)")
    return 1 if bad or not seen else 0
