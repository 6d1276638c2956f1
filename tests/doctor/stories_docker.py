"""The part of dockerd's API that tells which containers run, on its socket (Docker Engine API 1.41: GET /containers/json,
GET /containers/NAME/json)."""

import http.server
import json
import os
import re
import socketserver
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        container = self.server.container
        path = re.sub(r"^/v[\d.]+", "", self.path.split("?")[0])
        word = re.fullmatch(r"/containers/([^/]+)/json", path)
        if path == "/containers/json":
            return self.say(200, [container.summary()])
        if word and (word[1] in container.names() or container.identity.startswith(word[1])):
            return self.say(200, container.details())
        return self.say(404, {"message": "No such container"})

    def say(self, status, value):
        octets = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass


class Docker(socketserver.ThreadingUnixStreamServer):
    """Serves at `path` until the process ends. Only root may ask, as docker has it."""

    daemon_threads = True

    def __init__(self, path, container):
        self.container = container
        super().__init__(path, Answer)
        os.chmod(path, 0o660)
        threading.Thread(target=self.serve_forever, daemon=True).start()
