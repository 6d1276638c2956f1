"""The internet of the stories: the network of `fcrdns lab` that this runs in, cables from it to hosts and routers, and the
word that a provider's router gives to hosts (router advertisements, RFC 4861 4.2).
"""

import ipaddress
import socket
import struct
import subprocess

import namespace
import stories_receivers

GATEWAY = "192.0.2.254"  # of every host, over IPv4; over IPv6 it is ours on the cable
GATEWAY6 = "fe80::1"
RESOLVER = "192.0.2.53"  # of the lab


def ip(*lines):
    done = subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        raise OSError(0, done.stderr.strip().splitlines()[0])


class Internet:
    def __init__(self):
        namespace.own([*stories_receivers.RECEIVERS, GATEWAY])
        with open("/proc/sys/net/ipv6/conf/all/forwarding", "w", encoding="ascii") as out:
            out.write("1")  # who does not forward is no router: hosts would forget it (RFC 4861 7.3.3)
        self.seen = stories_receivers.start()
        self.cables = 0

    def connect(self, network, name="eth0"):
        """A cable to the network, which gets a default route over it; the name of our end."""
        self.cables += 1
        own = f"cable{self.cables}"
        ip(f"link add {own} type veth peer name {name} netns {network.pid}", f"link set {own} up",
           f"address add {GATEWAY6}/64 dev {own} nodad")
        network.ip(f"link set {name} up", f"route add default via {GATEWAY} dev {name} onlink")
        return own

    @staticmethod
    def give(network, own, addresses, default6=True, name="eth0"):
        """Addresses with their prefix lengths: from here they lead to the network, which has them as its own."""
        for address in addresses:
            network.ip(f"address add {address} dev {name} {'nodad' if ':' in address else ''}")
            prefix = ipaddress.ip_interface(address).network if ":" in address else address.split("/")[0]
            ip(f"route replace {prefix} dev {own}")
        if default6 and any(":" in address for address in addresses):
            network.ip(f"route replace default via {GATEWAY6} dev {name}")

    @staticmethod
    def lead(prefix, own, via):
        """Over the router at the other end."""
        ip(f"route replace {prefix} via {via} dev {own}")

    @staticmethod
    def advertise(own, prefix):
        """One router advertisement: a prefix to make addresses from, and a default router."""
        net = ipaddress.ip_network(prefix)
        option = struct.pack("!BBBBIII16s", 3, 4, net.prefixlen, 0xC0, 86400, 14400, 0, net.network_address.packed)
        message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + option  # the kernel sets the checksum
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as out:
            out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
            index = socket.if_nametoindex(own)
            out.bind((GATEWAY6, 0, 0, index))
            out.sendto(message, ("ff02::1", 0, 0, index))
        ip(f"route replace {prefix} dev {own}")
