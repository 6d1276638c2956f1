"""The runs of safe_time: what is wrong, what mends it, what fcrdns says on the way, and when the caches turned."""

import concurrent.futures
import dataclasses
import datetime
import json
import os
import random
import signal
import subprocess
import threading
import time

import internet
import master_files
import servers
from dns_wire import A, AD, PTR, RD, SOA, ask

CACHES = {"unbound": servers.UNBOUND, "bind": servers.BIND}
PAIRS = [("nsd", "bind"), ("knot", "nsd"), ("bind", "knot")]  # primary, secondary
READY = [(".", SOA, RD, lambda reply: reply.flags & AD and reply.rcode == 0)]
BUSY_EVERY, QUIET_EVERY = 0.15, 0.1  # seconds between two questions of a receiver
# TTLs are whole seconds, a resolver may serve a record one longer, and the range is rounded up to whole ones.
ROUNDED_UP = 3.2
BIND_PREFETCH = 2  # BIND fetches anew what is asked for in its last two seconds

# What is wrong at first and what stands there in the end, in the reverse zone and in the domain. $T is the TTL.
KINDS = {
    "no PTR": ([], ["5 $T PTR mail.{domain}"], ["mail A {address}"], None),
    "old address": (["5 $T PTR mail.{domain}"], None, ["mail $T A 192.0.2.250"], ["mail $T A {address}"]),
    "old PTR": (["5 $T PTR old.{domain}"], ["5 $T PTR mail.{domain}"], ["mail A {address}", "old $T A 192.0.2.250"], None),
    "TXT only": (['5 TXT "no PTR"'], ["5 $T PTR mail.{domain}"], ["mail A {address}"], None),
    "no address": (["5 $T PTR mail.{domain}"], None, ['mail TXT "no address"'], ["mail $T A {address}"]),
    "no alias": ([], ["5 $T CNAME 5.customer"], ["mail A {address}"], None),
}
NEGATIVE = ("no PTR", "TXT only", "no address", "no alias")


@dataclasses.dataclass
class Run:
    number: int
    kind: str
    primary: str
    secondary: str
    seen: str       # the cache that fcrdns is told of
    busy: bool      # receivers ask all the time
    signed: bool
    ttl: int        # of the records, and the negative TTL
    refresh: int    # of the SOA: how long the secondary lags at most
    plant: dict     # seconds before the mending at which each cache is made to hold what is wrong

    @property
    def address(self):
        return f"120.{self.number}.1.5"

    @property
    def domain(self):
        return f"run{self.number}.org."

    @property
    def reverse_zone(self):
        return f"1.{self.number}.120.in-addr.arpa."

    @property
    def in_domain(self):
        """Whether it is the domain that is mended, and not the reverse zone."""
        return KINDS[self.kind][1] is None

    @property
    def question(self):
        return (f"mail.{self.domain}", A) if self.in_domain else (f"5.{self.reverse_zone}", PTR)

    @property
    def right(self):
        return self.address if self.in_domain else f"mail.{self.domain}"

    def records(self, place):
        fill = lambda line: line.replace("$T", str(self.ttl)).format(domain=self.domain, address=self.address)
        return [fill(line) for line in KINDS[self.kind][place] or []]


def plan(count, seed):
    """Kinds, servers and caches in turn, so that each meets each; times by chance."""
    chance = random.Random(seed)
    runs = []
    for number in range(1, count + 1):
        ttl = chance.randint(4, 15)
        primary, secondary = PAIRS[number % len(PAIRS)]
        runs.append(Run(number, list(KINDS)[(number - 1) % len(KINDS)], primary, secondary,
                        seen=list(CACHES)[(number + number // len(KINDS)) % 2], busy=chance.random() < 0.5,
                        signed=number % 4 == 0, ttl=ttl, refresh=chance.randint(2, 4),
                        plant={cache: chance.uniform(0.6, max(ttl - 3, 1)) for cache in CACHES}))
    return runs


def world(runs):
    lines = ["$SERVER registry knot 192.0.2.1 2001:db8:53::1", "$SERVER nsd nsd 192.0.2.2 2001:db8:53::2",
             "$SERVER knot knot 192.0.2.3 2001:db8:53::3", "$SERVER bind bind 192.0.2.4 2001:db8:53::4",
             "$ZONE . root signed", "$ZONE arpa. registry signed", "$ZONE in-addr.arpa. registry signed",
             "$ZONE net. registry signed", "$ZONE org. registry nsec3", "$ZONE servers.net. nsd signed"]
    for run in runs:
        # Which of the two numbers of a negative TTL is the smaller one differs from run to run (RFC 2308 5).
        negative = f"negative={run.ttl} soa_ttl=3600" if run.number % 2 else f"negative=3600 soa_ttl={run.ttl}"
        numbers = f"{negative} refresh={run.refresh} retry=2 expire=1000"
        state = ("unsigned", "nsec3" if run.number % 8 == 0 else "signed")[run.signed]
        zone = f"{run.primary},{run.secondary}<{run.primary} {state} {numbers}"
        lines += [f"$ZONE {run.reverse_zone} {zone}", *run.records(0), f"$ZONE {run.domain} {zone}", *run.records(2)]
        if run.kind == "no alias":
            lines += [f"$ZONE customer.{run.reverse_zone} {run.primary} unsigned", f"5 {run.ttl} PTR mail.{run.domain}"]
    return internet.Internet("safe_time", lines)


def await_(condition, what):
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited in vain until {what}")
        time.sleep(0.03)


# ---- the caches, as receivers see them

class Receiver(threading.Thread):
    """Asks one cache until it is told to stop; remembers when the answer was wrong, and when it was right again."""

    def __init__(self, run, cache):
        super().__init__(daemon=True)
        self.run_, self.cache = run, cache
        self.planted = self.last_wrong = self.first_right = self.without_recursion = None
        self.ended = threading.Event()
        self.start_asking = None  # a quiet one's time

    def is_right(self):
        """What the cache says to a question that may recurse; None when nothing definite came."""
        name, kind = self.run_.question
        reply = ask(CACHES[self.cache], name, kind)
        if reply is None or reply.rcode not in (0, 3):
            return None
        return any(data == self.run_.right for record, _, data in reply.records if record == kind)

    def plant(self):
        await_(lambda: self.is_right() is False, f"{self.cache} holds what is wrong in run {self.run_.number}")
        self.planted = self.last_wrong = time.time()
        self.without_recursion = ask(CACHES[self.cache], *self.run_.question, 0)
        self.start_asking = self.planted if self.run_.busy else self.planted + self.run_.ttl - 0.5
        self.start()

    def run(self):
        while not self.ended.wait(BUSY_EVERY if self.run_.busy else QUIET_EVERY):
            if time.time() < self.start_asking:
                continue
            asked, right = time.time(), self.is_right()
            if right is False:
                self.last_wrong, self.first_right = asked, None
            elif right and self.first_right is None:
                self.first_right = time.time()


# ---- the mending

class Mending:
    """Changes what a primary serves, as its operator does: the file, then SIGHUP. One at a time."""

    def __init__(self, scene):
        self.scene, self.busy, self.files = scene, threading.Lock(), {}
        for server in scene.world.servers.values():
            for held in server.holdings:
                if not held.primary:
                    self.files[server.name, held.apex] = held

    def mend(self, run):
        place, apex = (3, run.domain) if run.in_domain else (1, run.reverse_zone)
        held = self.files[run.primary, apex]
        held.zone.records[:] = [record for record in run.records(2) if not record.startswith("mail ")] + run.records(3) \
            if run.in_domain else run.records(place)
        with self.busy:
            text = self.scene.world.text(held.zone, serial=internet.SERIAL + 1)
            plain = held.file.removesuffix(".signed")
            if run.signed:
                plain = master_files.put(plain + "-mended", text)
                os.replace(master_files.sign(held.zone, plain, self.scene.folder, self.scene.programs), held.file)
            else:
                master_files.put(plain, text)
            self.scene.running.started[run.primary].send_signal(signal.SIGHUP)

    def shown_by(self, server, run):
        """When that server has shown the record over each of its addresses, and went on to."""
        name, kind = run.question
        for address in 3 * self.scene.world.servers[server].addresses:
            await_(lambda at=address: self.is_new(run, ask(at, name, kind, 0)),
                   f"{server} shows what is right in run {run.number}")
        return time.time()

    @staticmethod
    def is_new(run, reply):
        if reply is None or reply.rcode != 0:
            return False
        return any(data == run.right or run.kind == "no alias" for _, _, data in reply.records)


# ---- what fcrdns says

@dataclasses.dataclass
class Check:
    at: float
    ended: float
    iprev: str
    findings: set
    basis: str = "-"
    earliest: float = None
    latest: float = None


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def check(scene, program, run):
    at = time.time()
    asked = subprocess.run([program, "check", "--json", "--resolver", CACHES[run.seen], run.address],
                           env=scene.environment(), capture_output=True, timeout=60)
    (result,) = json.loads(asked.stdout)["results"]
    said = Check(at, time.time(), result["iprev"], {found["id"] for found in result["findings"]})
    safe = result["safe_to_resend"]
    if safe:
        said.basis, said.earliest, said.latest = safe["basis"], seconds(safe["earliest"]), seconds(safe["latest"])
    return said


@dataclasses.dataclass
class Outcome:
    run: Run
    lag: float
    everywhere: float  # when the last listed server showed the record
    before: Check
    between: Check  # the primary is mended, the secondary is not
    after: Check
    receivers: dict
    complaints: list = dataclasses.field(default_factory=list)

    @property
    def checks(self):
        return [("before", self.before), ("between", self.between), ("after", self.after)]


def carry_out_one(run, scene, mending, program, delay):
    time.sleep(delay)
    receivers = {cache: Receiver(run, cache) for cache in CACHES}
    mend_at = time.time() + max(run.plant.values())
    for cache in sorted(CACHES, key=lambda cache: -run.plant[cache]):
        time.sleep(max(mend_at - run.plant[cache] - time.time(), 0))
        receivers[cache].plant()
    before = check(scene, program, run)
    time.sleep(max(mend_at - time.time(), 0))
    mending.mend(run)
    primary_at = mending.shown_by(run.primary, run)
    between = check(scene, program, run)
    everywhere = mending.shown_by(run.secondary, run)
    after = check(scene, program, run)
    # Beyond what is promised, and beyond what a cache could hold by then.
    until = max(after.latest or 0, between.latest + everywhere - between.at, everywhere + run.ttl + 1) + 1.5
    time.sleep(max(min(until, everywhere + run.ttl + 10) - time.time(), 0))
    for receiver in receivers.values():
        receiver.ended.set()
    outcome = Outcome(run, everywhere - primary_at, everywhere, before, between, after, receivers)
    outcome.complaints = list(complaints(outcome))
    return outcome


def complaints(outcome):
    """What fcrdns should have said otherwise, a line each."""
    if outcome.before.basis != "if_fixed_now":
        yield f"before the mending: basis {outcome.before.basis}"
    if outcome.between.at + 1 < outcome.everywhere and "servers_disagree" not in outcome.between.findings:
        yield f"while the secondary lags: {sorted(outcome.between.findings)}"
    seen = outcome.receivers[outcome.run.seen]
    was_stale = outcome.after.iprev != "pass"
    if was_stale and (outcome.after.basis != "observed" or "stale_cache" not in outcome.after.findings):
        yield f"after the mending, {outcome.after.iprev}: basis {outcome.after.basis}, {sorted(outcome.after.findings)}"
    for which, said in outcome.checks:
        if said.latest and said.latest - said.ended > outcome.run.ttl + ROUNDED_UP:
            yield f"{which}: latest is {said.latest - said.ended:.1f} s away, but the TTL {outcome.run.ttl} s"
    for cache, receiver in outcome.receivers.items():
        if receiver.first_right is None:
            yield f"{cache} never turned"
    if outcome.after.earliest and seen.last_wrong >= outcome.after.earliest:
        yield f"{outcome.run.seen}, which was seen, turned after earliest"
    if outcome.after.earliest and (seen.first_right or 0) < outcome.after.earliest - early_at_most(outcome.run):
        yield f"{outcome.run.seen}, which was seen, turned long before earliest"


def early_at_most(run):
    """How many seconds before `earliest` the cache that was seen may turn."""
    if run.kind not in NEGATIVE:
        return ROUNDED_UP + (BIND_PREFETCH if run.seen == "bind" else 0)
    # In Unbound the absences of one zone share one SOA, whose TTL begins anew with each of them: what is seen to be left
    # is too long, never too short.
    return ROUNDED_UP + (run.ttl if run.seen == "unbound" else 0)


def promised(outcome, said):
    """(earliest, latest) of a range that was printed; of what was not yet mended, with the time that the mending took on
    top. None when none was."""
    if said.latest is None:
        return None
    shift = 0 if said.basis == "observed" else outcome.everywhere - said.at
    return said.earliest + shift, said.latest + shift


# ---- the table

def carry_out(runs, scene, program, between_starts):
    mending = Mending(scene)
    with concurrent.futures.ThreadPoolExecutor(len(runs)) as pool:
        jobs = [pool.submit(carry_out_one, run, scene, mending, program, at * between_starts)
                for at, run in enumerate(runs)]
        outcomes = [job.result() for job in jobs]
    late = tell(outcomes)
    dead = scene.running.ended()
    if dead:
        print(f"servers ended on their own: {', '.join(dead)}\n{scene.running.logs()}")
    return 1 if late or dead or any(outcome.complaints for outcome in outcomes) else 0


HEAD = (f"{'run':>3}  {'cache':14}  {'wrong':11}  {'servers':9}  {'TTL':>10}  {'asked':5}  {'planted':>7}  {'lag':>4}  "
        f"{'if fixed now':>13}  {'disagreeing':>13}  {'observed':>13}  {'turned':>6}  inside")


def tell(outcomes):
    """Prints the table; returns how many turned after a `latest`."""
    print(HEAD)
    late = 0
    for outcome in outcomes:
        for receiver in outcome.receivers.values():
            ranges = [promised(outcome, said) for _, said in outcome.checks]
            in_time = all(receiver.last_wrong < each[1] for each in ranges if each)
            late += not in_time
            print(row(outcome, receiver, ranges, in_time))
        for line in outcome.complaints:
            print(f"     WRONG: {line}")
    tell_early(outcomes)
    for cache in CACHES:
        said = {without_recursion(outcome.receivers[cache]) for outcome in outcomes}
        print(f"asked without recursion for what it held, {cache} said {', '.join(sorted(said))}")
    print(f"{len(outcomes)} runs: {late} turned after latest")
    return late


def row(outcome, receiver, ranges, in_time):
    run, zero = outcome.run, outcome.everywhere
    shown = "  ".join(f"{f'{each[0] - zero:+.1f}..{each[1] - zero:+.1f}' if each else '-':>13}" for each in ranges)
    turned = f"{receiver.first_right - zero:+.1f}" if receiver.first_right else "never"
    return (f"{run.number:3}  {receiver.cache:7} {'seen' if receiver.cache == run.seen else 'unseen':6}  {run.kind:11}  "
            f"{run.primary + '>' + run.secondary:9}  {'signed ' if run.signed else '       '}{run.ttl:3}  "
            f"{'busy' if run.busy else 'quiet':5}  {receiver.planted - zero:+7.1f}  {outcome.lag:4.1f}  {shown}  {turned:>6}  "
            f"{'yes' if in_time else 'NO'}")


def tell_early(outcomes):
    """How long before `earliest` those caches turned that it speaks of."""
    margins = {}
    for outcome in outcomes:
        seen, said = outcome.receivers[outcome.run.seen], outcome.after
        if said.latest is not None and seen.first_right is not None:
            held = "absence" if outcome.run.kind in NEGATIVE else "old record"
            margins.setdefault((outcome.run.seen, held), []).append(said.earliest - seen.first_right)
    for (cache, held), each in sorted(margins.items()):
        print(f"{len(each)} observed ranges, {cache} seen to hold an {held}: it turned {min(each):.1f} to {max(each):.1f} s "
              f"before earliest")


def without_recursion(receiver):
    reply = receiver.without_recursion
    if reply is None:
        return "nothing"
    return {3: "NXDOMAIN", 5: "REFUSED"}.get(reply.rcode, "the old record" if reply.answer_count else "NODATA")
