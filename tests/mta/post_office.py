"""Inside the namespaces: the receivers' servers, and each mail server in a root of its own, all at the same time.

    post_office.py WORK FOLDER PACKAGES...    private roots go below WORK, logs and bounces into FOLDER
"""

import os
import signal
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

import namespace
import sink
from exim import Exim
from opensmtpd import OpenSmtpd
from postfix import Postfix
from private_root import Failed, NoMount, PrivateRoot
from receivers import CLIENT4, CLIENT6, HOST, RECEIVERS
from sendmail import Sendmail

SERVERS = [Postfix, Exim, OpenSmtpd, Sendmail]
SECONDS = 80  # OpenSMTPD takes 20; a machine that is busy with other tests may take its time
SKIPPED = 77


def keep(server, folder):
    """postfix.log, postfix-gmail-421.eml, postfix-gmail-421-warning.eml, ..."""
    with open(os.path.join(folder, server.name + ".log"), "wb") as out:
        out.write(server.log())
    for name, octets in server.notices().items():
        with open(os.path.join(folder, f"{server.name}-{name}.eml"), "wb") as out:
            out.write(octets)


def run(kind, root, folder):
    try:
        server = kind(root)
        try:
            if not server.run(SECONDS):
                print(f"{kind.name}: after {SECONDS} s nothing came back for {', '.join(server.missing())}")
        finally:
            keep(server, folder)
    except (Failed, OSError, subprocess.SubprocessError) as error:
        print(f"{kind.name}: {error}")


def main(work, folder, packages):
    try:
        namespace.bring_up_loopback()
        namespace.own([receiver.address for receiver in RECEIVERS] + [CLIENT4, CLIENT6])
        socket.sethostname(HOST)
        roots = [PrivateRoot(os.path.join(work, kind.name), unpacked) for kind, unpacked in zip(SERVERS, packages)]
    except (NoMount, OSError) as error:
        print(f"skipped: {error}")
        return SKIPPED
    sink.start(RECEIVERS)
    threads = [threading.Thread(target=run, args=(kind, root, folder)) for kind, root in zip(SERVERS, roots)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(143)  # the first process of the PID namespace: all others end with it


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    threading.Thread(target=end_with_parent, daemon=True).start()
    status = main(sys.argv[1], sys.argv[2], sys.argv[3:])
    sys.stdout.flush()
    os._exit(status)
