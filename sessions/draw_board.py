"""What the page of a draw shows: who is in it, what comes next, what came of it, as far as a town may see it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.japanese import moment_label
from accounts.models import Membership
from programs.models import DrawPriority
from sessions.course_words import Words
from sessions.draw import Problem, applied_to, record_of, why_not
from sessions.lots import Entries, read_entries, read_result
from sessions.models import Course, LotteryDraw, Registration, receipt_key
from sessions.occupancy import seats_of
from sessions.priorities import WEIGHTS
from sessions.roster import Place, places_of, towns_of_course
from sessions.seats import Seats
from sessions.waiting_list import tickets

State = Registration.State


@dataclass(frozen=True)
class TownRow:
    """One town in numbers; `quota` is None where no seats are kept for it."""

    place: Place
    people: int
    quota: int | None
    drawn: int


@dataclass(frozen=True)
class TicketRow:
    """People drawn together, in the order of the draw; own residents by name."""

    rank: int
    registrations: Sequence[Registration]
    places: Sequence[Place]
    own: set[int]
    outcome: Words

    @property
    def names(self) -> list[tuple[str, str]]:
        """Receipt number and, of own residents, the name."""
        return [
            (row.receipt_number, str(row.participant) if row.pk in self.own else "") for row in self.registrations
        ]

    @property
    def priority_labels(self) -> list[str]:
        return labels_of(self.registrations[0].priority) if self.registrations else []


@dataclass(frozen=True)
class Board:
    course: Course
    record: LotteryDraw | None
    step: str
    problem: Problem | None
    seats: Seats
    towns: Sequence[TownRow]
    people: int
    groups: int
    favoured: Sequence[str]
    rows: Sequence[TicketRow] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return self.record is not None

    @property
    def is_drawn(self) -> bool:
        return self.record is not None and self.record.drawn_at is not None

    @property
    def is_published(self) -> bool:
        return self.record is not None and self.record.published_at is not None

    @property
    def shows_names(self) -> bool:
        return any(row.own for row in self.rows)


def board_of(course: Course, membership: Membership) -> Board:
    record = record_of(course)
    in_draw = entered(course, record)
    groups = tickets(in_draw.values())
    drawn_ones = (
        {key for place in read_result(record.result) if place.has_seat for key in keys_of(place.receipts)}
        if record
        else set()
    )
    places = places_of(towns_of_course(course))
    seats = seats_of(course)
    applied = Counter(row.municipality_id for row in in_draw.values())
    won = Counter(row.municipality_id for row in in_draw.values() if row.pk in drawn_ones)
    step, problem = why_not(course, record)
    return Board(
        course=course,
        record=record,
        step=step,
        problem=problem,
        seats=seats,
        towns=[
            TownRow(place, applied[key], seats.quotas.get(key), won[key])
            for key, place in places.items()
            if place.town.has_residents
        ],
        people=len(in_draw),
        groups=len(groups),
        favoured=favoured_in(course, record),
        rows=rows_of(record, in_draw, places, membership) if record else [],
    )


def entered(course: Course, record: LotteryDraw | None) -> dict[int, Registration]:
    """Who is in the draw: those in its entries, or while nothing is settled, all who have applied."""
    if record is None:
        return {row.pk: row for row in applied_to(course)}
    keys = [key for ticket in entries_in(record).tickets for key in keys_of(ticket.receipts)]
    return course.registrations.select_related("participant", "municipality").in_bulk(keys)


def entries_in(record: LotteryDraw) -> Entries:
    """The recorded entries; none if somebody has made them unreadable, which `draw.verify` tells."""
    try:
        return read_entries(record.entries)
    except ValueError:
        return Entries(0)


def keys_of(receipts: Sequence[str]) -> list[int]:
    return [receipt_key(receipt) or 0 for receipt in receipts]


def favoured_in(course: Course, record: LotteryDraw | None) -> list[str]:
    """Who is drawn before others; once settled, as it was settled."""
    if record is None:
        return course.program.draw_priority_labels
    return [str(DrawPriority(value).label) for value in entries_in(record).priorities]


def labels_of(priority: int) -> list[str]:
    """What a priority is made of."""
    return [str(each.label) for each, weight in WEIGHTS.items() if priority & weight]


def rows_of(
    record: LotteryDraw, in_draw: Mapping[int, Registration], places: Mapping[int, Place], membership: Membership
) -> list[TicketRow]:
    rows = []
    for place in read_result(record.result):
        members = [in_draw[key] for key in keys_of(place.receipts) if key in in_draw]
        own = {row.pk for row in members if row.municipality_id == membership.municipality_id}
        towns = dict.fromkeys(row.municipality_id for row in members)
        rows.append(
            TicketRow(
                rank=place.rank,
                registrations=members,
                places=[places[town] for town in towns if town in places],
                own=own if membership.can_see_people else set(),
                outcome=Words(_("Drawn"), "ok") if place.has_seat else Words(_("In line"), "wait"),
            )
        )
    return rows


@dataclass(frozen=True)
class PublishedDraw:
    """What everybody may know of a draw."""

    people: int
    seats: int
    seed: str
    hash: str


def published_draw(course: Course) -> PublishedDraw | None:
    record: LotteryDraw | None = getattr(course, "draw", None)
    if record is None or record.published_at is None:
        return None
    entries = entries_in(record)
    people = sum(len(ticket.receipts) for ticket in entries.tickets)
    return PublishedDraw(people, entries.capacity, record.seed, record.entries_hash)


def record_text(course: Course, record: LotteryDraw) -> str:
    """The record as a file: how it was drawn, seed, entries and result. It names nobody."""
    head = [
        f"{course.title} {course.code}",
        _("Entries settled: %(moment)s") % {"moment": moment_label(record.settled_at)},
        _("Lots drawn: %(moment)s") % {"moment": moment_label(record.drawn_at)} if record.drawn_at else "",
        _("Order: the last number of a ticket line, the highest first; then the lot."),
        _("Lot: the SHA-256 of seed, colon and ticket, as in %(example)s.") % {"example": "seed:A0001+A0002"},
        "",
        f"seed {record.seed}",
        f"sha256 {record.entries_hash}",
    ]
    return "\n".join([*head, "", "--- entries ---", record.entries, "--- result ---", record.result])
