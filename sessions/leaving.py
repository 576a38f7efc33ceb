"""A town leaves a programme: its residents keep what they have, the seats kept for it are open to all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Municipality, User
from programs import sharing
from programs.models import Partnership, Program
from sessions import waiting_list
from sessions.models import Course, Registration, SeatQuota
from sessions.models.courses import CourseQuerySet
from sessions.registration import lock_course

State = Registration.State


class Problem(models.TextChoices):
    DRAW = "draw", _("The entries of a draw are settled. The town can leave once its result is published.")


@dataclass(frozen=True)
class Stake:
    """What a town has in a course still to come, in people and in seats kept for them."""

    course: Course
    counts: Counter[str]
    quota: int
    is_host: bool

    @property
    def seated(self) -> int:
        return self.counts[State.CONFIRMED]

    @property
    def offered(self) -> int:
        return self.counts[State.OFFERED]

    @property
    def waiting(self) -> int:
        return self.counts[State.WAITING]

    @property
    def applied(self) -> int:
        return self.counts[State.APPLIED]

    @property
    def given_back(self) -> int:
        """Seats kept for the town in which none of its residents sits; once released, none is kept."""
        free = self.quota - self.seated - self.offered
        return 0 if self.course.quota_is_released else max(0, free)


def coming(program: Program) -> CourseQuerySet:
    return Course.objects.not_over().filter(program=program)


def stakes_of(program: Program, town: Municipality) -> list[Stake]:
    """The courses to come in which the town has people, a quota, or which it holds."""
    courses = list(coming(program).order_by("starts_at", "pk"))
    live = Registration.objects.live().of(town).filter(course__in=courses).order_by()
    counts: dict[int, Counter[str]] = {}
    for course, state, people in live.values_list("course", "state").annotate(Count("pk")):
        counts.setdefault(course, Counter())[state] = people
    kept = SeatQuota.objects.filter(course__in=courses, municipality=town)
    quotas = dict(kept.values_list("course", "seats"))
    stakes = [
        Stake(each, counts.get(each.pk, Counter()), quotas.get(each.pk, 0), each.host_id == town.pk)
        for each in courses
    ]
    return [stake for stake in stakes if stake.counts or stake.quota or stake.is_host]


def leave(partnership: Partnership, *, by: User) -> Partnership | sharing.Problem | Problem:
    """The town takes part no longer. Its residents keep their seats, offers, applications and places in line.
    The seats kept for the town go to the common ones at once, and so does, later, each that a resident gives
    up; what is free is offered to those in line."""
    with transaction.atomic():
        outcome = sharing.withdraw(partnership, by=by)
        if not isinstance(outcome, Partnership):
            return outcome
        courses = [lock_course(course) for course in coming(outcome.program).order_by("pk")]
        if any(course.draw_is_under_way for course in courses):
            transaction.set_rollback(True)
            return Problem.DRAW
        give_back(courses, outcome.municipality, by=by)
    return outcome


def give_back(courses: Sequence[Course], town: Municipality, *, by: User) -> None:
    """End the quota of a town in these courses, which are locked. What its residents hold of it counts among the
    common seats from now on, which grow by as much: no seat is lost and nobody else's is touched."""
    for course in courses:
        ended, _rows = course.quotas.filter(municipality=town).delete()
        if ended:
            audit.record("course.seats_changed", course, by=by, municipality=course.host)
            waiting_list.offer_free_seats(course)
