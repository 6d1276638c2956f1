"""A mail is refused; `explain` says why, `fix` mends it and says when to send again; the mail after that time arrives, and
`wait`, started after `fix`, rings then. In every third run an old PTR is in the way, else there is none.

Meanwhile mails go out every second: from the first on to a receiver whose cache `fix` may look into; and, as soon as the
primary has the PTR and its secondary may lack it, to one whose cache it cannot see, and which asks the secondary.
"""

import os
import threading
import time

from dns_wire import PTR
from small_internet import NEGATIVE, OLD, PRIMARY, SECONDARY, UNBOUND, Watch, await_shown, held, shows
from theatre import Answer, seconds

EVERY = 1.0        # seconds between two mails
LATE_AT_MOST = 12  # seconds between the last moment that a cache may hold the absence, and `latest`
HEAD = (f"{'address':17} {'explain':13} {'exit 1, because':16} {'forward at':>11} {'PTR at':>11} {'fix ended':>9} {'earliest':>8} "
        f"{'latest':>6} {'wait rang':>9}   {'seen cache':>18}   {'unseen cache':>18}")


class Run:
    def __init__(self, theatre, number):
        self.theatre, self.number, self.way = theatre, number, next(theatre.ways)
        self.mails = {theatre.receiver: [], theatre.other: []}
        self.complaints, self.rang = [], None
        self.old = number % 3 == 2

    def perform(self):
        theatre, way = self.theatre, self.way
        if self.old:
            theatre.internet.change(f"update add {way.reverse_name} {NEGATIVE} PTR {OLD}")
            await_shown((way.reverse_name, PTR, OLD))
        self.added_before = len(theatre.internet.added(way))
        first = self.mail(theatre.receiver)
        self.zero = first.sent
        if not (first.refused and " 5.7.25 " in first.reply):
            self.wrong(f"the first mail: {first.reply}")
        self.explain(first)
        self.watch = Watch(way)
        self.fix()
        if self.latest:
            waiting = threading.Thread(target=self.wait)
            waiting.start()
            self.until(self.latest)
            self.afterwards()
            waiting.join()
            self.judge()

    def wrong(self, what):
        self.complaints.append(f"{self.way.address}: {what}")

    def mail(self, receiver):
        """A mail, with what the seen cache held before and after it was refused or taken."""
        reverse = self.way.questions[1]
        before = held(UNBOUND, reverse)
        mail = self.theatre.sender.mail(self.way, receiver)
        mail.too_soon = receiver is self.theatre.receiver and before == held(UNBOUND, reverse) and before in ("NXDOMAIN", "another")
        self.mails[receiver].append(mail)
        if not (mail.accepted or mail.refused):
            self.wrong(mail.line)
        return mail

    def explain(self, mail):
        bounce = self.theatre.put(f"bounce{self.number}.eml", self.theatre.sender.bounce(mail))
        log = self.theatre.put(f"mail{self.number}.log", mail.line.encode() + b"\n")
        for file in (bounce, log):
            said = self.theatre.ask("explain", file, "--json")
            conclusion = said.json.get("conclusion")
            results = (said.json.get("check") or {}).get("results", [])
            found = {finding["id"] for result in results for finding in result["findings"]}
            causes = found & ({"ptr_foreign_name", "forward_mismatch"} if self.old else {"ptr_missing"})
            self.cause = ", ".join(causes)
            if (said.code, conclusion) != (1, "still_broken") or not causes:
                self.wrong(f"explain {os.path.basename(file)}: {conclusion}, {sorted(found)}, exit {said.code}")
        self.explained = conclusion

    def fix(self):
        answers = []
        fixing = threading.Thread(target=lambda: answers.append(Answer(self.theatre.fix(self.way))))
        fixing.start()
        while fixing.is_alive():
            self.to_all()
        (said,) = answers
        self.fixed, self.earliest, self.latest = said.ended, None, None
        absent = [f"{server} {question[0]}" for question in self.way.questions for server in (PRIMARY, SECONDARY)
                  if not shows(server, question)]
        states = [step["state"] for step in said.json.get("steps", [])]
        safe = said.json.get("safe_to_resend")
        if said.code != 0 or set(states) != {"done"} or absent:
            self.wrong(f"fix: {said}; steps {states}; not shown by {absent}")
        if not safe:
            return self.wrong("fix told no time to resend")
        self.earliest, self.latest = seconds(safe["earliest"]), seconds(safe["latest"])

    def wait(self):
        """It was not there when the records changed, but `fix` left word of that."""
        said = self.theatre.ask("wait", self.way.address, self.way.name, "--cache", UNBOUND, "--timeout", "2min")
        self.rang = said.ended
        if said.code != 0 or not -0.5 < self.rang - self.latest < LATE_AT_MOST:
            self.wrong(f"wait ended {self.rang - self.latest:+.1f} s after the latest of fix: {said}")

    def to_all(self):
        began = time.time()
        self.mail(self.theatre.receiver)
        if (PRIMARY, PTR) in self.watch.since:
            self.mail(self.theatre.other)
        time.sleep(max(began + EVERY - time.time(), 0))

    def until(self, moment):
        while time.time() + EVERY < moment:
            self.to_all()
        time.sleep(max(moment - time.time(), 0))

    def afterwards(self):
        """The first mails after `latest`."""
        for receiver, mails in self.mails.items():
            last = self.mail(receiver)
            if not last.accepted:
                self.wrong(f"refused {last.sent - self.latest:.1f} s after latest by {receiver.host}: {last.reply}")
            elif not receiver.delivered(last):
                self.wrong(f"{last.recipient} is not in the mailbox")

    def judge(self):
        """What the mails together say of the times."""
        seen = self.mails[self.theatre.receiver]
        for mail in seen:
            if mail.too_soon and not mail.refused:
                self.wrong(f"accepted while the receiver's cache held what was wrong: {mail.reply}")
            if mail.sent > self.earliest and not mail.accepted:
                self.wrong(f"refused {mail.sent - self.earliest:.1f} s after earliest, though its cache was seen")
        if self.earliest > self.fixed + 3 and not any(mail.refused and mail.sent > self.fixed for mail in seen):
            self.wrong("earliest is later than what the cache held")
        everywhere = self.watch.everywhere
        if everywhere is None or everywhere > self.fixed:
            self.wrong("fix ended before all servers showed it")
        elif self.rang and self.rang < everywhere + NEGATIVE:
            self.wrong(f"wait rang {self.rang - everywhere:.1f} s after all servers showed it")
        elif not NEGATIVE < self.latest - everywhere < NEGATIVE + LATE_AT_MOST:
            self.wrong(f"latest is {self.latest - everywhere:.1f} s after all servers showed it; caches hold an absence {NEGATIVE} s")
        added = self.theatre.internet.added(self.way)[self.added_before:]
        if added != self.way.types:
            self.wrong(f"the primary was told to add {added}")

    def row(self):
        """Seconds since the first mail."""
        at = lambda moment: "-" if moment is None else f"{moment - self.zero:.1f}"
        shown = ["-".join(at(self.watch.since.get((server, question[1]))) for server in (PRIMARY, SECONDARY))
                 for question in self.way.questions]
        turned = [f"refused {sum(mail.refused for mail in mails)}, {at(next((m.sent for m in mails if m.accepted), None)):>6}"
                  for mails in self.mails.values()]
        return (f"{self.way.address:17} {self.explained:13} {self.cause:16} {shown[0]:>11} {shown[1]:>11} {at(self.fixed):>9} {at(self.earliest):>8} "
                f"{at(self.latest):>6} {at(self.rang):>9}   {turned[0]:>18}   {turned[1]:>18}")


def perform(theatre, times):
    print("Seconds since the first refusal; 'refused N, T': so many mails were, the first was taken at T.\n" + HEAD, flush=True)
    complaints = []
    for number in range(times):
        run = Run(theatre, number)
        run.perform()
        print(run.row(), flush=True)
        complaints += run.complaints
    return complaints
