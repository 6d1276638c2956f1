#!/usr/bin/env python3
"""An RDAP server for tests (RFC 7480, 9082, 9083), on loopback only: honest by its data file, hostile by name.

    rdap_server.py [--data FILE] [--address 127.0.0.1] [--port 0] [--tls]

It prints its base URL (with --tls a space and the file of its own authority), then serves until its standard input
ends. The line "stats" on standard input is answered by one line of JSON: requests, octets sent, and the paths asked.

    /ip/ADDRESS           the entry of the data file with the longest prefix, or 404
    /ip/198.51.100.N      the hostile behaviour number N of HOSTILE, in its order from 1
    /hostile/WORD[/...]   the same, by name
    /files/NAME           a file below the folder of --files (bootstrap lists), as application/json
"""
import argparse
import http.server
import ipaddress
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
NETWORK = {"objectClassName": "ip network", "handle": "H", "name": "HOSTILE-NET",
           "startAddress": "198.51.100.0", "endAddress": "198.51.100.255"}


def person(*rows, **more):
    return {"roles": ["registrant"], "vcardArray": ["vcard", list(rows)], **more}


def good():
    return dict(NETWORK, entities=[person(["fn", {}, "text", "Good Org"], ["kind", {}, "text", "org"])])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "rdap-double"

    def log_message(self, *_):
        pass

    # ---- what is sent ----

    def send(self, octets):
        with self.server.lock:
            self.server.octets += len(octets)
        self.wfile.write(octets)

    def reply(self, status, body=b"", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        headers = {"content_type": "application/rdap+json", "content_length": str(len(body)), **headers}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.send(body)

    def redirect(self, location, status=302):
        self.reply(status, location=location)

    def own(self, path, scheme=None, host=None):
        return f"{scheme or self.server.scheme}://{host or self.server.server_address[0]}:{self.server.server_address[1]}{path}"

    def stream(self, piece, count=None):
        """The piece again and again, until the other side has had enough."""
        sent = 0
        while count is None or sent < count:
            self.send(piece)
            sent += 1

    # ---- who asks ----

    def do_GET(self):
        with self.server.lock:
            self.server.requests += 1
            self.server.paths.append(self.path)
        try:
            self.route()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def route(self):
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[0] == "hostile" and len(parts) > 1 and parts[1] in HOSTILE:
            return HOSTILE[parts[1]](self, parts[2:])
        if parts[0] == "files" and len(parts) == 2 and self.server.files:
            file = pathlib.Path(self.server.files) / parts[1]
            headers = {"cache_control": f"max-age={self.server.max_age}"} if self.server.max_age is not None else {}
            if file.is_file():
                return self.reply(200, file.read_bytes(), content_type="application/json", **headers)
            return self.reply(404)
        if parts[0] == "ip" and len(parts) == 2:
            return self.look_up(ipaddress.ip_address(parts[1]))
        return self.reply(404, {"errorCode": 404, "title": "Not Found"})

    def look_up(self, address):
        first = ipaddress.ip_address("198.51.100.0")
        if address.version == 4 and first < address <= first + len(HOSTILE):
            return list(HOSTILE.values())[int(address) - int(first) - 1](self, [])
        holding = [prefix for prefix in self.server.data if address in prefix]
        if not holding:
            return self.reply(404, {"errorCode": 404, "title": "Not Found"})
        return self.reply(200, self.server.data[max(holding, key=lambda prefix: prefix.prefixlen)])

    # ---- hostile ----

    def chain(self, rest):
        number = int(rest[0]) if rest and rest[0].isdigit() else 0
        if number == 20:
            return self.reply(200, good())
        return self.redirect(f"/hostile/redirect_chain/{number + 1}")

    def five(self, rest):
        number = int(rest[0]) if rest and rest[0].isdigit() else 0
        if number == 5:
            return self.reply(200, good())
        return self.redirect(f"/hostile/redirect_five/{number + 1}", 307)

    def drip(self, _):
        """One octet a second, and no end."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not self.server.ending.wait(1):
            self.send(b"1\r\n \r\n")

    def silent(self, _):
        self.server.ending.wait(600)
        self.close_connection = True

    def hundred_megabytes(self, _):
        self.send_response(200)
        self.send_header("Content-Length", str(100 << 20))
        self.end_headers()
        self.stream(b" " * 65536, 1600)

    def endless(self, _):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.stream(b"10000\r\n" + b" " * 65536 + b"\r\n")

    def endless_header(self, _):
        self.send(b"HTTP/1.1 200 OK\r\n")
        self.stream(b"X-More: " + b"y" * 1000 + b"\r\n")

    def no_http(self, _):
        self.send(b"220 mail.example ESMTP\r\n")
        self.close_connection = True


def sends(body, status=200, **headers):
    return lambda handler, _: handler.reply(status, body() if callable(body) else body, **headers)


def leads(location):
    return lambda handler, _: handler.redirect(location(handler) if callable(location) else location)


HOSTILE = {
    "redirect_chain": Handler.chain,                                                   # 198.51.100.1
    "redirect_loop": leads("/hostile/redirect_loop"),
    "redirect_http": leads(lambda h: h.own("/ip/203.0.113.5", scheme="http")),
    "redirect_loopback": leads(lambda h: h.own("/ip/203.0.113.5", host="localhost")),   # not the origin that was named
    "redirect_link_local": leads("http://169.254.169.254/latest/meta-data/"),          # 5
    "redirect_link_local6": leads("http://[fe80::1]/"),
    "redirect_mapped": leads("http://[::ffff:127.0.0.1]:9/"),
    "redirect_decimal": leads("http://2130706433:9/"),                                 # 127.0.0.1 as one number
    "redirect_file": leads("file:///etc/passwd"),
    "redirect_gopher": leads("gopher://127.0.0.1:25/_HELO"),                           # 10
    "redirect_password": leads(lambda h: h.own("/ip/203.0.113.5").replace("://", "://user:secret@")),
    "redirect_nowhere": leads("http://"),
    "redirect_five": Handler.five,
    "body_100mb": Handler.hundred_megabytes,
    "body_endless": Handler.endless,                                                   # 15
    "header_endless": Handler.endless_header,
    "no_http": Handler.no_http,
    "slow": Handler.drip,
    "silent": Handler.silent,
    "deep": sends(lambda: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),          # 20
    "deep_objects": sends(lambda: b'{"entities":[' * 50_000),
    "wrong_types": sends(lambda: dict(NETWORK, handle=7, name=["x"], country={"a": 1}, startAddress=True, entities=[
        None, 5, [], person(["fn", {}, "text", "Wrong Types Ltd"]), {"roles": "registrant", "vcardArray": {}}])),
    "duplicate_keys": sends(b'{"objectClassName":"ip network","name":"ONE","name":"TWO","handle":"H","handle":3}'),
    "bad_jcard": sends(lambda: dict(NETWORK, entities=[
        person([], [1, 2, 3, 4], ["fn"], ["fn", {}, "text"], ["fn", {}, "text", {"a": 1}], ["org", {}, "text", [["x"]]]),
        person("fn"), person(["fn", {}, "text", "Second Try Ltd"], ["email", {}, "text", "no mail address"])])),
    "not_json": sends(b"<html>Service unavailable</html>", content_type="text/html"),  # 25
    "empty": sends(b""),
    "other_object": sends({"objectClassName": "domain", "handle": "H"}),
    "other_block": sends(lambda: dict(good(), startAddress="192.0.2.0", endAddress="192.0.2.255")),
    "escapes": sends(lambda: dict(NETWORK, name="\x1b[31m\r\nred", entities=[
        person(["fn", {}, "text", "a" * 5000 + "\u202e"], ["email", {}, "text", "a\u0000b@example.net"])])),
    "limited": sends({"errorCode": 429, "title": "Too Many"}, 429, retry_after="86400"),  # 30
    "not_found": sends({"errorCode": 404, "title": "Not Found"}, 404),
    "error_code": sends({"errorCode": 404, "title": "Not Found"}),
    "error_limited": sends({"errorCode": 429, "title": "Slow down"}),
    "forbidden": sends(b"", 403),
    "trouble": sends(b"", 503),                                                         # 35
    "redirect_without_location": sends(b"", 302),
}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):  # a client that gave up; what it did is counted
        pass


def make_certificate(folder, address):
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=rdap double", "-addext", f"subjectAltName=IP:{address},DNS:localhost",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", default=HERE / "registry.json")
    options.add_argument("--files")
    options.add_argument("--max-age", type=int)
    options.add_argument("--address", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--tls", action="store_true")
    given = options.parse_args()

    server = Server((given.address, given.port), Handler)
    server.data = {ipaddress.ip_network(prefix): reply
                   for prefix, reply in json.loads(pathlib.Path(given.data).read_text()).items()}
    server.files, server.max_age = given.files, given.max_age
    server.lock, server.ending = threading.Lock(), threading.Event()
    server.requests, server.octets, server.paths = 0, 0, []
    server.scheme = "https" if given.tls else "http"
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        authority = ""
        if given.tls:
            certificate, key = make_certificate(folder, given.address)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            authority = f" {certificate}"
        print(f"{server.scheme}://{given.address}:{server.server_address[1]}/{authority}", flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for line in sys.stdin:
            if line.strip() == "stats":
                with server.lock:
                    print(json.dumps({"requests": server.requests, "octets": server.octets, "paths": server.paths}), flush=True)
        server.ending.set()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
