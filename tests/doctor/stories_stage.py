"""Inside `fcrdns lab`: the hosts are made, send mail, and doctor is asked on them.

    stories_stage.py PACKAGES FOLDER FCRDNS WORD... [--keep DIR] [--print]
"""

import argparse
import concurrent.futures
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", room) for room in ("e2e", "mta")]

import packages as debian
from private_root import Failed, NoMount, mount
from stories_hosts import HOSTS, Place
from stories_internet import Internet
from stories_machine import PATH
from stories_screens import SCREENS, compare
from stories_table import STORIES

SKIPPED = 77
AT_ONCE = 4
REFUSED = 41  # mails of the docker host, over IPv6


class Stage:
    def __init__(self, packages, folder, program):
        self.packages, self.folder, self.program = packages, folder, program
        self.tools = debian.Programs(packages)
        self.tools.env["XTABLES_LIBDIR"] = glob.glob(os.path.join(packages, "usr/lib/*/xtables"))[0]
        self.internet = Internet()
        self.places = {}

    def bring(self, machine):
        """The program, and the root's key: what doctor needs on a machine."""
        machine.write("/usr/local/bin/fcrdns", "")
        mount("--bind", self.program, machine.at("/usr/local/bin/fcrdns"))
        shutil.copy(os.environ["FCRDNS_TRUST_ANCHOR"], machine.at("/etc/root.key"))

    def make(self, name):
        """The host; it has sent a mail over each family, whatever became of it."""
        place = Place(HOSTS[name], os.path.join(self.folder, name), self.packages, self.internet, self.tools, self.bring)
        if place.postfix:
            if HOSTS[name].behind == "mailcow":
                self.be_refused(place)
            place.postfix.hand_over(*(self.recipient(name, family) for family in (4, 6)))
        self.places[name] = place

    @staticmethod
    def recipient(host, family):
        return f"{host}@v{family}.receiver.example"

    def seen(self, host, family):
        """(source, HELO) as the receiver of that family saw it; None: nobody came."""
        return self.internet.seen.get(self.recipient(host, family))

    @staticmethod
    def be_refused(place):
        """Gmail refuses what comes over IPv6. Postfix picks the family by chance: never more than are still wanted."""
        refused, number = 0, 0
        while refused < REFUSED:
            batch = [f"m{number + i}@gmail.com" for i in range(REFUSED - refused)]
            number += len(batch)
            refused += sum(status == "bounced" for status, _ in place.postfix.hand_over(*batch).values())

    def doctor(self, host, *words, user=0, inside=False):
        place = self.places[host]
        machine = place.sender if inside else place.machine
        who = ["-S", str(user), "-G", str(user)] if user else []
        done = subprocess.run([*machine.enter, *who, "fcrdns", "doctor", *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env=PATH | {"FCRDNS_TRUST_ANCHOR": "/etc/root.key", "FCRDNS_NO_RDAP": "1"})
        return done.returncode, done.stdout.decode(), done.stderr.decode()


def faults(stage, story, code, text, document):
    """What is wrong with what doctor said, a line each."""
    if code != story.exit:
        yield f"exit {code}, not {story.exit}"
    found = {finding["id"]: finding["severity"] for finding in document.get("findings", [])}
    for which in sorted(found.items() - story.finds.items()):
        yield "said, but not so: " + " ".join(which)
    for which in sorted(story.finds.items() - found.items()):
        yield "not said: " + " ".join(which)
    for words in story.says:
        if words not in text:
            yield f'not printed: "{words}"'
    for words in story.unsaid:
        if words in text:
            yield f'printed: "{words}"'
    if story.seen:
        for family in (4, 6):
            yield from differences(stage.seen(story.on, family), document.get("paths", []), family, story.known.get(family, "interface"))


    if story.outcome:
        seen = stage.internet.seen.get(story.words[-1])
        yield from unlike(document.get("observed") or {}, story.outcome, seen)
        ways = [path["source_outside"] for path in document.get("paths", []) if path["destination"] == story.words[-1].split("@")[1]]
        if not seen or seen[0] not in ways:
            yield f"test mail: the receiver saw {seen}, predicted {ways}"


def unlike(observed, outcome, seen):
    """What is wrong with the tale of the test mail; `seen` is what its receiver saw."""
    if observed.get("trouble") or not observed.get("attempts"):
        yield f"test mail: {observed.get('trouble')}"
        return
    last = observed["attempts"][-1]
    if last["outcome"] != outcome:
        yield f"test mail: {last['outcome']}, not {outcome}"
    if last["quoted"] and last["quoted"] != seen[0]:
        yield f"test mail: quoted {last['quoted']}, the receiver saw {seen}"
    comparisons = [(one["what"], one["is"], one["predicted"], one["seen"]) for one in observed["comparisons"]]
    if not any(one[1] == "as_predicted" for one in comparisons) or any(one[1] == "otherwise" for one in comparisons):
        yield f"test mail: the receiver saw {seen}, and this was made of it: {comparisons}"


def differences(seen, paths, family, known):
    """Between what a receiver saw and what doctor predicts of the way there."""
    mine = [path for path in paths if path["destination"] == f"v{family}.receiver.example" and str(path["family"]).endswith(str(family))]
    for path in mine:
        told = (path["source_outside"], path["helo"]) if path["source_outside"] else None
        if told != seen:
            yield f"IPv{family}: the receiver saw {seen}, predicted {told}"
        elif told and path["known_from"] != known:
            yield f"IPv{family}: known from {path['known_from']}, not {known}"
    if not mine:
        yield f"IPv{family}: no path to v{family}.receiver.example; the receiver saw {seen}"


def perform(stage, story, given):
    """What is wrong, and how it reads."""
    code, text, error = stage.doctor(story.on, *story.words, user=story.user, inside=story.inside)
    code_of_json, octets, error_of_json = stage.doctor(story.on, *story.words, "--json", user=story.user, inside=story.inside)
    try:
        document = json.loads(octets)
    except ValueError:
        document = {}
    if given.keep:
        name = story.name.replace(" ", "_").replace("/", "")
        for end, what in (("txt", text + error), ("json", octets + error_of_json)):
            with open(os.path.join(given.keep, f"{name}.{end}"), "w", encoding="utf-8") as out:
                out.write(what)
    wrong = list(faults(stage, story, code, text + error, document))
    if code != code_of_json:
        wrong.append(f"exit {code}, with --json {code_of_json}")
    return wrong, text + error if given.print else ""


def wanted(rows, words):
    return [row for row in rows if not words or any(word in getattr(row, "name", getattr(row, "title", "")) or word == row.on for word in words)]


def play(stage, given):
    """How many stories and screens there were, and how many of them were wrong."""
    stories, screens = wanted(STORIES, given.words), wanted(SCREENS, given.words)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(stage.make, dict.fromkeys(row.on for row in [*stories, *screens])))
        for story, (wrong, text) in zip(stories, pool.map(lambda story: perform(stage, story, given), stories)):
            saw = "  ".join(seen[0] for family in (4, 6) if (seen := stage.seen(story.on, family)))
            print(f"{'WRONG' if wrong else 'ok':5}  {story.name:42} receivers saw {saw or 'nobody'}", *(f"         {line}" for line in wrong), sep="\n")
            if text:
                print(text)
            failed += bool(wrong)
    for screen in screens:
        _, text, error = stage.doctor(screen.on, *screen.words, user=screen.user)
        wrong = compare(screen, text + error)
        print(f"{'WRONG' if wrong else 'ok':5}  screen: {screen.title}", *([wrong] if wrong else []), sep="\n")
        failed += bool(wrong)
    return len(stories) + len(screens), failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep")
    parser.add_argument("--print", action="store_true")
    for word in ("packages", "folder", "program"):
        parser.add_argument(word)
    parser.add_argument("words", nargs="*")
    given = parser.parse_intermixed_args()
    began = time.monotonic()
    if given.keep:
        os.makedirs(given.keep, exist_ok=True)
    stage = Stage(given.packages, given.folder, given.program)
    count, failed = play(stage, given)
    print(f"{count} stories, {failed} wrong ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(143)  # the first process of the PID namespace: all others end with it


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        status = main()
    except NoMount as error:
        print(f"skipped: {error}")
        status = SKIPPED
    except (Failed, OSError, subprocess.SubprocessError) as error:
        print(f"the stage gave way: {error}")
        status = 1
    sys.stdout.flush()
    os._exit(status)
