"""Counting seats from the rows: the one place that turns registrations, offers and holds into `Seats`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from sessions.models import ClassSession, Course, Registration, SeatHold, SeatQuota
from sessions.seats import Seats

type Held = Mapping[int, Counter[int]]


def seats_of(course: Course, *, class_session: ClassSession | None = None) -> Seats:
    """The seats of a course now, or those of one slot of a consultation day."""
    if class_session is not None:
        return slots_of([class_session])[class_session.pk]
    return seats_of_all([course])[course.pk]


def seats_of_all(courses: Iterable[Course], *, held: Held | None = None) -> dict[int, Seats]:
    """Seats by course key, in three queries whatever the number of courses; `held` spares one of them."""
    rows = list(courses)
    keys = [course.pk for course in rows]
    quotas: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for quota in SeatQuota.objects.filter(course__in=keys):
        quotas[quota.course_id][quota.municipality_id] = quota.seats
    taken: defaultdict[int, Counter[int]] = defaultdict(Counter)
    seated = Registration.objects.booked().filter(course__in=keys)
    for course, town, count in seated.values_list("course", "municipality").annotate(Count("pk")).order_by():
        taken[course][town] += count
    for key, towns in (held_in(keys) if held is None else held).items():
        taken[key].update(towns)
    return {
        course.pk: Seats(course.capacity, quotas[course.pk], taken[course.pk], course.quota_is_released)
        for course in rows
    }


def slots_of(class_sessions: Iterable[ClassSession], *, but_for: User | None = None) -> dict[int, Seats]:
    """Seats by session key of a consultation day; slots have no quotas of their own."""
    rows = list(class_sessions)
    keys = [row.pk for row in rows]
    taken: defaultdict[int, Counter[int]] = defaultdict(Counter)
    seated = Registration.objects.booked().filter(class_session__in=keys)
    for slot, town, count in seated.values_list("class_session", "municipality").annotate(Count("pk")).order_by():
        taken[slot][town] += count
    held = live_holds(Q(class_session__in=keys), but_for=but_for).values_list("class_session", "municipality")
    for slot, town, count in held.annotate(Sum("seats")).order_by():
        taken[slot][town] += count
    return {row.pk: Seats(row.seats or 1, {}, taken[row.pk]) for row in rows}


def live_holds(condition: Q, *, but_for: User | None = None) -> QuerySet[SeatHold]:
    holds = SeatHold.objects.filter(condition, until__gt=timezone.now())
    return holds.exclude(by=but_for) if but_for is not None else holds


def held_in(courses: Iterable[int], *, but_for: User | None = None) -> Held:
    """Seats kept on the telephone, by course key and town; without those of the clerk `but_for`, which are free
    for the caller they are kept for."""
    held: defaultdict[int, Counter[int]] = defaultdict(Counter)
    rows = live_holds(Q(course__in=courses), but_for=but_for).values_list("course", "municipality")
    for course, town, seats in rows.annotate(Sum("seats")).order_by():
        held[course][town] += seats
    return held


def held_by(by: User | None, **condition: object) -> Counter[int]:
    """Seats by town that a clerk keeps at the moment for somebody on the telephone."""
    if by is None:
        return Counter()
    rows = live_holds(Q(by=by, **condition)).values_list("municipality").annotate(Sum("seats")).order_by()
    return Counter(dict(rows))
