"""The responder of bench/ on a free port, what its pool's rows have to be, and a scan of it."""
import collections
import gzip
import os
import signal
import socket
import subprocess


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Pool:
    """10.0.0.0 and the addresses behind it, each with a verdict that is known."""

    def __init__(self, responder, count):
        self.port = free_port()
        self.server = subprocess.Popen([responder, str(self.port)], stdout=subprocess.DEVNULL)
        truth = subprocess.run([responder, "--truth", str(count)], capture_output=True, text=True, check=True).stdout
        self.truth = {line.split("\t", 1)[0]: line for line in truth.splitlines()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    @property
    def resolver(self):
        return f"127.0.0.1:{self.port}"

    def wrong_rows(self, text, expected):
        """What is wrong with these TSV rows, a few lines; `expected` counts each address, or bad line as it is shown."""
        rows, wrong = collections.Counter(), []
        for line in text.splitlines():
            fields = line.split("\t")
            rows[fields[0]] += 1
            if len(fields) < 6:
                wrong.append(f"not a whole row: {line!r}")
            elif fields[0] in self.truth and "\t".join(fields[:5]) != self.truth[fields[0]]:
                wrong.append(f"{line!r} instead of {self.truth[fields[0]]!r}")
        if text and not text.endswith("\n"):
            wrong.append("the last line has no end")
        for name, sign in (("lost", expected - rows), ("doubled", rows - expected)):
            if sign:
                wrong.append(f"{name}: {sum(sign.values())}, among them {list(sign)[:3]}")
        return wrong[:5]


def rows_of(path):
    """The rows in a file, unpacked."""
    if path.endswith(".gz"):
        with gzip.open(path, "rt", encoding="ascii", newline="\n") as rows:
            return rows.read()
    if path.endswith(".zst"):
        return subprocess.run(["zstd", "-dcq", path], capture_output=True, text=True, check=True).stdout
    with open(path, encoding="ascii", newline="\n") as rows:
        return rows.read()


def address(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Report:
    """Counts what is wrong, and tells it."""

    def __init__(self):
        self.wrong = 0

    def check(self, what, *problems):
        problems = [problem for problem in problems if problem]
        if problems:
            self.wrong += 1
            print(f"WRONG  {what}", *problems, sep="\n         ")
        else:
            print(f"right  {what}")

    def exit_code(self):
        return 1 if self.wrong else 0


def environment():
    return {key: value for key, value in os.environ.items() if not key.startswith("FCRDNS_")}
