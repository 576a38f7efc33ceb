"""Seats kept for towns that nobody has taken go to everybody: at the time set, or when somebody says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.japanese import date_label
from accounts.models import User
from accounts.templatetags.engawa import clock
from sessions import waiting_list
from sessions.meter import Meter, meter_of
from sessions.models import Course
from sessions.registration import lock_course
from sessions.roster import Place, Ticket


class Problem(models.TextChoices):
    """Why kept seats cannot be released: one plain sentence each."""

    NOTHING_KEPT = "nothing_kept", gettext_lazy("No seats of this class are kept for towns.")
    RELEASED = "released", gettext_lazy("The kept seats have been released already. Nothing has changed.")
    OVER = "over", gettext_lazy("This class is already over.")
    OFF = "off", gettext_lazy("This has already been called off.")
    DRAW = "draw", gettext_lazy("The entries of the draw are settled. Publish its result first.")


@dataclass(frozen=True)
class Released:
    """How many kept seats were free, and how many people in line were offered one."""

    seats: int
    offered: int


def release_now(course: Course, *, by: User | None) -> Released | Problem:
    """Open the kept seats that are free to everybody, before the time that was set for it."""
    with transaction.atomic():
        course = lock_course(course)
        problem = why_not_release(course)
        if problem is not None:
            return problem
        seats = free_kept_seats(meter_of(course))
        course.quota_release_at = timezone.now()
        course.save(update_fields=["quota_release_at"])
        audit.record("course.quota_released", course, by=by, municipality=course.host, seats=seats)
        return Released(seats, waiting_list.offer_free_seats(course))


def why_not_release(course: Course) -> Problem | None:
    if course.cancelled_at is not None:
        return Problem.OFF
    if course.is_over:
        return Problem.OVER
    if course.draw_is_under_way:
        return Problem.DRAW
    if course.quota_is_released:
        return Problem.RELEASED
    return None if course.quotas.filter(seats__gt=0).exists() else Problem.NOTHING_KEPT


def free_kept_seats(meter: Meter) -> int:
    return sum(meter.own(town)[2] for town in meter.towns)


@dataclass(frozen=True)
class Release:
    """What the page of a course says about it: one sentence, and what the button would do."""

    words: str
    is_possible: bool = False
    seats: int = 0
    first: Ticket | None = None


def release_of(course: Course, meter: Meter, line: Sequence[Ticket], places: Mapping[int, Place]) -> Release:
    """`line` and `places` are those of the page, which shows no more of people than the town may see."""
    if course.cancelled_at is not None or not any(meter.seats.quotas.values()):
        return Release("")
    if course.quota_release_at is not None and course.quota_is_released:
        when = f"{date_label(course.quota_release_at)} {clock(course.quota_release_at)}"
        told = _("The kept seats were released on %(when)s: all free seats are open to everybody.")
        return Release(told % {"when": when})
    waiting = next((ticket for ticket in line if ticket.first.is_waiting), None)
    words = planned_words(course, meter, places)
    return Release(words, not course.is_over, free_kept_seats(meter), waiting)


def planned_words(course: Course, meter: Meter, places: Mapping[int, Place]) -> str:
    if course.quota_release_at is None:
        return _("Kept seats that stay free stay with their town.")
    free = [(place, meter.own(key)[2]) for key, place in places.items()]
    told = [_("%(seats)s free seats of %(town)s") % {"seats": n, "town": place.town} for place, n in free if n]
    seats = _(", ").join(told) or _("Kept seats that come free")
    when = f"{date_label(course.quota_release_at)} {clock(course.quota_release_at)}"
    return _("%(seats)s go to everybody on %(when)s.") % {"seats": seats, "when": when}
