#!/usr/bin/env python3
"""Every $BOUNCE of the lab, as a user meets it: the report in a file, and `fcrdns FILE` inside the lab.

  bounces.py FCRDNS            conclusion, exit code and findings of each, by built-in recursion and by the lab's resolver
  bounces.py FCRDNS --plain    through the resolver that `lab --plain` puts on a loopback port: conclusion and exit code

Exit code 0: no difference; 1: differences, listed.
"""
import concurrent.futures
import email.utils
import json
import os
import subprocess
import sys
import tempfile
import time

from truth import AT_ONCE, PATIENCE, RESOLVER, found_ids

REPORT = """From: MAILER-DAEMON@{host}
To: {sender}
{date}Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}

Final-Recipient: rfc822; a@receiver.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; {reply}

--b--
"""


def explain(fcrdns, number, bounce, options, walked):
    date = "" if bounce["seconds_ago"] is None else "Date: %s\n" % email.utils.formatdate(time.time() - bounce["seconds_ago"])
    with tempfile.NamedTemporaryFile("w", suffix=".eml") as file:
        file.write(REPORT.format(host=bounce["host"] or "localhost", sender=bounce["sender"] or "sender@localhost", date=date, reply=bounce["reply"]))
        file.flush()
        run = subprocess.run([fcrdns, "--json", *options, file.name], capture_output=True, timeout=PATIENCE)
    want = (bounce["conclusion"], bounce["exit_code"], sorted(bounce["findings"]))
    try:
        document = json.loads(run.stdout.decode("utf-8", errors="strict"))
        results = document["check"]["results"] if document["check"] else []
        ids = sorted({finding for result in results for finding in found_ids(result)})
        got = (document["conclusion"], run.returncode, ids)
        if document["exit_code"] != run.returncode:
            got += ("exit_code in JSON: %s" % document["exit_code"],)
    except (ValueError, KeyError, IndexError) as error:
        got = ("unreadable: %r" % error, run.returncode, run.stderr.decode(errors="replace")[-300:])
    if not walked:  # what only the zones' own servers know is not found
        # By what the zones say alone, nothing proves since when they say it; and a special address is asked as given.
        weaker = {"receiver_side": "fixed_since"} if bounce["findings"] == ["receiver_side_fault"] else {}
        want, got = (weaker.get(want[0], want[0]), want[1]), got[:2]
        if bounce["findings"] == ["receiver_sees_gateway"]:
            want = got
    return bounce["story"], want, got


def table(fcrdns, bounces, title, options, walked):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        rows = list(pool.map(lambda row: explain(fcrdns, row[0], row[1], options, walked), enumerate(bounces)))
    bad = [row for row in rows if row[1] != row[2]]
    print("%s: %d of %d bounces as expected" % (title, len(rows) - len(bad), len(rows)))
    for story, want, got in bad:
        print("  %s\n    want %s\n    got  %s" % (story, want, got))
    return len(bad)


def inside(fcrdns):
    listing = subprocess.run([fcrdns, "lab", "--list", "--json"], capture_output=True, check=True).stdout
    bounces = json.loads(listing)["bounces"]
    if os.environ.get("FCRDNS_RESOLVER"):
        return table(fcrdns, bounces, "plain lab", [], False)
    bad = table(fcrdns, bounces, "built-in recursion", [], True)
    certain = [bounce for bounce in bounces if bounce["findings"] not in (["special_purpose_address"], ["receiver_sees_gateway"])]
    return bad + table(fcrdns, certain, "--resolver " + RESOLVER, ["--resolver", RESOLVER], True)


def main():
    fcrdns = os.path.abspath(sys.argv[1])
    if "--inside" in sys.argv:
        return 1 if inside(fcrdns) else 0
    plain = ["--plain"] if "--plain" in sys.argv else []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FCRDNS_")}
    again = [sys.executable, os.path.abspath(__file__), fcrdns, "--inside"]
    return subprocess.run([fcrdns, "lab", *plain, "--", *again], env=environment).returncode


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
