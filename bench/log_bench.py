#!/usr/bin/env python3
"""How fast mail logs are read, with attribution, beside programs that only search or sum up; the ratios in the last line.

    bench/log_bench.py BIN_FOLDER [--octets 1000000000] [--runs 5] [--work FOLDER] [--large]

BIN_FOLDER holds log_bench and mail_log (preset bench). Everything runs on one core, the file in the page cache; each figure
is the best of its runs. rg and grep look for the same five words. pflogsumm reads the first tenth, its time is scaled.
--large also reads a repeated file of 10 MB up to 10 GB through a pipe: memory must stay where it is.
"""
import argparse
import os
import shutil
import subprocess
import time

WORDS = ["said: ", "refused to talk to me: ", "reject: ", " does not resolve to address ", "status=bounced"]


def run(command, runs, stdin=None):
    """Best seconds, peak memory in MiB, output; None when the program is not there."""
    if shutil.which(command[0]) is None:
        return None
    best, peak, out = None, 0, b""
    for _ in range(runs):
        begin = time.perf_counter()
        with subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"},
                              preexec_fn=lambda: os.sched_setaffinity(0, {core})) as process:
            out = process.stdout.read()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
        took = time.perf_counter() - begin
        best = took if best is None else min(best, took)
        peak = max(peak, usage.ru_maxrss // 1024)
    return best, peak, out.decode(errors="replace").strip()


def show(name, octets, result, scale=1.0):
    if result is None:
        print(f"{name:34} not installed")
        return None
    seconds = result[0] * scale
    print(f"{name:34} {seconds:8.3f} s  {octets / seconds / 1e9:6.2f} GB/s  {result[1]:5} MiB" + ("  (scaled)" if scale != 1.0 else ""))
    return seconds


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("bin")
parser.add_argument("--octets", type=int, default=1_000_000_000)
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--work", default=os.path.join(os.environ.get("TMPDIR", "/tmp"), "fcrdns-log-bench"))
parser.add_argument("--large", action="store_true")
options = parser.parse_args()
core = max(os.sched_getaffinity(0))
os.makedirs(options.work, exist_ok=True)
log = os.path.join(options.work, f"{options.octets}.log")
reader = os.path.join(options.bin, "log_bench")
refusals = os.path.join(os.path.dirname(os.path.abspath(__file__)), "refusals.tsv")

if not os.path.exists(log):
    with open(log + ".part", "wb") as out:
        subprocess.run([os.path.join(options.bin, "mail_log"), refusals, str(options.octets)], stdout=out, check=True)
    os.rename(log + ".part", log)
octets = os.path.getsize(log)
subprocess.run(["cat", log], stdout=subprocess.DEVNULL, check=True)

search = [argument for word in WORDS for argument in ("-e", word)]
ours = run([reader, log], options.runs)
print(ours[2].splitlines()[0])
seconds = {"fcrdns": show("fcrdns, every refusal attributed", octets, ours)}
seconds["rg"] = show("rg -F -c, five words", octets, run(["rg", "-F", "-c", *search, log], options.runs))
seconds["grep"] = show("grep -F -c, five words", octets, run(["grep", "-F", "-c", *search, log], options.runs))

tenth = os.path.join(options.work, "tenth.log")
with open(log, "rb") as whole, open(tenth, "wb") as part:
    for _ in range(0, octets // 10, 1 << 20):  # little at a time: a program started later is charged with what we hold
        part.write(whole.read(1 << 20))
seconds["pflogsumm"] = show("pflogsumm", octets, run(["pflogsumm", tenth], 1), octets / os.path.getsize(tenth))

for tool, suffix, unpacker in (("gzip", ".gz", "zcat"), ("xz", ".xz", "xzcat"), ("zstd", ".zst", "zstdcat")):
    packed = tenth + suffix
    if shutil.which(tool) is None:
        continue
    subprocess.run([tool, "-c", *(["-2"] if tool == "xz" else []), tenth], stdout=open(packed, "wb"), check=True)
    size = os.path.getsize(tenth)
    seconds[suffix] = show(f"fcrdns, {suffix} (octets unpacked)", size, run([reader, packed], options.runs))
    seconds[unpacker] = show(f"{unpacker}, into a pipe", size, run([unpacker, packed], options.runs))

if options.large:
    part = os.path.join(options.work, "10m.log")
    with open(log, "rb") as whole, open(part, "wb") as small:
        small.write(whole.read(10_000_000))
    for times in (1, 10, 100, 1000):
        with subprocess.Popen(["sh", "-c", f'i=0; while [ $i -lt {times} ]; do cat "$0"; i=$((i+1)); done', part], stdout=subprocess.PIPE) as feed:
            show(f"fcrdns, {times * 10} MB through a pipe", times * 10_000_000, run([reader, "-"], 1, feed.stdout))

ratio = lambda other: f"{seconds[other] / seconds['fcrdns']:.2f}" if seconds.get(other) else "?"
print(f"logs: {octets / seconds['fcrdns'] / 1e9:.2f} GB/s with attribution; {ratio('rg')} x rg -F -c, {ratio('grep')} x grep -F, {ratio('pflogsumm')} x pflogsumm; "
      f"{ours[1]} MiB at most")
