"""`fcrdns wait` runs while the records are put in place by hand: the table over time, until it rings.

The cache that `wait` is told of learns the absence right before the change; the other one right after it, from the
secondary. A mail goes out every second by way of the latter.
"""

import os
import pty
import subprocess
import threading
import time

from small_internet import BIND, NEGATIVE, PRIMARY, UNBOUND, Watch, held

CHANGE_AFTER = 3.0  # seconds
PATIENCE = 90
LATE_AT_MOST = 12   # seconds between the last moment that a cache may hold the absence, and the bell


class OnTerminal(threading.Thread):
    """Somebody else waits for the same before a terminal, until the bell rings."""

    def __init__(self, start):
        super().__init__(daemon=True)
        self.terminal, theirs = pty.openpty()
        self.process = start(stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.shown, self.rang = b"", []
        self.start()

    def run(self):
        while True:
            try:
                octets = os.read(self.terminal, 65536)
            except OSError:  # the other end is closed
                return
            self.rang += [time.time()] * octets.count(b"\a")
            self.shown += octets


class Run:
    def __init__(self, theatre):
        self.theatre, self.way = theatre, next(theatre.ways)
        self.events, self.lock, self.complaints = [], threading.Lock(), []

    def tell(self, what, moment=None):
        with self.lock:
            self.events.append((moment or time.time(), what))

    def wrong(self, what):
        self.complaints.append(f"{self.way.address}: {what}")

    def perform(self):
        theatre, way = self.theatre, self.way
        self.zero = time.time()
        words = ("wait", way.address, way.name, "--cache", UNBOUND)
        self.waiting = theatre.start(*words)
        self.beside = OnTerminal(lambda **streams: theatre.start(*words, **streams))
        readers = [threading.Thread(target=self.read, args=(stream,), daemon=True)
                   for stream in (self.waiting.stdout, self.waiting.stderr)]
        watch = Watch(way)
        threading.Thread(target=self.caches, daemon=True).start()
        for reader in readers:
            reader.start()
        time.sleep(CHANGE_AFTER)
        if not self.mail(theatre.receiver).refused:
            self.wrong("the mail before the change was not refused")
        theatre.internet.change(*way.additions)
        self.tell("records put in place, forward first")
        try:
            self.probe_until_it_ends()
        finally:
            self.waiting.kill()
        self.rang = time.time()
        self.hear_the_bell()
        for reader in readers:
            reader.join()
        self.tell(f"wait ended: exit {self.waiting.returncode}", self.rang)
        for (server, kind), moment in watch.since.items():
            self.tell(f"{'primary' if server == PRIMARY else 'secondary'} shows the {'PTR' if kind == 12 else 'address'}", moment)
        self.judge(watch)

    def probe_until_it_ends(self):
        while self.waiting.poll() is None:
            if time.time() > self.zero + PATIENCE:
                return self.wrong(f"it did not ring within {PATIENCE} s")
            self.mail(self.theatre.other)
            try:
                self.waiting.wait(1.0)
            except subprocess.TimeoutExpired:
                pass

    def hear_the_bell(self):
        try:
            self.beside.process.wait(5)
        except subprocess.TimeoutExpired:
            self.beside.process.kill()
        self.beside.join()
        for moment in self.beside.rang:
            self.tell("the bell rings on the terminal beside", moment)
        if self.beside.process.returncode != 0 or len(self.beside.rang) != 1:
            self.wrong(f"on a terminal: exit {self.beside.process.returncode}, the bell rang {len(self.beside.rang)} times")

    def read(self, stream):
        for line in stream:
            if line.strip():
                self.tell("  | " + line.rstrip())

    def caches(self):
        """What they hold of the PTR, whenever that changes."""
        last = {}
        while self.waiting.poll() is None:
            for name, cache in (("seen", UNBOUND), ("unseen", BIND)):
                now = held(cache, self.way.questions[1])
                if now != last.get(name, "-"):
                    self.tell(f"the {name} cache holds: {now if now != '-' else 'nothing'}")
                last[name] = now
            time.sleep(0.05)

    def mail(self, receiver):
        mail = self.theatre.sender.mail(self.way, receiver)
        self.tell(f"mail by way of the {'seen' if receiver is self.theatre.receiver else 'unseen'} cache: "
                  f"{'accepted' if mail.accepted else 'refused' if mail.refused else mail.line}", mail.sent)
        return mail

    def judge(self, watch):
        everywhere = watch.everywhere
        if self.waiting.returncode != 0:
            self.wrong(f"wait ended with {self.waiting.returncode}")
        if everywhere is None or self.rang < everywhere:
            return self.wrong("it rang before the secondary showed it")
        self.rang = min([self.rang, *self.beside.rang])
        if self.rang < everywhere + NEGATIVE:
            self.wrong(f"it rang {self.rang - everywhere:.1f} s after the last server showed it, but caches may hold the absence {NEGATIVE} s")
        if self.rang > everywhere + NEGATIVE + 1 + LATE_AT_MOST:
            self.wrong(f"it rang {self.rang - everywhere:.1f} s after the last server showed it")
        for receiver in (self.theatre.receiver, self.theatre.other):
            mail = self.mail(receiver)
            if not mail.accepted:
                self.wrong(f"right after the bell: {mail.reply}")
            elif not receiver.delivered(mail):
                self.wrong(f"{mail.recipient} is not in the mailbox")

    def table(self):
        for moment, what in sorted(self.events, key=lambda event: event[0]):
            yield f"{moment - self.zero:6.1f}  {what}"


def perform(theatre, times):
    complaints = []
    for _ in range(times):
        run = Run(theatre)
        run.perform()
        print(f"{run.way.address}, seconds since wait was started", *run.table(), sep="\n", flush=True)
        complaints += run.complaints
    return complaints
