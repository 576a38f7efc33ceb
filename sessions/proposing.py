"""Which near-empty classes of neighbouring towns could be held together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from programs.distance import km_between
from sessions.models import ClassSession, Course, Registration

APART = timedelta(days=14)
COUNTED = (*Registration.SEATED, Registration.State.APPLIED)


class MergeProblem(models.TextChoices):
    """Why two classes are not held together: one plain sentence each."""

    SAME = "same", _("This is one and the same class. Please choose two.")
    OFF = "off", _("One of the two classes has been called off or is held together with another already.")
    CLOSED = "closed", _("Applications for one of the two classes are closed by now.")
    DRAWN = "drawn", _("Lots are being drawn or have been drawn for one of the two classes.")
    UNLIKE = "unlike", _("The two classes are too different to be held together.")
    FULL = "full", _("There is no room for everybody in one class any more.")
    BUSY = "busy", _("People are applying at this moment. Please try again.")


@dataclass(frozen=True)
class Side:
    """One of two classes: its sessions still to come, and who has applied to it or has a seat."""

    course: Course
    coming: list[ClassSession]
    people: frozenset[int]

    @property
    def first(self) -> ClassSession:
        return self.coming[0]

    @property
    def seated(self) -> int:
        return len(self.people)

    @property
    def is_near_empty(self) -> bool:
        return self.seated * 2 < self.course.capacity

    @property
    def room(self) -> int:
        return min([self.course.capacity, *(each.venue.capacity for each in self.coming)])

    def takes_in(self, other: "Side") -> bool:
        """Whether everybody of both fits; who has applied to both counts once."""
        return len(self.people | other.people) <= self.room


@dataclass(frozen=True)
class Proposal:
    """Two classes that could be one: `into` is the one the people of the other would come to."""

    gone: Side
    into: Side
    km: float
    works_both_ways: bool

    @property
    def deadline(self) -> datetime:
        """By then applications for one of them close."""
        return min(self.gone.course.takes_until, self.into.course.takes_until)

    @property
    def km_label(self) -> str:
        return f"{self.km:.1f}"

    @property
    def together(self) -> int:
        return len(self.gone.people | self.into.people)


def proposals(town: Municipality) -> list[Proposal]:
    """Pairs of near-empty classes in the programmes of the town, the most pressing first; in a steady number of
    queries."""
    now = timezone.now()
    courses = (
        Course.objects.visible_to(town)
        .published()
        .filter(by_slot=False, is_listed=True, merged_into=None, closes_at__gt=now, starts_at__gt=now)
    )
    alike: defaultdict[tuple[int, str], list[Side]] = defaultdict(list)
    for side in sides_of(courses):
        if side.is_near_empty:
            alike[side.course.program_id, side.course.allocation].append(side)
    pairs = (pair for sides in alike.values() for pair in combinations(sides, 2))
    found = [proposal for one, other in pairs if (proposal := propose(one, other)) is not None]
    return sorted(found, key=lambda each: (each.deadline, each.km, each.gone.course.pk, each.into.course.pk))


def sides_of(courses: models.QuerySet[Course]) -> list[Side]:
    """Those of the courses that have a session still to come, in two queries."""
    rows = ClassSession.objects.filter(course__in=courses, cancelled_at=None, starts_at__gt=timezone.now())
    named = ("venue__municipality", "course__program__lead", "course__host", "course__curriculum", "course__draw")
    coming: defaultdict[int, list[ClassSession]] = defaultdict(list)
    for row in rows.select_related(*named).order_by("starts_at", "pk"):
        coming[row.course_id].append(row)
    people = people_of(coming)
    return [Side(rows[0].course, rows, people[key]) for key, rows in coming.items()]


def people_of(keys: Iterable[int]) -> dict[int, frozenset[int]]:
    """Keys of those with a seat, an offer or a ticket, by course key."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Registration.objects.filter(course__in=keys, state__in=COUNTED).order_by()
    for course, person in rows.values_list("course", "participant"):
        found[course].add(person)
    return {key: frozenset(found[key]) for key in keys}


def propose(one: Side, other: Side) -> Proposal | None:
    """The larger class takes in the smaller, of two alike the earlier; the other way round if only that fits."""
    if one.course.host_id == other.course.host_id or why_unlike(one, other) is not None:
        return None
    km = km_between(one.first.venue, other.first.venue)
    if km is None or km > one.course.program.merge_km:
        return None
    into, gone = sorted((one, other), key=lambda side: (-side.seated, side.first.starts_at, side.course.pk))
    ways = [(gone, into)] if into.takes_in(gone) else []
    ways += [(into, gone)] if gone.takes_in(into) else []
    if not ways:
        return None
    return Proposal(*ways[0], km=km, works_both_ways=len(ways) == 2)


def why_unlike(one: Side, other: Side) -> MergeProblem | None:
    """Why two classes cannot be one, room apart."""
    if one.course.pk == other.course.pk:
        return MergeProblem.SAME
    for course in (one.course, other.course):
        if not course.is_published or course.merged_into_id is not None:
            return MergeProblem.OFF
        if course.closes_at <= timezone.now() or course.has_started:
            return MergeProblem.CLOSED
        if not course.is_first_come and hasattr(course, "draw"):
            return MergeProblem.DRAWN
    return None if are_alike(one, other) else MergeProblem.UNLIKE


def are_alike(one: Side, other: Side) -> bool:
    a, b = one.course, other.course
    same_lesson = a.curriculum_id == b.curriculum_id or (
        (a.curriculum.kind, a.curriculum.topic) == (b.curriculum.kind, b.curriculum.topic)
    )
    return (
        a.program_id == b.program_id
        and not (a.by_slot or b.by_slot)
        and a.is_listed
        and b.is_listed
        and a.allocation == b.allocation
        and same_lesson
        and len(one.coming) == len(other.coming) > 0
        and abs(one.first.starts_at - other.first.starts_at) <= APART
    )


def may_merge(town: Municipality, one: Course, other: Course) -> bool:
    """The lead of the programme, or the town that holds both."""
    return one.program.lead_id == town.pk or one.host_id == other.host_id == town.pk
