"""What doctor must say on which host. `finds` are all findings of the host, by id; what is not named must not fire."""

from dataclasses import dataclass, field

TO_RECEIVERS = ("--dest", "v4.receiver.example", "--dest", "v6.receiver.example")
ORDINARY_USER = 1000


@dataclass
class Story:
    name: str
    on: str                     # a host of stories_hosts.py
    exit: int = 0
    finds: dict = field(default_factory=dict)
    words: tuple = TO_RECEIVERS
    user: int = 0
    known: dict = field(default_factory=dict)  # by family: how it is known what receivers see, where it is not the interface
    says: tuple = ()            # in what is printed for a person, on either stream
    unsaid: tuple = ()          # must not be printed
    inside: bool = False        # doctor runs in the container, not on its host
    seen: bool = True           # what doctor predicts is compared with what receivers saw
    outcome: str = ""           # of the mail that --observe sends


def observe(recipient):
    return ("--observe", "--yes", "--send-to", recipient)


E, W, I = "error", "warning", "info"
NAT = {"source_behind_nat": I}
MAILCOW = {"ipv6_source_without_ptr": E, "unexpected_source": E, **NAT}
STORIES = [
    # ---- A random source, and those that look like one ----
    Story("a static address", "static"),
    Story("a temporary address", "temporary", 1, {"random_ipv6_source": E, "unexpected_source": E, "ipv6_source_without_ptr": E},
          says=("use_tempaddr=0",), unsaid=("IN PTR",)),  # a name for an address of one day helps nobody
    Story("an advertised address", "advertised", 1, {"random_ipv6_source": E, "ipv6_source_without_ptr": E}),
    Story("temporary addresses, but bound", "bound"),
    # ---- Which of two addresses ----
    Story("the kernel takes the other address", "two", 1, {"unexpected_source": E}),
    Story("two addresses, the right one bound", "chosen"),
    # ---- What /etc/hosts says ----
    Story("a hosts file that agrees", "agrees"),
    Story("a hosts file that lies", "lie", 0, {"local_resolver_differs": W}, says=("/etc/hosts:3",)),
    Story("cloud-init's hosts file", "cloud", 0, {"local_resolver_differs": W}, says=("/etc/hosts:9", "cloud-init")),
    # ---- Containers and NAT ----
    Story("a container behind NAT", "docker", 0, NAT, known={4: "nat", 6: "nat"}),
    Story("the same, told what receivers see", "docker", 0, NAT, (*TO_RECEIVERS, "--public", "203.0.113.30", "--public", "2001:db8:30::25"),
          known={4: "option", 6: "option"}),
    Story("the container, by the name of its host", "docker", 0, NAT, (*TO_RECEIVERS, "--container", "docker.example.org"), known={4: "nat", 6: "nat"}),
    Story("mailcow: SNAT to an address without PTR", "mail.example.com", 1,
          MAILCOW, known={4: "helo", 6: "bounces"}),
    Story("inside the container itself", "docker", 0, NAT, known={4: "helo", 6: "helo"}, inside=True),
    Story("mailcow, by the container's name", "mail.example.com", 1, MAILCOW,
          (*TO_RECEIVERS, "--container", "mailcowdockerized-postfix-mailcow-1"), known={4: "helo", 6: "bounces"}),
    Story("mailcow, by its folder, the rest told", "mail.example.com", 1, MAILCOW,
          (*TO_RECEIVERS, "--config-dir", "/opt/mailcow-dockerized", "--public", "203.0.113.5"), known={4: "option", 6: "bounces"}),
    # ---- One test mail ----
    Story("a test mail that is taken", "agrees", words=observe("observed@accepts.receiver.example"), outcome="sent", seen=False),
    Story("a test mail that is refused", "agrees", words=observe("observed@refuses.receiver.example"), outcome="bounced", seen=False,
          says=("5.7.25",)),
    Story("a test mail out of a container", "docker", 0, NAT, observe("container@v6.receiver.example"), outcome="sent", seen=False),
    Story("a refusal proves what NAT makes of the source", "proven", 0, NAT, observe("proof@refuses.receiver.example"), outcome="bounced",
          seen=False, says=("[2001:db8:31::25]", "what receivers see over IPv6", "as predicted"),
          unsaid=("that IPv6 leaves as",)),
    # ---- Little to see ----
    Story("an ordinary user", "static", user=ORDINARY_USER, says=("Not seen", "sudo")),
    Story("an ordinary user beside a container", "docker", user=ORDINARY_USER, seen=False, says=("A mail server runs here", "sudo fcrdns doctor")),
    Story("an ordinary user, and a closed main.cf", "closed", 2, user=ORDINARY_USER, seen=False, says=("/etc/postfix/main.cf may not be read",)),
    Story("root, and a closed main.cf", "closed"),
    Story("no mail server", "bare", seen=False, says=("There is no mail server here",)),
    Story("a main.cf that is broken", "broken", 2, seen=False, says=("main.cf:4", "Postfix does not run with that")),
    Story("folders where files should be", "folder", 2, seen=False, says=("/etc/postfix/main.cf is no ordinary file",)),
]
