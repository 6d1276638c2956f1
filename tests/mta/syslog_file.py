"""What a syslog daemon does for programs that only know syslog(3): /dev/log, written to a file as rsyslog does by default."""

import os
import re
import socket
import threading


class SyslogFile:
    def __init__(self, socket_path, file_path, host):
        self.host = host
        self.out = open(file_path, "wb", buffering=0)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(socket_path)
        os.chmod(socket_path, 0o666)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            line = self.socket.recv(65536).rstrip(b"\0\n")
            # RFC 3164: <priority>Mmm dd hh:mm:ss tag[pid]: text; a local program leaves the host to the daemon
            found = re.match(rb"<\d+>(.{15}) (.*)", line, re.DOTALL)
            if found:
                text = re.sub(rb"[\x00-\x1f\x7f]", lambda byte: b"#%03o" % byte[0][0], found[2])
                self.out.write(found[1] + b" " + self.host.split(".")[0].encode() + b" " + text + b"\n")
