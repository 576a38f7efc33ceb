"""座席表: one table for each helper. Those who need it sit at the front, people who come together side by side,
and like telephones near each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from participants.models import Device, Need
from sessions.models import ClassSession, Course
from sessions.papers.heads import footer_of, place_label, when_label
from sessions.papers.marks import device_mark, device_of, legend_of
from sessions.papers.press import Paper
from sessions.roster import Roster, RosterRow

ACROSS = 2
SMALLEST, LARGEST = 2, 6
FRONT_SEATS = 2
AT_THE_FRONT = {Need.FRONT_SEAT, Need.WRITING, Need.SIGN}


@dataclass(frozen=True)
class Guest:
    """Somebody who needs a chair; a companion has no row of their own."""

    number: int = 0
    row: RosterRow | None = None

    @property
    def sits_in_front(self) -> bool:
        return self.row is not None and bool(AT_THE_FRONT & set(self.row.registration.participant.needs))


@dataclass
class Table:
    """Seats from the front, two beside each other; None is free."""

    size: int
    seats: list[Guest | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seats = [None] * self.size

    def free(self, among: range) -> list[int]:
        return [place for place in among if self.seats[place] is None]

    def seat(self, guests: Sequence[Guest], among: range) -> bool:
        """All of them or none."""
        places = self.free(among)
        if len(places) < len(guests):
            return False
        for place, guest in zip(places, guests, strict=False):
            self.seats[place] = guest
        return True


def groups_of(rows: Sequence[RosterRow]) -> list[list[Guest]]:
    """Who sits together: a person with their companion, and those who applied together."""
    numbered = list(enumerate(rows, start=1))
    together = sorted(numbered, key=lambda pair: str(pair[1].registration.party or f"~{pair[0]:06}"))
    groups = []
    for _party, pairs in groupby(together, key=lambda pair: pair[1].registration.party or pair[0]):
        group: list[Guest] = []
        for number, row in pairs:
            group.append(Guest(number, row))
            if Need.COMPANION in row.registration.participant.needs:
                group.append(Guest())
        groups.append(group)
    return sorted(groups, key=order_of)


def order_of(group: Sequence[Guest]) -> tuple[bool, int, int]:
    """Those for the front first, then by telephone, then as in the roster."""
    first = group[0]
    device = device_of(first.row.registration.participant) if first.row else Device.UNKNOWN
    in_front = any(guest.sits_in_front for guest in group)
    return not in_front, 0 if in_front else list(Device).index(device), first.number


def arrange(groups: Sequence[Sequence[Guest]], size: int) -> list[Table]:
    """Tables from the front left; a group larger than a table is divided."""
    parts = [group[start : start + size] for group in groups for start in range(0, len(group), size)]
    tables = [Table(size) for _number in range(-(-sum(map(len, parts)) // size))]
    for part in parts:
        in_front = any(guest.sits_in_front for guest in part)
        front = tables[:ACROSS] if in_front else []
        taken = any(table.seat(part, range(min(FRONT_SEATS, size))) for table in front)
        taken = taken or any(table.seat(part, range(size)) for table in tables)
        if not taken:
            tables.append(Table(size))
            tables[-1].seat(part, range(size))
    return tables


def seating_plan(course: Course, roster: Roster, chosen: ClassSession | None, *, is_large: bool) -> Paper:
    size = max(SMALLEST, min(course.program.helper_ratio, LARGEST))
    tables = arrange(groups_of(roster.rows), size)
    title = _("Seating plan")
    content = {
        "footer": footer_of(course, title),
        "when": f"{course.title} {when_label(chosen)} {place_label(chosen.venue)}" if chosen else course.title,
        "front_words": _("Front: screen and teacher"),
        "across": ACROSS,
        "size": size,
        "tables": [
            {
                "name": _("Table %(number)s") % {"number": number},
                "seats": [seat_of(guest) for guest in table.seats],
            }
            for number, table in enumerate(tables, start=1)
        ],
        "devices": legend_of(row.registration.participant for row in roster.rows),
        "after": _("A thick frame: asked for a seat at the front. Numbers are those of the reception book.")
        + " "
        + _("Hand this sheet back to the office after the class; it holds personal data."),
        "nobody": _("Nobody has a seat yet."),
    }
    return Paper("seating", title, timezone.localdate(), is_large, len(roster.rows), content)


def seat_of(guest: Guest | None) -> dict[str, Any]:
    row = guest.row if guest else None
    if guest is None or row is None:
        name = _("Free seat") if guest is None else _("Companion")
        return {"empty": True, "front": False, "name": name, "number": "", "device": None, "kana": ""}
    person = row.registration.participant
    return {
        "empty": False,
        "front": guest.sits_in_front,
        "name": str(person),
        "number": str(guest.number),
        "device": device_mark(device_of(person)),
        "kana": person.kana if person.name else "",
    }
