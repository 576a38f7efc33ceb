"""A programme in figures: its towns, their seats, who came and what it cost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from programs.expenses import paid_by_town
from programs.models import Partnership, Program
from programs.sharing import bodies_of
from sessions.costs import attendance_of
from sessions.models import ClassSession, Registration
from sessions.models.courses import CourseQuerySet
from sessions.roster import Place, places_of
from sessions.rota import NONE, Hours, hours_by_town, total_hours

State = Registration.State


@dataclass(frozen=True)
class TownLine:
    """One town in the programme: seats of its residents, how often they came, what it gave."""

    place: Place
    role: str
    seated: int
    waiting: int
    came: int
    hours: Hours
    paid: int


@dataclass(frozen=True)
class Overview:
    towns: Sequence[TownLine]
    courses: int
    sessions_held: int
    sessions_coming: int
    came_until: date | None

    @property
    def seated(self) -> int:
        return sum(line.seated for line in self.towns)

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.towns)

    @property
    def came(self) -> int:
        return sum(line.came for line in self.towns)

    @property
    def paid(self) -> int:
        return sum(line.paid for line in self.towns)

    @property
    def hours(self) -> Hours:
        return total_hours(line.hours for line in self.towns)


def overview_of(program: Program, courses: CourseQuerySet) -> Overview:
    """Figures over the courses that may be seen; people as counts, in a steady number of queries."""
    shown = courses.published()
    seats = Registration.objects.filter(course__in=shown, state__in=[*Registration.SEATED, State.WAITING])
    counts: Counter[tuple[int, bool]] = Counter()
    for town, state, people in seats.order_by().values_list("municipality", "state").annotate(Count("pk")):
        counts[town, state == State.WAITING] += people
    held = ClassSession.objects.filter(course__in=shown, cancelled_at=None).aggregate(
        over=Count("pk", filter=Q(ends_at__lte=timezone.now())),
        coming=Count("pk", filter=Q(ends_at__gt=timezone.now())),
    )
    came, until = attendance_of(program)
    hours, paid = hours_by_town(program=program), paid_by_town(program)
    states = {each.municipality_id: each for each in program.partnerships.all()}
    lines = [
        TownLine(
            place=place,
            role=role_of(program, states.get(key)),
            seated=counts[key, False],
            waiting=counts[key, True],
            came=came[key],
            hours=hours.get(key, NONE),
            paid=paid.get(key, 0),
        )
        for key, place in places_of(bodies_of(program)).items()
    ]
    return Overview(lines, shown.count(), held["over"], held["coming"], until)


def role_of(program: Program, partnership: Partnership | None) -> str:
    lead = str(Program._meta.get_field("lead").verbose_name)
    return lead if partnership is None else str(partnership.get_state_display())
