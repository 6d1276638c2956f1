"""Inside `fcrdns lab`: the hosts are made, send mail, and doctor is asked on them.

    stories_stage.py PACKAGES FOLDER FCRDNS ANCHOR...
"""

import concurrent.futures
import os
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", room) for room in ("e2e", "mta")]

import packages as debian
import stories_hosts
from private_root import Failed, NoMount
from stories_internet import Internet

SKIPPED = 77


def main(packages, folder):
    nft = debian.Programs(packages)
    internet = Internet()
    def make(host):
        began = time.monotonic()
        place = stories_hosts.Place(host, os.path.join(folder, host.name), packages, internet, nft)
        to = [f"{host.name}@{where}.receiver.example" for where in ("v4", "v6")]
        told = place.postfix.hand_over(*to)
        os.environ.get("DBG") and print(subprocess.run([*place.machine.enter,"sh","-c",os.environ["DBG"]],capture_output=True,text=True))
        return f"{host.name}: {time.monotonic() - began:.1f} s\n" + "".join(f"  {a} {internet.seen.get(a)} {told[a]}\n" for a in to)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(make, host) for host in stories_hosts.HOSTS if not sys.argv[4:] or host.name in sys.argv[4:]]:
            try:
                print(future.result())
            except Exception as e:
                import traceback; traceback.print_exc()
    sys.stdout.flush()
    return 0

def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(143)  # the first process of the PID namespace: all others end with it


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        status = main(*sys.argv[1:3])
    except (NoMount, OSError) as error:
        print(f"skipped: {error}")
        status = SKIPPED
    sys.stdout.flush()
    os._exit(status)
