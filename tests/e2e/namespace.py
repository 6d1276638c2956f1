"""A network of our own: user, network and PID namespaces by unshare(1), addresses by rtnetlink.

Everything started inside ends with the first process, for it is the PID namespace's init.
"""

import fcntl
import ipaddress
import os
import shutil
import socket
import struct
import subprocess

UNSHARE = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"]

# linux/rtnetlink.h, linux/if_addr.h, linux/sockios.h
RTM_NEWADDR = 20
NLM_F_REQUEST, NLM_F_ACK, NLM_F_EXCL, NLM_F_CREATE = 0x1, 0x4, 0x200, 0x400
NLMSG_ERROR = 2
IFA_ADDRESS, IFA_LOCAL = 1, 2
IFA_F_NODAD = 0x02
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def refused():
    """Why no namespace can be had here, or None."""
    if not shutil.which("unshare"):
        return "unshare (util-linux) is missing"
    trial = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True)
    return None if trial.returncode == 0 else (trial.stderr.strip() or "unshare failed").splitlines()[-1]


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sH14x", b"lo", 0)
        name, flags = struct.unpack("16sH14x", fcntl.ioctl(handle, SIOCGIFFLAGS, request))
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sH14x", name, flags | IFF_UP))


def own(addresses):
    """Puts each address on the loopback interface, as a /32 or /128 of its own, without duplicate detection."""
    index = socket.if_nametoindex("lo")
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.bind((0, 0))
        for sequence, address in enumerate(sorted(set(addresses)), start=1):
            octets = ipaddress.ip_address(address).packed
            family = socket.AF_INET if len(octets) == 4 else socket.AF_INET6
            body = struct.pack("=BBBBI", family, len(octets) * 8, IFA_F_NODAD, 0, index)
            for kind in (IFA_LOCAL, IFA_ADDRESS):
                body += struct.pack("=HH", 4 + len(octets), kind) + octets
            flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL
            netlink.send(struct.pack("=IHHII", 16 + len(body), RTM_NEWADDR, flags, sequence, 0) + body)
            reply = netlink.recv(4096)
            (kind,) = struct.unpack_from("=H", reply, 4)
            (error,) = struct.unpack_from("=i", reply, 16)
            if kind == NLMSG_ERROR and error != 0:
                raise OSError(-error, f"cannot own {address}: {os.strerror(-error)}")
