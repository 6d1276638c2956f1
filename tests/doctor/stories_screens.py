"""What doctor prints for a person, octet for octet as docs/doctor-stories.md has it; only dates and times are made alike.

FCRDNS_REGENERATE=1 writes it anew.
"""

import os
import re
from dataclasses import dataclass

from stories_table import ORDINARY_USER

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "doctor-stories.md")
TIMES = [(r"\d{4}-\d\d-\d\d", "2026-01-02"), (r"\b\d\d:\d\d:\d\d\b", "12:40:00"), (r"\b\d\d:\d\d\b(?!:)", "12:40")]


@dataclass
class Screen:
    title: str       # its heading on the page
    on: str
    user: int = 0
    words: tuple = ()

    @property
    def command(self):
        return " ".join([*([] if self.user else ["sudo"]), "fcrdns doctor", *self.words])


SCREENS = [
    Screen("A mail host behind docker and NAT", "mail.example.com"),
    Screen("The same, by an ordinary user", "mail.example.com", ORDINARY_USER),
    Screen("The kernel takes the other address", "two"),
    Screen("A hosts file that lies", "lie"),
    Screen("No mail server", "bare"),
    Screen("A main.cf that only root may read", "closed", ORDINARY_USER),
    Screen("A main.cf that is broken", "broken"),
]


def as_block(screen, said):
    """As it stands on the page: indented, times made alike."""
    for pattern, time in TIMES:
        said = re.sub(pattern, time, said)
    return "".join(f"    {line}".rstrip(" ") + "\n" for line in [f"$ {screen.command}", *said.rstrip("\n").split("\n")])


def part_of(page, screen):
    """Where its block stands on the page: (from, to)."""
    heading = re.search(rf"^## {re.escape(screen.title)}$.*?^(?=    \$ )", page, re.MULTILINE | re.DOTALL)
    if not heading:
        return None
    block = re.compile(r"(?:    .*\n|\n(?=\n*    ))+").match(page, heading.end())
    return heading.end(), block.end()


def compare(screen, said):
    """What is wrong with the page, or None."""
    with open(PAGE, encoding="utf-8") as source:
        page = source.read()
    part, block = part_of(page, screen), as_block(screen, said)
    if part and page[part[0]:part[1]] == block:
        return None
    if not os.environ.get("FCRDNS_REGENERATE"):
        return f'docs/doctor-stories.md, "{screen.title}", has it otherwise; FCRDNS_REGENERATE=1 writes it anew. Now:\n{block}'
    if part:
        page = page[:part[0]] + block + page[part[1]:]
    else:
        page += f"\n## {screen.title}\n\n{block}"
    with open(PAGE, "w", encoding="utf-8") as out:
        out.write(page)
    return None
