"""What one configuration comes to, cell by cell: as the receivers saw it, and as `fcrdns doctor` predicts it. A cell is one
word, the same in both; "" where it was not tested, or not foretold."""

import csv
import dataclasses
import os

NOTHING = "-"  # no mail leaves that way


@dataclasses.dataclass(frozen=True)
class Cells:
    first: str          # "IPv4", "IPv6", or "by chance" when it is now this one and now that one
    after_450: str      # "goes on" over the other family for the same mail, at once, or "waits"
    after_421: str      # the same, where that stands in place of the greeting
    unreachable: str    # the same, where nobody listens over one family
    source4: str
    source6: str
    helo4: str
    helo6: str

    def __sub__(self, other):
        """[(cell, mine, theirs)] where both were tested and they differ."""
        return [(name, mine, theirs) for name, mine, theirs in zip(NAMES, self.row(), other.row()) if mine and theirs and mine != theirs]

    def row(self):
        return dataclasses.astuple(self)


NAMES = [field.name for field in dataclasses.fields(Cells)]
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "matrix.tsv")


def read():
    """{(server, way): Cells} of the table of what was measured once."""
    with open(TABLE, encoding="utf-8") as rows:
        return {(row["server"], row["way"]): Cells(*(row[name] for name in NAMES))
                for row in csv.DictReader((line for line in rows if not line.startswith("#")), delimiter="\t")}


def seen(mails):
    """`mails`: by receiver, a list for each mail, of the rows that the receivers wrote, in order."""
    rows = [row for each in mails.values() for mail in each for row in mail]
    relayed = any(row["receiver"] == "relay" for row in rows)
    families = {row["family"] for row in rows}
    first = {mail[0]["family"] for mail in mails["takes"] if mail}

    def goes_on(of):
        if len(families) < 2 and not relayed:
            return NOTHING
        return "goes on" if any({4, 6} == {row["family"] for row in mail} for mail in of) else "waits"

    def unreachable():
        if relayed:
            return ""
        other = [mail for family in first for mail in mails[f"deaf{family}"]]
        return NOTHING if len(families) < 2 else "goes on" if all(other) else "waits"

    def one(key, family):
        """Every mail should show the same; the cell shows all that was seen."""
        found = sorted({row[key] for row in rows if row["family"] == family and row["helo"]})
        return " ".join(found) or ("" if relayed and first != {family} else NOTHING)

    return Cells(NOTHING if not first else "by chance" if len(first) > 1 else f"IPv{min(first)}",
                 goes_on(mails["defers"]), goes_on(mails["closes"]) if mails.get("closes") and not relayed else "", unreachable(),
                 one("source", 4), one("source", 6), one("helo", 4), one("helo", 6))


def predicted(ways, destination):
    """Of the JSON of doctor: its paths to that destination."""
    paths = [path for path in ways if path["destination"] == destination and path["turn"] != "never"]
    by_family = {family: [path for path in paths if path["family"] == f"ipv{family}"] for family in (4, 6)}
    turns = {path["turn"] for path in paths}
    first = {path["family"] for path in paths if path["turn"] in ("always", "first", "by_chance")}

    def goes_on(*reasons):
        return NOTHING if len([1 for each in by_family.values() if each]) < 2 else "goes on" if paths[0]["follows"] in reasons else "waits"

    def one(key, family):
        """A name that is computed for each mail is not foretold."""
        found = sorted({path[key] or "" for path in by_family[family]})
        return " ".join(found) if found else NOTHING

    return Cells(NOTHING if not paths else "by chance" if "by_chance" in turns else f"IPv{min(first)[-1]}",
                 goes_on("refusal"), goes_on("refusal", "banner"), goes_on("refusal", "banner", "no_connection"),
                 one("source", 4), one("source", 6), one("helo", 4), one("helo", 6))
