"""A PowerDNS of Debian's packages (not installed) on loopback, with its HTTP API and zones in an SQLite file."""

import json
import os
import socket
import sqlite3
import subprocess
import time
import urllib.request

PACKAGES = ["pdns-server", "pdns-backend-sqlite3"]


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PowerDns:
    """`dns`: the address and port it answers the DNS at; otherwise a free port of loopback."""

    def __init__(self, programs, folder, key, dns=None):
        self.folder, self.key = folder, key
        database = os.path.join(folder, "pdns.sqlite3")
        schema = os.path.join(programs.root, "usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
        if not os.path.exists(schema):  # installed on this machine
            schema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"
        with open(schema, encoding="utf-8") as source, sqlite3.connect(database) as connection:
            connection.executescript(source.read())
        modules = [os.path.join(base, "usr/lib", machine, "pdns") for base in (programs.root, "/")
                   for machine in (os.uname().machine + "-linux-gnu",)]
        self.api = free_port(socket.SOCK_STREAM)
        address, port = dns or ("127.0.0.1", free_port(socket.SOCK_DGRAM))
        settings = {"launch": "gsqlite3", "gsqlite3-database": database, "socket-dir": folder, "local-address": address,
                    "local-port": port, "webserver": "yes", "webserver-address": "127.0.0.1", "webserver-port": self.api,
                    "api": "yes", "api-key": key, "daemon": "no", "guardian": "no", "disable-syslog": "yes", "consistent-backends": "yes",
                    "module-dir": next((path for path in modules if os.path.isdir(path)), modules[0]), "cache-ttl": 0,
                    "query-cache-ttl": 0, "negquery-cache-ttl": 0, "zone-cache-refresh-interval": 0, "config-dir": folder}
        self.log = open(os.path.join(folder, "pdns.log"), "w", encoding="utf-8")
        self.process = subprocess.Popen([programs.path("pdns_server"), *(f"--{name}={value}" for name, value in settings.items())],
                                        env=programs.env, stdout=self.log, stderr=subprocess.STDOUT)
        self.wait()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.api}"

    def wait(self):
        for _ in range(200):
            if self.process.poll() is not None:
                break
            try:
                self.ask("GET", "")
                return
            except OSError:
                time.sleep(0.05)
        self.log.flush()
        with open(self.log.name, encoding="utf-8") as log:
            raise RuntimeError("pdns_server does not answer: " + log.read().strip().splitlines()[-1])

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/api/v1/servers/localhost{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"X-API-Key": self.key, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            octets = reply.read()
            return json.loads(octets) if octets else None

    def add_zone(self, name, rrsets=(), kind="Native"):
        more = {"masters": ["127.0.0.1"]} if kind == "Slave" else {"nameservers": ["ns1.example.net."]}
        self.ask("POST", "/zones", {"name": name, "kind": kind, **more, "rrsets": [
            {"name": owner, "type": rtype, "ttl": ttl, "records": [{"content": content, "disabled": disabled} for content, disabled in records],
             "comments": [{"content": comment, "account": "ops"} for comment in comments]}
            for owner, rtype, ttl, records, comments in rrsets]})

    def replace(self, zone, name, rtype, content):
        """One record in place of all, or none."""
        records = [{"content": content, "disabled": False}] if content else []
        self.ask("PATCH", f"/zones/{zone}", {"rrsets": [{"name": name, "type": rtype, "changetype": "REPLACE" if content else "DELETE",
                                                         **({"ttl": 60, "records": records} if content else {})}]})

    def rrset(self, zone, name, rtype):
        """(ttl, [content], [disabled content], [comment]) as the API shows it; None when there is none."""
        for each in self.ask("GET", f"/zones/{zone}")["rrsets"]:
            if (each["name"], each["type"]) == (name, rtype):
                return (each["ttl"], sorted(r["content"] for r in each["records"] if not r["disabled"]),
                        [r["content"] for r in each["records"] if r["disabled"]], [c["content"] for c in each["comments"]])
        return None

    def end(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()
