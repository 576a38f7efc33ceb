"""The draw itself: recorded entries and seed in, result out, all as text, so that anybody can draw again.

The order is that of the priority, the highest first, then of the lot, the SHA-256 of seed and ticket; the tickets
are then served in this order as a waiting list is (`sessions.serving`).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from programs.models import CouplePolicy
from sessions.seats import Seats
from sessions.serving import serve

FORMAT = "engawa-draw 1"
SEAT, LINE = "seat", "line"


@dataclass(frozen=True)
class Entry:
    """One ticket: the receipt numbers of those who come together, their towns, and how early it is drawn."""

    receipts: Sequence[str]
    towns: Sequence[str]
    priority: int = 0

    @property
    def name(self) -> str:
        return "+".join(self.receipts)

    @property
    def line(self) -> str:
        return f"ticket {self.name} {'+'.join(self.towns)} {self.priority}"


@dataclass(frozen=True)
class Entries:
    """All that a draw depends on but the seed; towns by their codes."""

    capacity: int
    quotas: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    is_released: bool = False
    couples: str = CouplePolicy.SKIP_TO_FIT
    priorities: Sequence[str] = ()
    tickets: Sequence[Entry] = ()

    @property
    def text(self) -> str:
        """The one way of writing them down."""
        lines = [
            FORMAT,
            f"capacity {self.capacity}",
            *(f"quota {town} {seats}" for town, seats in sorted(self.quotas.items())),
            *(f"taken {town} {seats}" for town, seats in sorted(self.taken.items()) if seats),
            f"released {'yes' if self.is_released else 'no'}",
            f"couples {self.couples}",
            f"priorities {' '.join(self.priorities)}".strip(),
            *(ticket.line for ticket in sorted(self.tickets, key=lambda ticket: ticket.name)),
        ]
        return "\n".join(lines) + "\n"


def read_entries(text: str) -> Entries:
    """The entries behind their text; ValueError if it is no such text."""
    first, *lines = text.split("\n")
    rows = [line.split(" ") for line in lines if line]
    single = {word: rest for word, *rest in rows if word not in {"ticket", "quota", "taken"}}
    try:
        if first != FORMAT:
            raise ValueError(first)
        return Entries(
            int(single["capacity"][0]),
            {town: int(seats) for _word, town, seats in (row for row in rows if row[0] == "quota")},
            {town: int(seats) for _word, town, seats in (row for row in rows if row[0] == "taken")},
            single["released"] == ["yes"],
            CouplePolicy(single["couples"][0]),
            single["priorities"],
            [
                Entry(receipts.split("+"), towns.split("+"), int(priority))
                for _word, receipts, towns, priority in (row for row in rows if row[0] == "ticket")
            ],
        )
    except (KeyError, IndexError) as error:
        raise ValueError(text) from error


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def drawn(entries_text: str, seed: str) -> str:
    """The result of a draw: a line a ticket, with its rank, whether it gets seats or goes in line, and its lot."""
    entries = read_entries(entries_text)
    lots = {ticket.name: hash_of(f"{seed}:{ticket.name}") for ticket in entries.tickets}
    order = sorted(entries.tickets, key=lambda ticket: (-ticket.priority, lots[ticket.name]))
    keys = {town: key for key, town in enumerate(towns_in(entries))}
    seats = Seats(
        entries.capacity,
        {keys[town]: count for town, count in entries.quotas.items()},
        {keys[town]: count for town, count in entries.taken.items()},
        entries.is_released,
    )
    wanted = [Counter(keys[town] for town in ticket.towns) for ticket in order]
    served = set(serve(wanted, seats, strict_order=entries.couples == CouplePolicy.STRICT_ORDER).served)
    lines = (
        f"{place + 1} {ticket.name} {SEAT if place in served else LINE} {lots[ticket.name]}\n"
        for place, ticket in enumerate(order)
    )
    return "".join(lines)


def towns_in(entries: Entries) -> Iterable[str]:
    return sorted(
        {*entries.quotas, *entries.taken, *(town for ticket in entries.tickets for town in ticket.towns)}
    )


@dataclass(frozen=True)
class Place:
    """What came of one ticket."""

    rank: int
    receipts: Sequence[str]
    has_seat: bool


def read_result(text: str) -> list[Place]:
    """The tickets of a result in their order."""
    rows = (line.split(" ") for line in text.splitlines())
    return [Place(int(rank), name.split("+"), outcome == SEAT) for rank, name, outcome, _lot in rows]
