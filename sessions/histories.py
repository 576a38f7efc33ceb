"""What somebody has applied for: live applications first, with their place in line, then past ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils import timezone

from participants.models import Participant
from sessions.models import ClassSession, Course, Registration, SeatOffer

State = Registration.State
TONES = {
    State.CONFIRMED: "ok",
    State.OFFERED: "offer",
    State.WAITING: "wait",
    State.APPLIED: "plain",
}


@dataclass(frozen=True)
class Standing:
    """One application as staff read it."""

    registration: Registration
    class_session: ClassSession | None
    sessions_left: int
    position: int | None
    deadline_at: datetime | None

    @property
    def tone(self) -> str:
        return TONES.get(State(self.registration.state), "")

    @property
    def course(self) -> Course:
        return self.registration.course

    @property
    def is_live(self) -> bool:
        return self.registration.is_live and not self.course.is_over

    @property
    def can_be_answered(self) -> bool:
        """Whether a seat is offered and the deadline has not passed."""
        return self.deadline_at is not None and self.deadline_at > timezone.now()


@dataclass(frozen=True)
class History:
    live: Sequence[Standing]
    past: Sequence[Standing]


def histories_of(people: Iterable[Participant]) -> dict[int, History]:
    """Histories by person key, in five queries whatever the number of people and applications."""
    keys = [person.pk for person in people]
    rows = (
        Registration.objects.filter(participant__in=keys)
        .select_related("course__program", "class_session__venue", "municipality")
        .prefetch_related(
            Prefetch("course__class_sessions", ClassSession.objects.select_related("venue")),
            Prefetch("offers", SeatOffer.objects.filter(answer=SeatOffer.Answer.OPEN)),
        )
        .order_by("course__starts_at", "pk")
    )
    positions = positions_in_line({row.course_id for row in rows if row.is_waiting})
    live: defaultdict[int, list[Standing]] = defaultdict(list)
    past: defaultdict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        standing = standing_of(row, positions.get(row.pk))
        (live if standing.is_live else past)[row.participant_id].append(standing)
    return {key: History(live[key], past[key][::-1]) for key in keys}


def standings_of(registrations: Sequence[Registration]) -> list[Standing]:
    """How given applications stand, in the order given."""
    histories = histories_of([row.participant for row in registrations])
    known = {
        standing.registration.pk: standing
        for history in histories.values()
        for standing in [*history.live, *history.past]
    }
    return [known[row.pk] for row in registrations]


def standing_of(registration: Registration, position: int | None) -> Standing:
    sessions = sessions_of(registration)
    offer = next(iter(registration.offers.all()), None)
    return Standing(
        registration,
        sessions[0] if sessions else None,
        len(sessions),
        position,
        offer.deadline_at if offer and registration.is_offered else None,
    )


def sessions_of(registration: Registration) -> list[ClassSession]:
    """The sessions somebody still comes to; of a past application, its last one."""
    if registration.class_session is not None:
        return [registration.class_session]
    held = [row for row in registration.course.class_sessions.all() if not row.is_cancelled]
    now = timezone.now()
    return [row for row in held if row.ends_at > now] or held[-1:]


def positions_in_line(courses: Iterable[int]) -> dict[int, int]:
    """The place of each waiting registration in the line of its course, counted from 1."""
    lines: defaultdict[int, int] = defaultdict(int)
    positions = {}
    for key, course in Registration.objects.filter(course__in=list(courses)).in_line().values_list("pk", "course"):
        lines[course] += 1
        positions[key] = lines[course]
    return positions
