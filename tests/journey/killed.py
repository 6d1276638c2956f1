"""`fix --apply` is killed at each step, and run again: all is put in place in the end, and nothing twice.

A step is seen by its journal: the first runs are killed when it is written for the first, second, ... time. Others are
killed some milliseconds after it says that a change begins, when the change may be on its way, be done, or its answer be
read; the rest after some time.
"""

import concurrent.futures
import json
import os
import signal
import time
import typing

from small_internet import PRIMARY, SECONDARY, Way, shows
from theatre import Answer

WRITINGS = 4           # of the journal: a change begins, is done; for the address, for the PTR
BEGINS = (1, 3)        # those before a change is sent
SHORTLY = 0.012        # seconds; in which a change is sent and answered
LONGEST = 5.0          # seconds; after which at most the other runs are killed
SIDE_BY_SIDE = 4
PATIENCE = 60
HEAD = f"{'address':17} {'killed at':>21} {'after':>6}  {'journal says':22} {'added by then':13} {'again':>7} {'took':>5}  added in all"


class Moment(typing.NamedTuple):
    """`after` seconds from the writing of the journal; writing 0 is the start."""
    writing: int
    after: float

    def __str__(self):
        return f"{self.writing}. writing" + (f" + {1000 * self.after:.1f} ms" if self.after else "") if self.writing else f"{self.after:.2f} s"


def moments(count):
    shortly, later = (count - WRITINGS + 1) // 2, (count - WRITINGS) // 2
    return [Moment(writing, 0) for writing in range(1, min(count, WRITINGS) + 1)] \
        + [Moment(BEGINS[each % 2], SHORTLY * (each + 1) / shortly) for each in range(shortly)] \
        + [Moment(0, LONGEST * (each + 0.5) / later) for each in range(later)]


class Run:
    def __init__(self, theatre, number, when):
        host = 100 + number
        self.way = Way(f"2001:db8:113::{host:x}" if number % 2 else f"203.0.113.{host}", f"killed{number}.example.com.")
        self.theatre, self.when, self.complaints = theatre, when, []
        self.state = os.path.join(theatre.folder, f"state-{number}")

    def perform(self):
        added = self.theatre.internet.added
        began = time.time()
        process = self.fix()
        reached = self.await_moment(process, began)
        process.send_signal(signal.SIGKILL)
        self.after, self.first = time.time() - began, Answer(process)
        self.phases, self.added_by_then = self.journal(), added(self.way)
        began = time.time()
        again = Answer(self.fix())
        self.code, self.took, self.added = again.code, again.ended - began, added(self.way)
        absent = [f"{server} {question[0]}" for question in self.way.questions for server in (PRIMARY, SECONDARY)
                  if not shows(server, question)]
        if self.when.writing and not (reached and self.first.code == -signal.SIGKILL):
            self.wrong(f"it came to its end before: {self.first}")
        if again.code != 0 or {step["state"] for step in again.json.get("steps", [])} != {"done"}:
            self.wrong(f"the second run: {again}")
        if absent:
            self.wrong(f"not shown by {absent}")
        if self.added != self.way.types:
            self.wrong(f"the primary was told to add {self.added}")
        if not again.json.get("safe_to_resend"):
            self.wrong("the second run told no time to resend")
        return self

    def fix(self):
        return self.theatre.fix(self.way, "--state-dir", self.state)

    def wrong(self, what):
        self.complaints.append(f"{self.way.address}, killed at {self.when}: {what}")

    def await_moment(self, process, began):
        """Until it is time to kill; False when the run came to its end before."""
        writings, last, since = 0, None, began
        while process.poll() is None and time.time() < began + PATIENCE:
            if (stamp := self.stamp()) != last and writings < self.when.writing:
                writings, last, since = writings + 1, stamp, time.time()
            if writings == self.when.writing and time.time() >= since + self.when.after:
                return True
            time.sleep(0.0005)
        return False

    def file(self):
        names = [name for name in os.listdir(self.state) if name.endswith(".json")] if os.path.isdir(self.state) else []
        return os.path.join(self.state, names[0]) if names else None

    def stamp(self):
        try:
            status = os.stat(self.file())
        except (OSError, TypeError):
            return None
        return status.st_ino, status.st_mtime_ns

    def journal(self):
        """How far each part had come when it was killed."""
        if self.file() is None:
            return "-"
        with open(self.file(), encoding="utf-8") as source:
            story = json.load(source)
        return ", ".join(f"{part} {story[part]['phase']}" for part in ("forward", "ptr") if part in story)

    def row(self):
        when = self.when if self.first.code == -signal.SIGKILL else f"had ended, exit {self.first.code}"
        return (f"{self.way.address:17} {when!s:>21} {self.after:6.2f}  {self.phases:22} {' '.join(self.added_by_then) or '-':13} "
                f"{f'exit {self.code}':>7} {self.took:5.1f}  {' '.join(self.added)}")


def perform(theatre, times):
    print(HEAD, flush=True)
    before = theatre.internet.serials()
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        runs = list(pool.map(lambda each: Run(theatre, *each).perform(), enumerate(moments(times))))
    print(*(run.row() for run in runs), sep="\n", flush=True)
    counted = {apex: serial - before[apex] for apex, serial in theatre.internet.serials().items()}
    print("updates by the serials: " + ", ".join(f"{apex} {count}" for apex, count in counted.items()))
    complaints = [line for run in runs for line in run.complaints]
    if sum(counted.values()) != 2 * len(runs):
        complaints.append(f"{len(runs)} runs, two updates each, but the serials counted {counted}")
    return complaints
