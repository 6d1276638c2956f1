"""nats-server as tests and measurements need it: a cluster on the loopback, or one server with a password."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request

WANTED = ["nats-server"]


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


class Server:
    def __init__(self, programs, folder, name, lines):
        self.port, self.monitor = free_ports(2)
        self.programs, self.name, self.home, self.process = programs, name, os.path.join(folder, name), None
        os.makedirs(self.home)
        with open(os.path.join(self.home, "conf"), "w", encoding="ascii") as out:
            out.write("\n".join([f"server_name: {name}", f'listen: "127.0.0.1:{self.port}"', f'http: "127.0.0.1:{self.monitor}"',
                                 f'jetstream {{ store_dir: "{self.home}/js", max_mem: 64M, max_file: 2G }}', *lines]) + "\n")

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def start(self):
        with open(os.path.join(self.home, "log"), "ab") as log:
            self.process = subprocess.Popen([self.programs.path("nats-server"), "-c", os.path.join(self.home, "conf")], cwd=self.home,
                                            env=self.programs.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def said(self, path):
        """What it tells about itself, or None while it does not."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor}{path}", timeout=2) as reply:
                return json.load(reply)
        except (OSError, ValueError):
            return None

    def publish(self, subject, payload):
        """As a stranger who may write there: the protocol in four lines."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            reader = line.makefile("rb")
            reader.readline()
            line.sendall(b"CONNECT {}\r\nPUB %s %d\r\n%s\r\nPING\r\n" % (subject.encode(), len(payload), payload))
            while not reader.readline().startswith(b"PONG"):
                pass


def until(what, right, patience=30):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = right()
        if found:
            return found
        time.sleep(0.1)
    raise RuntimeError(f"not within {patience} s: {what}")


def start_cluster(programs, folder, count=3):
    """The servers, once they have chosen a leader and know of one another."""
    routes = free_ports(count)
    listed = ", ".join(f'"nats://127.0.0.1:{port}"' for port in routes)
    servers = [Server(programs, folder, f"n{i + 1}", [f'cluster {{ name: test, listen: "127.0.0.1:{route}", routes: [{listed}] }}'])
               for i, route in enumerate(routes)]
    for server in servers:
        server.start()

    def is_whole():
        said = [(server.said("/jsz") or {}).get("meta_cluster", {}) for server in servers]
        return any(len([peer for peer in one.get("replicas") or [] if peer.get("current")]) == count - 1 for one in said)
    until("the cluster has a leader and all are current", is_whole)
    return servers


def start_single(programs, folder, name="single", lines=()):
    server = Server(programs, folder, name, list(lines))
    server.start()
    until("the server is up", lambda: server.said("/healthz"))
    return server


def leader_of(servers, stream):
    """Which of them leads a stream."""
    for server in servers:
        for account in (server.said("/jsz?streams=true&accounts=true") or {}).get("account_details", []):
            for detail in account.get("stream_detail") or []:
                if detail["name"] == stream and detail.get("cluster", {}).get("leader"):
                    name = detail["cluster"]["leader"]
                    return next(each for each in servers if each.name == name)
    raise RuntimeError(f"nobody leads {stream}")
