"""The page of the day: one row per person who is expected or has come, and the counts above them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from participants.kana import kana_key, normalise_kana
from sessions.attendance import ABSENT, Standing, expected
from sessions.models import Attendance, ClassSession, Registration, StaffDuty, receipt_key
from sessions.roster import Place, places_of, towns_of_course


@dataclass(frozen=True)
class DayRow:
    registration: Registration
    place: Place
    is_own: bool
    standing: Standing
    walked_in: bool

    @property
    def is_present(self) -> bool:
        return self.standing == Standing.PRESENT

    @property
    def is_excused(self) -> bool:
        return self.standing == Standing.EXCUSED

    @property
    def is_no_show(self) -> bool:
        return self.standing == Standing.NO_SHOW

    @property
    def is_unknown(self) -> bool:
        return self.standing == Standing.UNKNOWN

    @property
    def needs(self) -> list[str]:
        """What is prepared for the person, whichever town they are from."""
        person = self.registration.participant
        return [*person.needs_labels, *filter(None, [person.needs_note])]


@dataclass(frozen=True)
class Counts:
    """Planned are the booked; heads are people counted without their names."""

    planned: int
    came: int
    absent: int
    walked_in: int
    expected: int
    helpers: int | None
    per_helper: int
    places: int

    @property
    def unknown(self) -> int:
        return self.planned - self.came - self.absent

    @property
    def here(self) -> int:
        return self.came + self.walked_in

    @property
    def supported(self) -> int:
        """How many people the helpers can look after."""
        return (self.helpers or 0) * self.per_helper

    @property
    def helpers_needed(self) -> int:
        return -(-self.here // self.per_helper)

    @property
    def is_short(self) -> bool:
        return self.here > self.supported

    @property
    def ratio_allows_one_more(self) -> bool:
        return self.here < self.supported

    @property
    def room_allows_one_more(self) -> bool:
        return self.expected < self.places


@dataclass(frozen=True)
class Day:
    class_session: ClassSession
    rows: Sequence[DayRow]
    counts: Counts
    query: str = ""
    shown: Sequence[DayRow] = field(default_factory=list)


def day_of(class_session: ClassSession, membership: Membership, *, query: str = "") -> Day:
    """Everybody of the day in the order of kana; `query` shows only those it finds."""
    registrations = expected_in_order(class_session)
    marks = marks_of(class_session)
    walked_in = walked_in_here(class_session, registrations)
    places = places_of(towns_of_course(class_session.course))
    rows = [
        DayRow(
            registration=row,
            place=places.get(row.municipality_id) or Place(row.municipality, "0"),
            is_own=row.municipality_id == membership.municipality_id,
            standing=Standing(marks.get(row.pk, Standing.UNKNOWN)),
            walked_in=row.pk in walked_in,
        )
        for row in registrations
    ]
    shown = [row for row in rows if is_meant(row.registration, query)] if query else rows
    return Day(class_session, rows, count(class_session, registrations, marks, walked_in), query, shown)


def counts_of(class_session: ClassSession) -> Counts:
    registrations = expected_in_order(class_session)
    marks = marks_of(class_session)
    return count(class_session, registrations, marks, walked_in_here(class_session, registrations))


def expected_in_order(class_session: ClassSession) -> list[Registration]:
    rows = list(expected(class_session).select_related("participant", "municipality"))
    return sorted(rows, key=lambda row: (row.participant.kana_key, row.pk))


def marks_of(class_session: ClassSession) -> dict[int, str]:
    return dict(Attendance.objects.filter(class_session=class_session).values_list("registration", "mark"))


def walked_in_here(class_session: ClassSession, registrations: Iterable[Registration]) -> set[int]:
    """Walk-ins whose first session this is: at the later ones of a series they are expected like everybody."""
    walk_ins = [row for row in registrations if row.is_walk_in]
    if not walk_ins:
        return set()
    firsts = (
        Attendance.objects.filter(registration__in=[row.pk for row in walk_ins])
        .order_by()
        .values_list("registration")
        .annotate(Min("class_session__starts_at"))
    )
    began = {row.pk: row.confirmed_at for row in walk_ins} | dict(firsts)
    return {key for key, at in began.items() if at and timezone.localdate(at) == class_session.day}


def count(
    class_session: ClassSession,
    registrations: Sequence[Registration],
    marks: dict[int, str],
    walked_in: set[int],
) -> Counts:
    course = class_session.course
    heads = class_session.headcounts.aggregate(people=Sum("people"))["people"] or 0
    booked = [row for row in registrations if row.pk not in walked_in]
    absent = [row for row in registrations if marks.get(row.pk) in ABSENT]
    capacity = (class_session.seats or 1) if course.by_slot else course.capacity
    return Counts(
        planned=len(booked),
        came=sum(marks.get(row.pk) == Attendance.Mark.PRESENT for row in booked),
        absent=sum(marks.get(row.pk) in ABSENT for row in booked),
        walked_in=heads + sum(marks.get(key) == Attendance.Mark.PRESENT for key in walked_in),
        expected=len(registrations) - len(absent) + heads,
        helpers=helpers_of(class_session),
        per_helper=course.program.helper_ratio,
        places=min(capacity, class_session.venue.capacity),
    )


def helpers_of(class_session: ClassSession) -> int | None:
    """As counted on the day, else as in the rota; None when neither says anything."""
    if class_session.helpers is not None:
        return class_session.helpers
    return class_session.duties.filter(duty=StaffDuty.Duty.WATCHING).count() or None


def is_meant(registration: Registration, query: str) -> bool:
    """By receipt number, or by the beginning of the name in kana or any part of the name."""
    text = query.strip()
    key = receipt_key(text.upper().replace(" ", "").replace("-", ""))
    if key is not None:
        return registration.pk == key
    person = registration.participant
    kana = kana_key(normalise_kana(text))
    return (bool(kana) and person.kana_key.startswith(kana)) or text in person.name


def said_of(registration: Registration, standing: Standing) -> str:
    return _("%(name)s: %(standing)s") % {
        "name": registration.participant.kana,
        "standing": standing.label,
    }
