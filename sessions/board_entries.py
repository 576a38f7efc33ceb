"""What stands on a day of the calendar board: an entry with its state, its seats and what speaks against it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.japanese import clock_label
from programs.models import Venue
from sessions.conflicts import Kind, conflicts_of
from sessions.course_words import Words, seats_left
from sessions.models import ClassSession, Course, Registration
from sessions.occupancy import seats_of_all, slots_of
from sessions.roster import Place
from sessions.seats import Seats

State = Registration.State


@dataclass(frozen=True)
class Mark:
    """One kind of conflict in a few words."""

    text: str
    is_hard: bool = False


@dataclass(frozen=True)
class Event:
    """One session, or all the slots of a consultation day."""

    sessions: Sequence[ClassSession]
    place: Place
    url: str
    state: Words | None
    seats: Words | None
    part: str
    marks: Sequence[Mark] = ()

    @property
    def course(self) -> Course:
        return self.sessions[0].course

    @property
    def venue(self) -> Venue:
        return self.sessions[0].venue

    @property
    def start(self) -> datetime:
        return self.sessions[0].starts_at

    @property
    def hours(self) -> str:
        return clock_label(self.start, max(row.ends_at for row in self.sessions))

    @property
    def is_off(self) -> bool:
        return is_off(self.sessions[0])

    @property
    def is_draft(self) -> bool:
        return self.course.published_at is None

    @property
    def is_hard(self) -> bool:
        return any(mark.is_hard for mark in self.marks)


@dataclass
class Day:
    day: date
    url: str
    list_url: str
    holiday: str
    closed: str
    is_out: bool
    events: list[Event] = field(default_factory=list)
    more: int = 0
    busy: list[str] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()

    @property
    def is_first(self) -> bool:
        return self.day.day == 1

    @property
    def is_empty(self) -> bool:
        return not self.events and not self.busy

    @property
    def is_red(self) -> bool:
        return self.day.weekday() == 6 or bool(self.holiday)

    @property
    def is_saturday(self) -> bool:
        return self.day.weekday() == 5


class Counts:
    """Seats of the entries that are shown, in a steady number of queries."""

    def __init__(self, rows: Iterable[ClassSession]) -> None:
        shown = list(rows)
        courses = {row.course_id: row.course for row in shown}
        self.seats: Mapping[int, Seats] = seats_of_all(courses.values())
        self.slots = slots_of(row for row in shown if row.course.by_slot)
        self.states: Counter[tuple[int, str]] = Counter()
        in_line = Registration.objects.filter(course__in=courses, state__in=[State.APPLIED, State.WAITING])
        for course, state, count in in_line.values_list("course", "state").annotate(Count("pk")).order_by():
            self.states[course, state] = count
        numbered = ClassSession.objects.filter(course__in=courses).values_list("course")
        self.totals: Mapping[int, int] = dict(numbered.annotate(Count("pk")).order_by())

    def words_for(self, entry: Sequence[ClassSession]) -> Words:
        course, seats = entry[0].course, self.seats[entry[0].course_id]
        if course.by_slot:
            free = min(seats.free, sum(self.slots[row.pk].free for row in entry))
            facts = {"count": len(entry), "free": max(0, free)}
            return Words(_("%(count)s slots, %(free)s free") % facts, "ok" if free > 0 else "plain")
        if course.awaits_draw:
            facts = {"applied": self.states[course.pk, State.APPLIED], "capacity": course.capacity}
            return Words(_("Draw: %(applied)s applied for %(capacity)s seats") % facts)
        return seats_left(seats, self.states[course.pk, State.WAITING])

    def part_of(self, row: ClassSession) -> str:
        total = self.totals.get(row.course_id, 1)
        if row.course.by_slot or total == 1:
            return ""
        return _("Session %(number)s of %(total)s") % {"number": row.number, "total": total}


def is_off(row: ClassSession) -> bool:
    return row.is_cancelled or row.course.cancelled_at is not None


def state_of(entry: Sequence[ClassSession]) -> Words | None:
    """What sets an entry apart from a class that is shown to the public and still to come."""
    if is_off(entry[0]):
        return Words(_("Called off"), "bad")
    if entry[0].course.published_at is None:
        return Words(_("Draft"), "plain")
    return Words(_("Over")) if entry[-1].ends_at <= timezone.now() else None


def marks_of(rows: Iterable[ClassSession]) -> dict[int, list[Mark]]:
    """By key of a session to come what speaks against it: each kind once, and nobody's name."""
    coming = [row for row in rows if not is_off(row) and row.ends_at > timezone.now()]
    words = mark_words()
    return {
        key: [words[kind] for kind in dict.fromkeys(each.kind for each in conflicts) if kind in words]
        for key, conflicts in conflicts_of(coming).items()
    }


def mark_words() -> dict[Kind, Mark]:
    """A holiday is not among them: it stands beside its day."""
    return {
        Kind.VENUE: Mark(_("Venue taken twice"), is_hard=True),
        Kind.PERSON: Mark(_("Somebody is at two places"), is_hard=True),
        Kind.CLOSED: Mark(_("Venue closed")),
        Kind.NEARBY: Mark(_("Like class near by")),
        Kind.HELPERS: Mark(_("Too few helpers")),
    }


def busy_label(start: datetime, end: datetime, *, whole: tuple[datetime, datetime]) -> str:
    return _("all day") if (start, end) == whole else clock_label(start, end)
