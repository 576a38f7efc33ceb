"""The page of a consultation day: the queue in time order, whose turn it is, and what was asked about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership
from programs.models import Curriculum
from sessions.attendance import ABSENT, Standing
from sessions.models import Attendance, Consultation, Course, Registration
from sessions.roster import Place, places_of, towns_of_course

Way = Consultation.Way


@dataclass(frozen=True)
class Turn:
    """One person's turn; a booking that nobody has finished has no consultation yet."""

    at: datetime
    place: Place
    is_own: bool
    consultation: Consultation | None
    registration: Registration | None
    standing: Standing = Standing.UNKNOWN

    @property
    def key(self) -> str:
        """How the page names it: "b12" is booking 12, "c7" consultation 7."""
        if self.consultation is not None:
            return f"c{self.consultation.pk}"
        return f"b{self.registration.pk}" if self.registration is not None else ""

    @property
    def keys(self) -> set[str]:
        return {self.key} | ({f"b{self.registration.pk}"} if self.registration is not None else set())

    @property
    def subject(self) -> Consultation | Registration | None:
        return self.consultation or self.registration

    @property
    def way(self) -> Consultation.Way:
        return Way(self.consultation.way) if self.consultation is not None else Way.BOOKED

    @property
    def is_done(self) -> bool:
        return self.consultation is not None and self.consultation.done_at is not None

    @property
    def is_absent(self) -> bool:
        return self.standing in {mark.value for mark in ABSENT}

    @property
    def is_open(self) -> bool:
        return not self.is_done and not self.is_absent

    @property
    def is_call_back(self) -> bool:
        return self.way == Way.CALL_BACK

    @property
    def phone(self) -> str:
        """The number to call, of own residents only."""
        return self.consultation.phone if self.consultation is not None and self.is_own else ""

    @property
    def age_band(self) -> str:
        if self.consultation is None:
            return ""
        return str(self.consultation.get_age_band_display()) if self.consultation.age_band else ""

    @property
    def needs(self) -> list[str]:
        if self.registration is None:
            return []
        person = self.registration.participant
        return [*person.needs_labels, *filter(None, [person.needs_note])]


@dataclass(frozen=True)
class Queue:
    turns: Sequence[Turn]
    current: Turn | None
    topics: Sequence[tuple[str, int]]
    outcomes: Sequence[tuple[str, int]]

    @property
    def waiting(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.is_open]

    @property
    def ended(self) -> list[Turn]:
        return [turn for turn in self.turns if not turn.is_open]

    @property
    def done(self) -> int:
        return sum(turn.is_done for turn in self.turns)

    def find(self, key: str) -> Turn | None:
        """By its name on the page, or the one it had there as a booking before somebody finished it."""
        return next((turn for turn in self.turns if key in turn.keys), None)


def queue_of(course: Course, membership: Membership, *, chosen: str = "") -> Queue:
    """Booked slots and those who joined, in the order of time; `chosen` or the first open one is at the table."""
    places = places_of(towns_of_course(course))
    turns = sorted([*joined(course, membership, places), *booked(course, membership, places)], key=in_order)
    open_turns = [turn for turn in turns if turn.is_open]
    current = next((turn for turn in open_turns if turn.key == chosen), next(iter(open_turns), None))
    finished = [turn.consultation for turn in turns if turn.consultation is not None and turn.is_done]
    topics = Counter(each.topic for each in finished)
    outcomes = Counter(each.outcome for each in finished)
    return Queue(
        turns,
        current,
        [(str(topic.label), topics[topic.value]) for topic in Curriculum.Topic if topics[topic.value]],
        [(str(outcome.label), outcomes[outcome.value]) for outcome in Consultation.Outcome],
    )


def in_order(turn: Turn) -> tuple[datetime, str]:
    return turn.at, turn.key


def joined(course: Course, membership: Membership, places: dict[int, Place]) -> list[Turn]:
    rows = Consultation.objects.filter(class_session__course=course).select_related(
        "municipality", "registration__participant", "class_session"
    )
    return [
        Turn(
            at=row.queued_at,
            place=places.get(row.municipality_id) or Place(row.municipality, "0"),
            is_own=row.municipality_id == membership.municipality_id,
            consultation=row,
            registration=row.registration,
        )
        for row in rows
    ]


def booked(course: Course, membership: Membership, places: dict[int, Place]) -> list[Turn]:
    rows = course.registrations.confirmed().filter(consultation=None, class_session__cancelled_at=None)
    marks = dict(
        Attendance.objects.filter(class_session__course=course).values_list("registration", "mark").order_by()
    )
    return [
        Turn(
            at=row.class_session.starts_at,
            place=places.get(row.municipality_id) or Place(row.municipality, "0"),
            is_own=row.municipality_id == membership.municipality_id,
            consultation=None,
            registration=row,
            standing=Standing(marks.get(row.pk, Standing.UNKNOWN)),
        )
        for row in rows.select_related("participant", "municipality", "class_session")
        if row.class_session is not None
    ]
